package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Kernels of unusual shapes: long rows, strides, many buffers, many instructions, random numbers. */
class KernelShapesTest {
    private static final CpuBackend BACKEND = new CpuBackend(2);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void uniformNumbersAreCounterRandomToTheBit() {
        int count = 100_003;
        int[] key = {0x89ABCDEF, -7};
        Tracer t = new Tracer();
        t.output("u", t.uniform(t.feed("key", DType.I32, Shape.of(2)), Shape.of(count), 41));
        float[] actual =
                (float[]) Runs.of(BACKEND, t.program(), Map.of("key", key)).get("u");
        for (int i = 0; i < count; i++) {
            assertEquals(CounterRandom.uniform(key[0], key[1], 41, i), actual[i], "index " + i);
        }
    }

    @Test
    void softmaxOverAVocabularyOfGpt2() {
        int rows = 3;
        int vocab = 50_257;
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(rows, vocab));
        Tensor e = x.sub(x.maxKeepDims(1)).exp();
        t.output("softmax", e.div(e.sumKeepDims(1)));
        t.output("sum", x.mul(x).sum(1));
        float[] values = normal(rows * vocab, 3);
        Map<String, Object> expected = Runs.of(new ReferenceBackend(), t.program(), Map.of("x", values));
        Map<String, Object> actual = Runs.of(BACKEND, t.program(), Map.of("x", values));
        close(expected, actual, 3e-6);
        float[] softmax = (float[]) actual.get("softmax");
        for (int row = 0; row < rows; row++) {
            double sum = 0;
            for (int i = 0; i < vocab; i++) {
                sum += softmax[row * vocab + i];
            }
            assertEquals(1, sum, 2e-6, "row " + row);
        }
    }

    @Test
    void aSumOfManyEqualNumbersKeepsItsPlaces() {
        int count = 3_000_001;
        Tracer t = new Tracer();
        t.output("sum", t.feed("x", DType.F32, Shape.of(count)).sum());
        float[] tenths = new float[count];
        java.util.Arrays.fill(tenths, 0.1f);
        float sum =
                ((float[]) Runs.of(BACKEND, t.program(), Map.of("x", tenths)).get("sum"))[0];
        assertEquals(1, sum / (count * (double) 0.1f), 2e-6);
    }

    @Test
    void stridedOperandsAreCollected() {
        Tracer t = new Tracer();
        Tensor a = t.feed("a", DType.F32, Shape.of(37, 53));
        Tensor b = t.feed("b", DType.F32, Shape.of(53, 37));
        Tensor c = t.feed("c", DType.F32, Shape.of(53, 37, 3));
        t.output("sum", a.matrixTranspose().add(b));
        t.output("product", a.matrixTranspose().mul(b).matrixTranspose());
        t.output("rows", a.matrixTranspose().mul(b).sum(1));
        t.output("third", c.slice(2, 1, 2).reshape(53, 37).add(b).exp());
        t.output("turned", c.transpose(2, 1, 0).mul(2));
        Map<String, float[]> inputs =
                Map.of("a", normal(37 * 53, 1), "b", normal(37 * 53, 1), "c", normal(37 * 53 * 3, 1));
        close(Runs.of(new ReferenceBackend(), t.program(), inputs), Runs.of(BACKEND, t.program(), inputs), 4e-6);
    }

    @Test
    void manyRowsOfFewColumns() {
        for (int columns : new int[] {1, 2, 3, 5, 8}) {
            Tracer t = new Tracer();
            Tensor x = t.feed("x", DType.F32, Shape.of(4099, columns));
            t.output("sum", x.sum(1));
            t.output("columns", x.sum(0));
            t.output("centred", x.sub(x.sumKeepDims(1).div(columns)).tanh());
            Map<String, float[]> inputs = Map.of("x", normal(4099 * columns, 1));
            close(Runs.of(new ReferenceBackend(), t.program(), inputs), Runs.of(BACKEND, t.program(), inputs), 2e-5);
        }
    }

    @Test
    void sixtyBuffersInOneKernel() {
        Tracer t = new Tracer();
        Map<String, float[]> inputs = new HashMap<>();
        List<Tensor> terms = new ArrayList<>();
        Tensor total = null;
        for (int i = 0; i < 60; i++) {
            Tensor x = t.feed("x" + i, DType.F32, Shape.of(1037));
            inputs.put("x" + i, normal(1037, 1));
            total = total == null ? x : total.add(x);
            if (i % 2 == 1) {
                terms.add(total);
            }
        }
        for (int i = 0; i < terms.size(); i++) {
            t.output("partial" + i, terms.get(i));
        }
        close(Runs.of(new ReferenceBackend(), t.program(), inputs), Runs.of(BACKEND, t.program(), inputs), 4e-6);
    }

    @Test
    void aLongChainIsSplit() {
        Tracer t = new Tracer();
        Tensor x = t.feed("x", DType.F32, Shape.of(3, 1000));
        Tensor value = x;
        for (int i = 0; i < 120; i++) {
            value = i % 3 == 0 ? value.tanh().add(x) : value.mul(0.9).add(0.01 * i);
        }
        t.output("y", value);
        Program program = t.program();
        Map<String, float[]> inputs = Map.of("x", normal(3000, 1));
        close(Runs.of(new ReferenceBackend(), program, inputs), Runs.of(BACKEND, program, inputs), 2e-5);
        try (Executable executable = BACKEND.compile(program)) {
            assertTrue(
                    executable.explain().kernels().size() > 1,
                    executable.explain().toString());
        }
    }

    /** Each value is read twice: paths through the kernel are 2 to the power of its length. */
    @Test
    @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    void valuesThatManyReadAreFollowedOnce() {
        Tracer t = new Tracer();
        Tensor value = t.feed("x", DType.F32, Shape.of(3, 100)).tanh();
        for (int i = 0; i < 50; i++) {
            value = value.mul(value);
        }
        t.output("y", value.sub(value.sumKeepDims(1)));
        Map<String, float[]> inputs = Map.of("x", normal(300, 0.5));
        close(Runs.of(new ReferenceBackend(), t.program(), inputs), Runs.of(BACKEND, t.program(), inputs), 4e-6);
    }

    /** Nothing holds so many elements, but they can be told to be there. */
    @Test
    void aRowThatIsTooLongToCountIsRefusedWithItsLine() {
        Tracer t = new Tracer();
        try (Tracer.Scope _ = t.scope("head")) {
            t.output(
                    "y",
                    t.feed("x", DType.F32, Shape.of(1))
                            .broadcast(Shape.of(Integer.MAX_VALUE))
                            .sum());
        }
        String message = assertThrows(UnsupportedOperationException.class, () -> BACKEND.compile(t.program()))
                .getMessage();
        assertTrue(message.contains("a row of 2147483647 elements"), message);
        assertTrue(message.contains(" in head at KernelShapesTest.java:"), message);
    }

    @Test
    void notANumberGoesThroughMaximaAsInJava() {
        float[] x = {1, Float.NaN, -0f, 0f, Float.NEGATIVE_INFINITY, Float.NaN, 7};
        float[] y = {Float.NaN, 2, 0f, -0f, 3, Float.NaN, Float.POSITIVE_INFINITY};
        Tracer t = new Tracer();
        Tensor a = t.feed("x", DType.F32, Shape.of(x.length));
        Tensor b = t.feed("y", DType.F32, Shape.of(x.length));
        t.output("max", a.maximum(b));
        t.output("min", a.minimum(b));
        t.output("largest", a.max());
        t.output("sign", a.sign());
        Map<String, Object> results = Runs.of(BACKEND, t.program(), Map.of("x", x, "y", y));
        for (int i = 0; i < x.length; i++) {
            assertEquals(Math.max(x[i], y[i]), ((float[]) results.get("max"))[i], "max of " + x[i] + " and " + y[i]);
            assertEquals(Math.min(x[i], y[i]), ((float[]) results.get("min"))[i], "min of " + x[i] + " and " + y[i]);
            assertEquals(Math.signum(x[i]), ((float[]) results.get("sign"))[i], "sign of " + x[i]);
        }
        assertEquals(Float.NaN, ((float[]) results.get("largest"))[0]);
    }

    private static void close(Map<String, Object> expected, Map<String, Object> actual, double tolerance) {
        assertEquals(expected.keySet(), actual.keySet());
        expected.forEach((name, values) -> {
            if (values instanceof int[] ints) {
                assertArrayEquals(ints, (int[]) actual.get(name), name);
                return;
            }
            float[] wanted = (float[]) values;
            float[] got = (float[]) actual.get(name);
            double largest = 0;
            for (float value : wanted) {
                largest = Math.max(largest, Math.abs(value));
            }
            for (int i = 0; i < wanted.length; i++) {
                double allowed = tolerance * (Math.abs(wanted[i]) + largest);
                assertEquals(wanted[i], got[i], allowed, name + " at " + i);
            }
        });
    }

    private static float[] normal(int count, double deviation) {
        CounterRandom random = new CounterRandom(5, "shapes" + count);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = (float) (deviation * random.normal(i));
        }
        return values;
    }
}
