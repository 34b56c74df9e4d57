package org.kolotoc.backend.cpu.gemm;

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
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.backend.cpu.threads.Workers;

/** Products in bfloat16 and TF32 against a triple loop in double precision over rounded operands. */
final class RoundedGemmTest {

    static List<Arguments> cases() {
        var cases = new ArrayList<Arguments>();
        int[][] sizes = {{1, 1, 1}, {1, 200, 70}, {5, 9, 3}, {33, 47, 130}, {70, 400, 65}, {300, 20, 257}};
        for (int[] s : sizes) {
            var plain = MatmulShape.of(s[0], s[1], s[2]).with(Compute.BF16);
            var aTurned = Strides.rowMajor(s[0] + 3).transposed();
            var bTurned = Strides.rowMajor(s[2] + 5).transposed();
            for (var shape : List.of(
                    plain,
                    plain.withB(bTurned).accumulating(),
                    plain.withA(aTurned).with(Epilogue.BIAS),
                    plain.withA(aTurned).withB(bTurned).withC(Strides.rowMajor(s[1] + 9)))) {
                // oneDNN gets no sums of one term.
                if (shape.k() > 1) {
                    cases.add(Arguments.of(true, shape));
                }
                cases.add(Arguments.of(false, shape));
                cases.add(Arguments.of(false, shape.with(Compute.TF32)));
            }
        }
        // Heads side by side in rows of 48, B shared by the outer batch.
        var batched = MatmulShape.of(5, 16, 7)
                .with(Compute.BF16)
                .batched(2, 3, new Strides(21, 1, 105, 7), new Strides(48, 1, 0, 16), new Strides(48, 1, 240, 16));
        cases.add(Arguments.of(true, batched));
        cases.add(Arguments.of(false, batched));
        cases.add(Arguments.of(false, batched.with(Compute.TF32)));
        return cases;
    }

    @ParameterizedTest
    @MethodSource("cases")
    void equalsTheTripleLoopOverRoundedOperands(boolean narrow, MatmulShape s) {
        if (narrow) {
            assumeTrue(OneDnn.available(), () -> "not evaluated: oneDNN is absent, " + OneDnn.absence());
            assumeTrue(OneDnn.multipliesBf16(), "not evaluated: this processor does not multiply bfloat16");
        }
        var random = new Random(1);
        var a = random(20_000 + s.m() * (s.k() + 5) * 2, random);
        var b = random(20_000 + (s.n() + 5) * (s.k() + 5) * 2, random);
        var c = random(s.outer() * s.inner() * s.m() * (s.n() + 9) + 100, random);
        var bias = random(s.n(), random);
        float[] before = c.toArray(ValueLayout.JAVA_FLOAT);
        float[] expected = tripleLoop(s, a, b, bias, before, true);
        try (var arena = Arena.ofShared();
                var one = new Workers(1);
                var two = new Workers(2)) {
            Gemm product = new RoundedGemm(s.with(Epilogue.NONE), narrow, arena);
            if (s.epilogue() == Epilogue.BIAS) {
                product = new BiasedGemm(s, product);
            }
            var gemm = product.call(arena);
            gemm.lend(arena.allocate(product.workspaceBytes(), 64).address());
            gemm.run(a.address(), b.address(), c.address(), bias.address(), two);
            float[] got = c.toArray(ValueLayout.JAVA_FLOAT);
            float tolerance = (float) (4e-6 * Math.sqrt(s.k() + 1.0));
            assertArrayEquals(expected, got, tolerance, s.toString());
            MemorySegment.copy(before, 0, c, ValueLayout.JAVA_FLOAT, 0, before.length);
            gemm.run(a.address(), b.address(), c.address(), bias.address(), one);
            assertArrayEquals(got, c.toArray(ValueLayout.JAVA_FLOAT), "bits differ between 1 and 2 threads");
            for (int kept = 0; kept < 4; kept++) {
                var constant = new Gemm.Constant((kept & 1) > 0, (kept & 2) > 0);
                var keeping = product.call(
                        arena,
                        constant,
                        arena.allocate(product.keptBytes(constant), 64).address());
                keeping.lend(arena.allocate(product.workspaceBytes(), 64).address());
                keeping.keep(a.address(), b.address(), two);
                MemorySegment.copy(before, 0, c, ValueLayout.JAVA_FLOAT, 0, before.length);
                long elsewhere = c.address();
                keeping.run(
                        constant.a() ? elsewhere : a.address(),
                        constant.b() ? elsewhere : b.address(),
                        c.address(),
                        bias.address(),
                        two);
                assertArrayEquals(got, c.toArray(ValueLayout.JAVA_FLOAT), "bits differ with " + constant);
            }
            if (s.k() > 60) {
                float[] unrounded = tripleLoop(s, a, b, bias, before, false);
                double apart = 0;
                for (int i = 0; i < got.length; i++) {
                    apart = Math.max(apart, Math.abs(got[i] - unrounded[i]));
                }
                assertTrue(apart > 10 * tolerance, "the check would not notice operands left as they are: " + apart);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"BF16", "TF32"})
    void createTakesIt(Compute compute) {
        try (var arena = Arena.ofShared()) {
            assertInstanceOf(
                    RoundedGemm.class, Gemm.create(MatmulShape.of(64, 64, 64).with(compute), arena));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "BF16, 3f800000, 3f800000",
        "BF16, 3f808000, 3f800000", // half way: to the even one
        "BF16, 3f818000, 3f820000",
        "BF16, 3f808001, 3f810000",
        "BF16, bf807fff, bf800000",
        "BF16, 7f7fffff, 7f800000", // beyond the largest: infinity
        "BF16, 7f800000, 7f800000",
        "BF16, 7f800001, 7fc00000", // NaN stays NaN
        "BF16, 80000000, 80000000",
        "BF16, 00000001, 00000000",
        "TF32, 3f801000, 3f800000",
        "TF32, 3f803000, 3f804000",
        "TF32, 3f801001, 3f802000",
        "TF32, bf800fff, bf800000",
        "TF32, 7f7fefff, 7f7fe000",
        "TF32, 7f7ff000, 7f800000",
        "TF32, 7f800001, 7fc00000"
    })
    void roundsToNearestEven(Compute compute, String bits, String rounded) {
        assertEquals(
                Integer.parseUnsignedInt(rounded, 16),
                RoundedGemm.rounded(Integer.parseUnsignedInt(bits, 16), RoundedGemm.dropped(compute)),
                bits);
    }

    private static MemorySegment random(int floats, Random random) {
        var memory = Arena.ofAuto().allocate(4L * floats, 64);
        for (int i = 0; i < floats; i++) {
            memory.setAtIndex(ValueLayout.JAVA_FLOAT, i, (float) random.nextGaussian());
        }
        return memory;
    }

    private static float[] tripleLoop(
            MatmulShape s, MemorySegment a, MemorySegment b, MemorySegment bias, float[] before, boolean rounds) {
        float[] result = before.clone();
        for (int batch = 0; batch < s.outer() * s.inner(); batch++) {
            int o = batch / s.inner();
            int p = batch % s.inner();
            for (int i = 0; i < s.m(); i++) {
                for (int j = 0; j < s.n(); j++) {
                    int at = (int) (o * s.c().outer() + p * s.c().inner() + i * s.c().row() + j);
                    double sum = s.accumulate() ? before[at] : 0;
                    sum += s.epilogue() == Epilogue.BIAS ? bias.getAtIndex(ValueLayout.JAVA_FLOAT, j) : 0;
                    for (int q = 0; q < s.k(); q++) {
                        sum += at(a, s.a(), o, p, i, q, s.compute(), rounds)
                                * at(b, s.b(), o, p, q, j, s.compute(), rounds);
                    }
                    result[at] = (float) sum;
                }
            }
        }
        return result;
    }

    private static double at(
            MemorySegment memory, Strides s, int o, int p, int i, int j, Compute compute, boolean rounds) {
        long index = o * s.outer() + p * s.inner() + i * s.row() + j * s.column();
        int bits = memory.getAtIndex(ValueLayout.JAVA_INT, index);
        return Float.intBitsToFloat(rounds ? RoundedGemm.rounded(bits, RoundedGemm.dropped(compute)) : bits);
    }
}
