package org.kolotoc.backend.cpu.convolution;

import static org.kolotoc.backend.cpu.convolution.Memory.ALL;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.tensor.Window2d;

/**
 * What windows see of an image as a matrix {@code [channels of a group * places, windows]}, whose product with the weights is
 * the convolution (Chellapilla, Puri and Simard, 2006).
 */
record Patches(ConvolutionShape shape) {
    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED;
    private static final int LANES = SPECIES.length();
    private static final FloatVector ZEROS = FloatVector.zero(SPECIES);
    /** Of two vectors the elements with even numbers. */
    private static final VectorShuffle<Float> EVEN = VectorShuffle.makeUnzip(SPECIES, 0);
    /** Elements of two vectors by turns: of their first halves, and of the others. */
    private static final VectorShuffle<Float> LOW = VectorShuffle.makeZip(SPECIES, 0);

    private static final VectorShuffle<Float> HIGH = VectorShuffle.makeZip(SPECIES, 1);

    /**
     * Neighbouring windows of one row, seen at one place.
     *
     * @param image address of what the first of them sees
     * @param patch address of the first of them in the matrix
     */
    @FunctionalInterface
    private interface Run {
        void at(long image, long patch, int count);
    }

    /** Copies what {@code count} windows from {@code first} on see of the channels of a group. */
    void gather(long image, int first, int count, long patches) {
        runs(
                image,
                first,
                count,
                patches,
                switch (stride()) {
                    case 1 -> (from, to, seen) -> copy(from, to, seen);
                    case 2 -> Patches::everySecond;
                    default -> this::scattered;
                },
                true);
    }

    /** The adjoint of {@link #gather}: adds to each element of the image where windows see it. */
    void add(long image, int first, int count, long patches) {
        runs(image, first, count, patches, stride() == 2 ? Patches::addEverySecond : this::addScattered, false);
    }

    private int stride() {
        return shape.window().horizontal().stride();
    }

    private void scattered(long image, long patch, int count) {
        int stride = stride();
        for (int i = 0; i < count; i++) {
            float x = ALL.get(ValueLayout.JAVA_FLOAT, image + 4L * i * stride);
            ALL.set(ValueLayout.JAVA_FLOAT, patch + 4L * i, x);
        }
    }

    private void addScattered(long image, long patch, int count) {
        int stride = stride();
        for (int i = 0; i < count; i++) {
            long at = image + 4L * i * stride;
            float sum = ALL.get(ValueLayout.JAVA_FLOAT, at) + ALL.get(ValueLayout.JAVA_FLOAT, patch + 4L * i);
            ALL.set(ValueLayout.JAVA_FLOAT, at, sum);
        }
    }

    /** Two vectors of the image are one of the matrix. */
    private static void everySecond(long image, long patch, int count) {
        int seen = 2 * count - 1;
        for (int i = 0; i < count; i += LANES) {
            load(image, 2 * i, seen)
                    .rearrange(EVEN, load(image, 2 * i + LANES, seen))
                    .intoMemorySegment(ALL, patch + 4L * i, NATIVE, SPECIES.indexInRange(i, count));
        }
    }

    private static void addEverySecond(long image, long patch, int count) {
        int seen = 2 * count - 1;
        for (int i = 0; i < count; i += LANES) {
            FloatVector more = load(patch, i, count);
            addTo(image, 2 * i, seen, more.rearrange(LOW, ZEROS));
            addTo(image, 2 * i + LANES, seen, more.rearrange(HIGH, ZEROS));
        }
    }

    private static void addTo(long image, int at, int limit, FloatVector more) {
        load(image, at, limit)
                .add(more)
                .intoMemorySegment(ALL, image + 4L * at, NATIVE, SPECIES.indexInRange(at, limit));
    }

    /** Floats from {@code at} on, zeros from {@code limit} on. */
    private static FloatVector load(long address, int at, int limit) {
        return FloatVector.fromMemorySegment(SPECIES, ALL, address + 4L * at, NATIVE, SPECIES.indexInRange(at, limit));
    }

    static void clear(long address, long floats) {
        if (floats > 0) {
            ALL.asSlice(address, 4 * floats).fill((byte) 0);
        }
    }

    static void copy(long from, long to, long floats) {
        MemorySegment.copy(ALL, from, ALL, to, 4 * floats);
    }

    /** @param padded whether the matrix gets zeros where windows see padding */
    private void runs(long image, int first, int count, long patches, Run run, boolean padded) {
        ConvolutionShape s = shape;
        Window2d.Axis vertical = s.window().vertical();
        Window2d.Axis horizontal = s.window().horizontal();
        long line = patches;
        for (int channel = 0; channel < s.groupChannels(); channel++) {
            for (int down = 0; down < s.down(); down++) {
                for (int across = 0; across < s.across(); across++) {
                    int row = first / s.columns();
                    int column = first % s.columns();
                    int done = 0;
                    while (done < count) {
                        int length = Math.min(count - done, s.columns() - column);
                        int y = row * vertical.stride() - vertical.low() + down * vertical.dilation();
                        int x = column * horizontal.stride() - horizontal.low() + across * horizontal.dilation();
                        // The first window that sees an element of the image, and the one behind the last.
                        int from = 0;
                        int to = 0;
                        if (y >= 0 && y < s.height() && x < s.width()) {
                            from = x >= 0 ? 0 : Math.min(length, Math.ceilDiv(-x, horizontal.stride()));
                            to = Math.clamp((s.width() - 1L - x) / horizontal.stride() + 1, from, length);
                        }
                        long patch = line + 4L * done;
                        if (padded) {
                            clear(patch, from);
                            clear(patch + 4L * to, length - to);
                        }
                        if (from < to) {
                            long plane = image + 4L * channel * s.height() * s.width();
                            long seen = plane + 4L * (y * s.width() + x + from * horizontal.stride());
                            run.at(seen, patch + 4L * from, to - from);
                        }
                        done += length;
                        column = 0;
                        row++;
                    }
                    line += 4L * count;
                }
            }
        }
    }
}
