package uk.ac.manchester.tornado.runtime.library.spi;

/** A device whose queues others may use. */
public interface TornadoNativeStreamSupport {
    long getNativeStream(long plan);

    long getNativeContext(long plan);
}
