package org.kolotoc.backend.cpu.convolution;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.backend.cpu.gemm.OneDnn;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch.ConvolutionPart;
import org.kolotoc.tensor.Window2d;

/** Both ways of convolving against plain loops in double precision, on the same shapes, with bits that threads don't change. */
final class ConvolverTest {
    private static final Workers ONE = new Workers(1);
    private static final Workers TWO = new Workers(2);
    private static final float UNTOUCHED = -12345.5f;
    /** Floats between images that nobody may touch. */
    private static final int GAP = 5;

    enum Way {
        PATCHES,
        ONE_DNN,
        MIRRORED;

        Optional<Convolver> of(Convolution convolution, Arena arena) {
            if (this == PATCHES) {
                return Optional.of(new PatchConvolver(convolution, arena));
            }
            if (this == MIRRORED) {
                return MirroredConvolver.of(convolution, arena);
            }
            assumeTrue(OneDnn.available(), () -> "not evaluated: oneDNN is absent, " + OneDnn.absence());
            return OneDnnConvolver.of(convolution, arena);
        }
    }

    @AfterAll
    static void closeWorkers() {
        ONE.close();
        TWO.close();
    }

    static List<Arguments> cases() {
        Window2d plain = Window2d.of(1);
        Window2d apart = Window2d.of(2).padded(0, 2, 3, 0).dilated(2);
        List<ConvolutionShape> shapes = List.of(
                shape(1, 1, 1, 1, 1, 1, 1, 1, plain),
                shape(5, 3, 9, 7, 4, 3, 3, 1, plain.padded(1)),
                shape(32, 16, 6, 6, 32, 3, 3, 1, plain.padded(1)),
                shape(9, 32, 8, 5, 16, 4, 4, 1, Window2d.of(2).padded(1)),
                shape(12, 1, 28, 28, 16, 4, 4, 1, Window2d.of(2).padded(1)),
                shape(3, 20, 7, 7, 36, 1, 1, 1, plain),
                shape(2, 128, 41, 50, 6, 1, 1, 2, plain),
                shape(5, 12, 1, 7, 6, 1, 1, 1, Window2d.of(2).padded(1, 0, 0, 0)),
                shape(9, 32, 12, 10, 1, 3, 3, 1, plain.padded(1)),
                shape(4, 20, 9, 8, 3, 3, 2, 1, plain.padded(2, 1, 0, 0).dilated(2)),
                shape(2, 5, 4, 4, 2, 3, 3, 1, plain.padded(3)),
                shape(2, 16, 9, 9, 16, 3, 3, 16, plain.padded(1)),
                shape(4, 6, 11, 8, 9, 2, 3, 3, Window2d.of(2).padded(2, 0, 1, 3).dilated(2)),
                shape(2, 3, 70, 60, 2, 3, 3, 1, plain.padded(1)),
                shape(13, 16, 5, 5, 16, 5, 5, 1, plain),
                shape(3, 2, 11, 71, 5, 4, 4, 1, Window2d.of(2).padded(1)),
                shape(2, 3, 20, 100, 2, 3, 5, 1, apart),
                shape(2, 2, 20, 64, 3, 3, 3, 1, Window2d.of(3).padded(1)),
                shape(8, 64, 6, 6, 128, 4, 4, 1, Window2d.of(2).padded(1)),
                shape(8, 48, 5, 5, 96, 3, 3, 1, plain.padded(1)),
                shape(4, 88, 5, 5, 88, 3, 3, 1, plain.padded(1)));
        List<Arguments> cases = new ArrayList<>();
        for (Way way : Way.values()) {
            for (ConvolutionPart part : ConvolutionPart.values()) {
                for (ConvolutionShape shape : shapes) {
                    cases.add(Arguments.of(way, part, shape));
                }
            }
        }
        return cases;
    }

    private static ConvolutionShape shape(
            int batch, int channels, int height, int width, int filters, int down, int across, int groups, Window2d w) {
        return new ConvolutionShape(
                batch,
                groups,
                channels,
                height,
                width,
                filters,
                w.vertical().count(height, down),
                w.horizontal().count(width, across),
                down,
                across,
                w);
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @MethodSource("cases")
    void agreesWithPlainLoops(Way way, ConvolutionPart part, ConvolutionShape s) {
        try (Arena arena = Arena.ofShared()) {
            Convolution convolution = new Convolution(part, s, s.imageSize() + GAP, s.resultSize() + GAP);
            Optional<Convolver> convolver = way.of(convolution, arena);
            assumeTrue(convolver.isPresent(), "not evaluated: it is no fast way for this shape");
            Operands operands = new Operands(convolution, arena);
            double[] sums = operands.expected();
            float[] one = operands.run(convolver.get(), ONE, arena);
            float[] two = operands.run(convolver.get(), TWO, arena);
            assertArrayEquals(one, two, "two threads");
            assertEquals(one.length, sums.length);
            double largest = 0;
            for (double sum : sums) {
                largest = Double.isNaN(sum) ? largest : Math.max(largest, Math.abs(sum));
            }
            for (int i = 0; i < sums.length; i++) {
                if (Double.isNaN(sums[i])) {
                    assertEquals(UNTOUCHED, one[i], "between images, " + i);
                } else {
                    assertEquals(sums[i], one[i], 1e-6 * (1 + 10 * largest), "element " + i);
                }
            }
        }
    }

    /** The library is for what it is fast at. */
    @Test
    void commonShapesGoToTheLibrary() {
        assumeTrue(OneDnn.available(), () -> "not evaluated: oneDNN is absent, " + OneDnn.absence());
        try (Arena arena = Arena.ofShared()) {
            for (ConvolutionPart part : ConvolutionPart.values()) {
                ConvolutionShape s =
                        shape(8, 32, 14, 14, 64, 3, 3, 1, Window2d.of(1).padded(1));
                Convolution convolution = new Convolution(part, s, s.imageSize(), s.resultSize());
                assertInstanceOf(OneDnnConvolver.class, Convolver.create(convolution, arena));
            }
            ConvolutionShape grey =
                    shape(8, 1, 28, 28, 64, 4, 4, 1, Window2d.of(2).padded(1));
            Convolution first = new Convolution(ConvolutionPart.IMAGES, grey, grey.imageSize(), grey.resultSize());
            assertInstanceOf(PatchConvolver.class, Convolver.create(first, arena));
            ConvolutionShape made =
                    shape(8, 32, 28, 28, 1, 3, 3, 1, Window2d.of(1).padded(1));
            ConvolutionShape pointwise = shape(8, 32, 28, 28, 64, 1, 1, 1, Window2d.of(1));
            for (ConvolutionPart part : ConvolutionPart.values()) {
                Convolution last = new Convolution(part, made, made.imageSize(), made.resultSize());
                assertInstanceOf(MirroredConvolver.class, Convolver.create(last, arena));
                Convolution skip = new Convolution(part, pointwise, pointwise.imageSize(), pointwise.resultSize());
                assertInstanceOf(PatchConvolver.class, Convolver.create(skip, arena));
            }
        }
    }

    /** Patches of all windows would be larger than the images by as many times as a kernel has places. */
    @Test
    void memoryIsBounded() {
        try (Arena arena = Arena.ofShared()) {
            ConvolutionShape s =
                    shape(64, 64, 224, 224, 64, 3, 3, 1, Window2d.of(1).padded(1));
            for (ConvolutionPart part : ConvolutionPart.values()) {
                Convolution convolution = new Convolution(part, s, s.imageSize(), s.resultSize());
                PatchConvolver convolver = new PatchConvolver(convolution, arena);
                long bytes = convolver.scratchBytes() + convolver.workspaceBytes();
                assertTrue(bytes < 4L << 20, part + ": " + bytes);
            }
        }
    }

    /** Images, weights and result; those that are read are filled, the one that is written is not. */
    private static final class Operands {
        private final Convolution convolution;
        private final MemorySegment images;
        private final MemorySegment weights;
        private final MemorySegment result;

        Operands(Convolution convolution, Arena arena) {
            ConvolutionShape s = convolution.shape();
            this.convolution = convolution;
            images = filled(s.batch() * convolution.imageStride(), arena);
            weights = filled(s.weightsSize(), arena);
            result = filled(s.batch() * convolution.resultStride(), arena);
        }

        private static MemorySegment filled(int size, Arena arena) {
            MemorySegment segment = arena.allocate(4L * size, 64);
            Random random = new Random(size);
            for (int i = 0; i < size; i++) {
                segment.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
            return segment;
        }

        private MemorySegment written() {
            return switch (convolution.part()) {
                case RESULT -> result;
                case IMAGES -> images;
                case WEIGHTS -> weights;
            };
        }

        float[] run(Convolver convolver, Workers workers, Arena arena) {
            MemorySegment written = written();
            for (long i = 0; i < written.byteSize() / 4; i++) {
                written.setAtIndex(ValueLayout.JAVA_FLOAT, i, UNTOUCHED);
            }
            int threads = workers.threads();
            long slot = (convolver.scratchBytes() + 63) / 64 * 64;
            ScratchPool scratch = new ScratchPool(threads, slot, dirty(threads * slot, arena));
            long workspace = dirty(convolver.workspaceBytes(), arena);
            Convolver.Call call = convolver.call(threads, arena);
            for (int i = 0; i < 2; i++) {
                call.run(images.address(), weights.address(), result.address(), workspace, workers, scratch);
            }
            return written.toArray(ValueLayout.JAVA_FLOAT);
        }

        /** Full of NaN, which not even a weight of zero makes harmless. */
        private static long dirty(long bytes, Arena arena) {
            return arena.allocate(Math.max(64, bytes), 64).fill((byte) 0xff).address();
        }

        /** NaN where nothing is to be written. */
        double[] expected() {
            ConvolutionShape s = convolution.shape();
            double[] sums = new double[(int) (written().byteSize() / 4)];
            for (int i = 0; i < sums.length; i++) {
                boolean between = switch (convolution.part()) {
                    case RESULT -> i % convolution.resultStride() >= s.resultSize();
                    case IMAGES -> i % convolution.imageStride() >= s.imageSize();
                    case WEIGHTS -> false;
                };
                sums[i] = between ? Double.NaN : 0;
            }
            for (int b = 0; b < s.batch(); b++) {
                for (int w = 0; w < s.weightsSize(); w++) {
                    for (int p = 0; p < s.positions(); p++) {
                        add(sums, b, w, p);
                    }
                }
            }
            return sums;
        }

        private void add(double[] sums, int b, int w, int p) {
            ConvolutionShape s = convolution.shape();
            int filter = w / s.filterSize();
            int channel = filter / s.groupFilters() * s.groupChannels() + w % s.filterSize() / (s.down() * s.across());
            int y = at(s.window().vertical(), p / s.columns(), w / s.across() % s.down());
            int x = at(s.window().horizontal(), p % s.columns(), w % s.across());
            if (y < 0 || y >= s.height() || x < 0 || x >= s.width()) {
                return;
            }
            int image = b * convolution.imageStride() + (channel * s.height() + y) * s.width() + x;
            int out = b * convolution.resultStride() + filter * s.positions() + p;
            switch (convolution.part()) {
                case RESULT -> sums[out] += at(images, image) * at(weights, w);
                case IMAGES -> sums[image] += at(result, out) * at(weights, w);
                case WEIGHTS -> sums[w] += at(images, image) * at(result, out);
            }
        }

        private static int at(Window2d.Axis axis, int position, int place) {
            return position * axis.stride() - axis.low() + place * axis.dilation();
        }

        private static double at(MemorySegment segment, int index) {
            return segment.getAtIndex(ValueLayout.JAVA_FLOAT, index);
        }
    }
}
