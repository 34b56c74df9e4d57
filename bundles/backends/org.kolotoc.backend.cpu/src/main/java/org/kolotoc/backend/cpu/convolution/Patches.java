package org.kolotoc.backend.cpu.convolution;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.tensor.Window2d;

/**
 * What windows see of an image as a matrix {@code [channels of a group * places, windows]}, whose product with the weights is
 * the convolution (Chellapilla, Puri and Simard, 2006).
 */
record Patches(ConvolutionShape shape) {
    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    /**
     * Neighbouring windows of one row, seen at one place.
     *
     * @param image address of what the first of them sees, if it lies inside
     * @param patch address of the first of them in the matrix
     * @param from the first that sees an element of the image; the others see padding
     * @param to behind the last that does
     */
    @FunctionalInterface
    private interface Run {
        void at(long image, long patch, int from, int to, int count);
    }

    /** Copies what {@code count} windows from {@code first} on see of the channels of a group. */
    void gather(long image, int first, int count, long patches) {
        int stride = shape.window().horizontal().stride();
        runs(image, first, count, patches, (from, to, begin, end, length) -> {
            clear(to, begin);
            if (stride == 1) {
                MemorySegment.copy(ALL, from + 4L * begin, ALL, to + 4L * begin, 4L * (end - begin));
            } else {
                for (int i = begin; i < end; i++) {
                    float x = ALL.get(ValueLayout.JAVA_FLOAT, from + 4L * i * stride);
                    ALL.set(ValueLayout.JAVA_FLOAT, to + 4L * i, x);
                }
            }
            clear(to + 4L * end, length - end);
        });
    }

    /** The adjoint of {@link #gather}: adds to each element of the image where windows see it. */
    void add(long image, int first, int count, long patches) {
        int stride = shape.window().horizontal().stride();
        runs(image, first, count, patches, (to, from, begin, end, _) -> {
            for (int i = begin; i < end; i++) {
                long at = to + 4L * i * stride;
                float sum = ALL.get(ValueLayout.JAVA_FLOAT, at) + ALL.get(ValueLayout.JAVA_FLOAT, from + 4L * i);
                ALL.set(ValueLayout.JAVA_FLOAT, at, sum);
            }
        });
    }

    static void clear(long address, long floats) {
        if (floats > 0) {
            ALL.asSlice(address, 4 * floats).fill((byte) 0);
        }
    }

    static void copy(long from, long to, long floats) {
        MemorySegment.copy(ALL, from, ALL, to, 4 * floats);
    }

    private void runs(long image, int first, int count, long patches, Run run) {
        ConvolutionShape s = shape;
        Window2d.Axis vertical = s.window().vertical();
        Window2d.Axis horizontal = s.window().horizontal();
        long line = patches;
        for (int channel = 0; channel < s.groupChannels(); channel++) {
            for (int down = 0; down < s.down(); down++) {
                for (int across = 0; across < s.across(); across++) {
                    int done = 0;
                    while (done < count) {
                        int row = (first + done) / s.columns();
                        int column = (first + done) % s.columns();
                        int length = Math.min(count - done, s.columns() - column);
                        int y = row * vertical.stride() - vertical.low() + down * vertical.dilation();
                        int x = column * horizontal.stride() - horizontal.low() + across * horizontal.dilation();
                        int from = 0;
                        int to = 0;
                        if (y >= 0 && y < s.height() && x < s.width()) {
                            from = x >= 0 ? 0 : Math.min(length, Math.ceilDiv(-x, horizontal.stride()));
                            to = Math.clamp((s.width() - 1L - x) / horizontal.stride() + 1, from, length);
                        }
                        long seen = image + 4L * (((long) channel * s.height() + y) * s.width() + x);
                        run.at(seen, line + 4L * done, from, to, length);
                        done += length;
                    }
                    line += 4L * count;
                }
            }
        }
    }
}
