package uk.ac.manchester.tornado.runtime.common;

/** A loop that a kernel without a {@code KernelContext} marks as parallel. */
public interface ParallelAnnotationProvider {
    int getStart();

    int getLength();

    int getIndex();
}
