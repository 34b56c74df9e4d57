package org.kolotoc.backend.cpu.gemm;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.FutureTask;
import java.util.function.BiFunction;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.backend.cpu.threads.Workers;

/** Both ways of multiplying against a triple loop in double precision, on the same shapes. */
final class GemmTest {

    private static final Workers ONE = new Workers(1);
    private static final Workers TWO = new Workers(2);
    /** What stands where no product may write. */
    private static final float UNTOUCHED = -12345.5f;

    enum Way {
        VECTOR((shape, _) -> new VectorGemm(shape)),
        VECTOR_ROW((shape, _) -> new VectorGemv(shape)),
        ONE_DNN((shape, arena) -> new OneDnnGemm(shape, Tiling.of(shape), arena)),
        ONE_DNN_SGEMM((shape, _) -> new OneDnnSgemm(shape)),
        BIASED(Gemm::create);

        private final BiFunction<MatmulShape, Arena, Gemm> maker;

        Way(BiFunction<MatmulShape, Arena, Gemm> maker) {
            this.maker = maker;
        }

        boolean takes(MatmulShape shape) {
            return switch (this) {
                case VECTOR -> shape.epilogue() == Epilogue.NONE;
                case VECTOR_ROW -> VectorGemv.takes(shape);
                case ONE_DNN -> shape.k() > 1 && shape.epilogue() == Epilogue.NONE;
                case ONE_DNN_SGEMM -> OneDnnSgemm.takes(shape);
                case BIASED -> shape.epilogue() == Epilogue.BIAS;
            };
        }

        Gemm create(MatmulShape shape, Arena arena) {
            if (this == ONE_DNN || this == ONE_DNN_SGEMM) {
                assumeTrue(OneDnn.available(), () -> "not evaluated: oneDNN is absent, " + OneDnn.absence());
            }
            return maker.apply(shape, arena);
        }
    }

    @AfterAll
    static void closeWorkers() {
        ONE.close();
        TWO.close();
    }

    static List<Arguments> cases() {
        var shapes = new ArrayList<MatmulShape>();
        int[][] sizes = {
            {1, 1, 1},
            {1, 7, 3},
            {5, 1, 9},
            {2, 3, 1},
            {6, 64, 16},
            {7, 65, 17},
            {13, 31, 33},
            {64, 64, 32},
            {1, 384, 96},
            {1, 200, 700},
            {1, 4200, 33},
            {2, 700, 20},
            {3, 100, 300},
            {3, 1100, 40},
            {11, 64, 513},
            {64, 32, 64},
            {100, 47, 257},
            {193, 130, 40},
            {70, 400, 130},
            {260, 530, 33},
            {300, 65, 128},
            {0, 5, 4},
            {4, 0, 5},
            {6, 16, 0},
            {7, 65, 0}
        };
        for (int[] s : sizes) {
            int m = s[0];
            int n = s[1];
            int k = s[2];
            var plain = MatmulShape.of(m, n, k);
            var aTurned = Strides.rowMajor(m).transposed();
            var bTurned = Strides.rowMajor(k).transposed();
            shapes.add(plain);
            shapes.add(plain.with(Epilogue.BIAS));
            shapes.add(plain.accumulating().withB(bTurned));
            shapes.add(plain.withA(aTurned).withB(bTurned).withC(Strides.rowMajor(n + 9)));
            shapes.add(plain.withA(Strides.rowMajor(m + 5).transposed())
                    .withB(Strides.rowMajor(n + 3))
                    .accumulating());
            shapes.add(plain.withA(Strides.rowMajor(k + 7))
                    .withB(Strides.rowMajor(k + 2).transposed())
                    .withC(Strides.rowMajor(n + 1))
                    .with(Epilogue.BIAS));
        }
        shapes.addAll(attention(3, 2, 16, 8));
        shapes.addAll(attention(2, 4, 64, 32));
        shapes.addAll(attention(1, 3, 7, 5));
        // B shared by the whole batch, and by each outer batch.
        shapes.add(MatmulShape.of(5, 20, 9)
                .batched(2, 3, new Strides(9, 1, 135, 45), new Strides(20, 1, 0, 0), new Strides(20, 1, 300, 100)));
        shapes.add(MatmulShape.of(5, 20, 9)
                .batched(2, 3, new Strides(9, 1, 0, 45), new Strides(20, 1, 180, 0), new Strides(20, 1, 300, 100)));
        shapes.add(MatmulShape.of(5, 20, 9)
                .batched(0, 3, new Strides(9, 1, 135, 45), new Strides(20, 1, 0, 0), new Strides(20, 1, 300, 100)));
        // Both shared by the inner batch.
        shapes.add(MatmulShape.of(5, 20, 9)
                .batched(2, 3, new Strides(9, 1, 45, 0), new Strides(20, 1, 180, 0), new Strides(20, 1, 300, 100)));
        // One query of attention.
        shapes.add(MatmulShape.of(1, 21, 40)
                .batched(
                        2, 3, new Strides(120, 1, 120, 40), new Strides(1, 120, 2520, 40), new Strides(21, 1, 63, 21)));
        shapes.add(MatmulShape.of(1, 40, 21)
                .batched(2, 3, new Strides(21, 1, 63, 21), new Strides(120, 1, 2520, 40), new Strides(40, 1, 120, 40)));
        // Outer products of columns that lie in rows of 80.
        shapes.add(MatmulShape.of(65, 16, 1)
                .batched(1, 2, new Strides(1, 80, 0, 5200), new Strides(16, 1, 0, 16), new Strides(16, 1, 0, 1040))
                .accumulating());
        var cases = new ArrayList<Arguments>();
        for (var way : Way.values()) {
            for (var shape : shapes) {
                if (way.takes(shape)) {
                    cases.add(Arguments.of(way, shape));
                }
            }
        }
        return cases;
    }

    /** The products of attention, queries, keys and values side by side in [batch, time, 3 * heads * size]. */
    private static List<MatmulShape> attention(int batch, int heads, int time, int size) {
        long row = 3L * heads * size;
        var packed = new Strides(row, 1, time * row, size);
        var scores = new Strides(time, 1, (long) heads * time * time, (long) time * time);
        var mixed = new Strides((long) heads * size, 1, (long) time * heads * size, size);
        return List.of(
                MatmulShape.of(time, time, size).batched(batch, heads, packed, packed.transposed(), scores),
                MatmulShape.of(time, size, time).batched(batch, heads, scores, packed, mixed),
                MatmulShape.of(time, size, time).batched(batch, heads, scores.transposed(), mixed, packed),
                MatmulShape.of(time, time, size)
                        .batched(batch, heads, mixed, packed.transposed(), scores)
                        .accumulating());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheTripleLoop(Way way, MatmulShape shape) {
        var data = new Data(shape, 1);
        float[] expected = data.tripleLoop();
        try (var arena = Arena.ofShared()) {
            var gemm = way.create(shape, arena).call(arena);
            gemm.run(data.a.address(), data.b.address(), data.c.address(), data.bias.address(), TWO);
            data.assertClose(expected);
            float[] first = data.cells();
            data.reset();
            gemm.run(data.a.address(), data.b.address(), data.c.address(), data.bias.address(), ONE);
            assertArrayEquals(first, data.cells(), "bits differ between 1 and 2 threads");
        }
    }

    @ParameterizedTest
    @EnumSource
    void addressesMayChangeFromRunToRun(Way way) {
        var plain = MatmulShape.of(way == Way.VECTOR_ROW ? 1 : 70, 48, 30);
        var biased = plain.with(Epilogue.BIAS);
        var shape = way.takes(biased) ? biased : plain;
        try (var arena = Arena.ofShared()) {
            var gemm = way.create(shape, arena).call(arena);
            for (int seed = 1; seed <= 3; seed++) {
                var data = new Data(shape, seed);
                float[] expected = data.tripleLoop();
                gemm.run(data.a.address(), data.b.address(), data.c.address(), data.bias.address(), TWO);
                data.assertClose(expected);
            }
        }
    }

    /** Two steps of a program have calls of the same products. */
    @ParameterizedTest
    @EnumSource
    void callsOfTwoThreadsDoNotMeet(Way way) throws Exception {
        var shape = MatmulShape.of(way == Way.VECTOR_ROW ? 1 : 70, 96, 530);
        try (var arena = Arena.ofShared()) {
            var gemm = way.create(shape, arena);
            var start = new CountDownLatch(2);
            var threads = new ArrayList<FutureTask<Void>>();
            for (int seed = 1; seed <= 2; seed++) {
                var data = new Data(shape, seed);
                var call = gemm.call(arena);
                call.run(data.a.address(), data.b.address(), data.c.address(), TWO);
                float[] alone = data.cells();
                var thread = new FutureTask<Void>(() -> {
                    start.countDown();
                    start.await();
                    for (int i = 0; i < 100; i++) {
                        data.reset();
                        call.run(data.a.address(), data.b.address(), data.c.address(), TWO);
                        assertArrayEquals(alone, data.cells());
                    }
                    return null;
                });
                threads.add(thread);
                Thread.ofPlatform().daemon().start(thread);
            }
            for (var thread : threads) {
                thread.get();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aRunAllocatesNothing(Way way) {
        var shape = MatmulShape.of(way == Way.VECTOR_ROW ? 1 : 64, 64, 32)
                .withB(Strides.rowMajor(32).transposed());
        var data = new Data(shape, 1);
        try (var arena = Arena.ofShared()) {
            var gemm = way.create(shape, arena).call(arena);
            var bean = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long least = Long.MAX_VALUE; // allocation ends once the kernels are compiled
            for (int round = 0; round < 400 && least > 1_000; round++) {
                long before = bean.getCurrentThreadAllocatedBytes();
                for (int i = 0; i < 100; i++) {
                    gemm.run(data.a.address(), data.b.address(), data.c.address(), ONE);
                }
                least = Math.min(least, bean.getCurrentThreadAllocatedBytes() - before);
            }
            assertTrue(least <= 1_000, "bytes allocated by 100 runs: " + least);
        }
    }

    @Test
    void theCheckItselfNoticesAWrongCell() {
        var shape = MatmulShape.of(9, 20, 30);
        var data = new Data(shape, 1);
        float[] expected = data.tripleLoop();
        try (var arena = Arena.ofShared()) {
            new VectorGemm(shape).call(arena).run(data.a.address(), data.b.address(), data.c.address(), ONE);
        }
        expected[77] += 0.01f;
        assertThrows(AssertionError.class, () -> data.assertClose(expected));
    }

    @Test
    void createTakesEveryShape() {
        for (var shape : List.of(MatmulShape.of(3, 4, 0), MatmulShape.of(0, 4, 4), MatmulShape.of(200, 200, 200))) {
            var data = new Data(shape, 1);
            float[] expected = data.tripleLoop();
            try (var arena = Arena.ofShared()) {
                var gemm = Gemm.create(shape, arena);
                assertEquals(shape, gemm.shape());
                gemm.call(arena).run(data.a.address(), data.b.address(), data.c.address(), TWO);
                data.assertClose(expected);
            }
        }
    }

    @Test
    void refusesShapesThatNoWayCanTake() {
        var good = MatmulShape.of(4, 5, 6);
        assertMessage("column stride of C", () -> good.withC(new Strides(1, 4, 0, 0)));
        assertMessage("row stride of C", () -> good.withC(new Strides(4, 1, 0, 0)));
        assertMessage("strides of A", () -> good.withA(new Strides(12, 2, 0, 0)));
        assertMessage("strides of B", () -> good.withB(new Strides(12, 2, 0, 0)));
        assertMessage("batch strides of C", () -> good.batched(2, 1, good.a(), good.b(), good.c()));
        assertMessage(
                "sizes", () -> new MatmulShape(4, 5, 6, -1, 1, good.a(), good.b(), good.c(), false, Epilogue.NONE));
        assertMessage("epilogue BIAS", () -> good.accumulating().with(Epilogue.BIAS));
        assertMessage("strides (row -1", () -> new Strides(-1, 1, 0, 0));
        assertFalse(good.accumulate());
    }

    private static void assertMessage(String part, org.junit.jupiter.api.function.Executable executable) {
        var thrown = assertThrows(IllegalArgumentException.class, executable);
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }

    /** Operands at ends of their own allocations: reading past A or B would meet the guard values or foreign memory. */
    private static final class Data {
        final MatmulShape shape;
        final MemorySegment a;
        final MemorySegment b;
        final MemorySegment c;
        final MemorySegment bias;
        private final float[] before;

        Data(MatmulShape shape, long seed) {
            this.shape = shape;
            var random = new Random(seed);
            a = fill(extent(shape.a(), shape.m(), shape.k()), random);
            b = fill(extent(shape.b(), shape.k(), shape.n()), random);
            bias = fill(shape.n(), random);
            c = fill(extent(shape.c(), shape.m(), shape.n()) + 40, random);
            boolean[] written = new boolean[(int) (c.byteSize() / 4)];
            forEachCell((at, _, _, _, _) -> written[at] = true);
            for (int i = 0; i < written.length; i++) {
                if (!written[i]) {
                    c.setAtIndex(ValueLayout.JAVA_FLOAT, i, UNTOUCHED);
                } else if (!shape.accumulate()) {
                    c.setAtIndex(ValueLayout.JAVA_FLOAT, i, Float.NaN); // must be overwritten, not multiplied by 0
                }
            }
            before = cells();
        }

        private int extent(Strides s, int rows, int columns) {
            return rows == 0 || columns == 0 || shape.outer() == 0 || shape.inner() == 0
                    ? 0
                    : (int) ((shape.outer() - 1) * s.outer()
                            + (shape.inner() - 1) * s.inner()
                            + (rows - 1) * s.row()
                            + (columns - 1) * s.column()
                            + 1);
        }

        private static MemorySegment fill(int floats, Random random) {
            var memory = Arena.ofAuto().allocate(4L * Math.max(1, floats), 64);
            for (int i = 0; i < floats; i++) {
                memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
            }
            return memory;
        }

        private interface Cell {
            void visit(int at, int outer, int inner, int row, int column);
        }

        private void forEachCell(Cell cell) {
            var s = shape.c();
            for (int o = 0; o < shape.outer(); o++) {
                for (int p = 0; p < shape.inner(); p++) {
                    for (int i = 0; i < shape.m(); i++) {
                        for (int j = 0; j < shape.n(); j++) {
                            cell.visit((int) (o * s.outer() + p * s.inner() + i * s.row() + j), o, p, i, j);
                        }
                    }
                }
            }
        }

        float[] tripleLoop() {
            float[] result = before.clone();
            forEachCell((at, o, p, i, j) -> {
                double sum = shape.accumulate() ? before[at] : 0;
                if (shape.epilogue() == Epilogue.BIAS) {
                    sum += bias.getAtIndex(ValueLayout.JAVA_FLOAT, j);
                }
                for (int q = 0; q < shape.k(); q++) {
                    sum += (double) at(a, shape.a(), o, p, i, q) * at(b, shape.b(), o, p, q, j);
                }
                result[at] = (float) sum;
            });
            return result;
        }

        private static float at(MemorySegment memory, Strides s, int o, int p, int i, int j) {
            return memory.getAtIndex(
                    ValueLayout.JAVA_FLOAT, o * s.outer() + p * s.inner() + i * s.row() + j * s.column());
        }

        float[] cells() {
            return c.toArray(ValueLayout.JAVA_FLOAT);
        }

        void reset() {
            MemorySegment.copy(before, 0, c, ValueLayout.JAVA_FLOAT, 0, before.length);
        }

        /** Rounding errors of a sum of k products grow like the square root of k; 1e-6 is some eight units of 1. */
        void assertClose(float[] expected) {
            float tolerance = (float) (2e-6 * Math.sqrt(shape.k() + 1.0) * 2);
            assertArrayEquals(expected, cells(), tolerance, shape.toString());
        }
    }
}
