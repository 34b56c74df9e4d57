package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.util.Map;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Elementary functions over the whole range of floats, beside double precision. */
class ElementaryAccuracyTest {
    /** Distance of the tested bit patterns: a prime, so that all exponents, signs, infinities and NaNs are met. */
    private static final int STEP = 8191;

    private static final float[] EVERYWHERE = everywhere();
    private static final CpuBackend BACKEND = new CpuBackend(1);

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    @Test
    void exp() {
        check(Tensor::exp, StrictMath::exp, EVERYWHERE, 2e-7);
        check(Tensor::exp, StrictMath::exp, grid(-104.5, 89.5), 2e-7);
    }

    @Test
    void log() {
        check(Tensor::log, StrictMath::log, EVERYWHERE, 2e-7);
        check(Tensor::log, StrictMath::log, grid(0.5, 2), 2e-7);
    }

    @Test
    void tanh() {
        check(Tensor::tanh, StrictMath::tanh, EVERYWHERE, 4e-7);
        check(Tensor::tanh, StrictMath::tanh, grid(-10, 10), 4e-7);
    }

    @Test
    void erf() {
        for (float[] x : new float[][] {EVERYWHERE, grid(-4.5, 4.5)}) {
            Program program = program(Tensor::erf, x.length);
            float[] expected = (float[])
                    Runs.of(new ReferenceBackend(), program, Map.of("x", x)).get("y");
            float[] actual = (float[]) Runs.of(BACKEND, program, Map.of("x", x)).get("y");
            for (int i = 0; i < x.length; i++) {
                check(x[i], expected[i], actual[i], 5e-7);
            }
        }
    }

    @Test
    void rootsAreRoundedAsByJava() {
        check(Tensor::sqrt, x -> (float) Math.sqrt(x), EVERYWHERE, 0);
        check(Tensor::rsqrt, x -> 1 / Math.sqrt(x), EVERYWHERE, 1.3e-7);
    }

    @Test
    void floorIsExact() {
        check(Tensor::floor, Math::floor, EVERYWHERE, 0);
        check(Tensor::floor, Math::floor, grid(-3, 3), 0);
    }

    @Test
    void sineAndCosine() {
        check(Tensor::sin, StrictMath::sin, EVERYWHERE, 2e-7);
        check(Tensor::cos, StrictMath::cos, EVERYWHERE, 2e-7);
        check(Tensor::sin, StrictMath::sin, grid(-20, 20), 2e-7);
        check(Tensor::cos, StrictMath::cos, grid(-20, 20), 2e-7);
    }

    @Test
    void power() {
        float[] special = {
            0,
            -0f,
            1,
            -1,
            0.5f,
            -0.5f,
            2,
            -2,
            3,
            -3,
            2.5f,
            1e30f,
            -1e30f,
            1e-40f,
            Float.MAX_VALUE,
            Float.MIN_VALUE,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            16777217f,
            0.999999f,
            1.000001f
        };
        int count = special.length * special.length;
        float[] x = new float[count];
        float[] y = new float[count];
        for (int i = 0; i < count; i++) {
            x[i] = special[i / special.length];
            y[i] = special[i % special.length];
        }
        Tracer tracer = new Tracer();
        Tensor base = tracer.feed("x", DType.F32, Shape.of(count));
        tracer.output("y", base.pow(tracer.feed("exponent", DType.F32, Shape.of(count))));
        float[] actual = (float[]) Runs.of(BACKEND, tracer.program(), Map.of("x", x, "exponent", y))
                .get("y");
        for (int i = 0; i < count; i++) {
            boolean one = x[i] == 1 || x[i] == -1 && Float.isInfinite(y[i]);
            check(x[i], one ? 1 : StrictMath.pow(x[i], y[i]), actual[i], 1e-6);
        }
    }

    @Test
    void aFunctionOnceARowIsTheSameToTheLastPlaces() {
        // One element a row of two columns: the scalar code of a kernel, not its vector code.
        float[] x = grid(-3, 3);
        Tracer tracer = new Tracer();
        Tensor once = tracer.feed("x", DType.F32, Shape.of(x.length, 1));
        Tensor twice = tracer.feed("two", DType.F32, Shape.of(x.length, 2));
        tracer.output("exp", once.exp().broadcast(Shape.of(x.length, 2)).add(twice));
        tracer.output("erf", once.erf().broadcast(Shape.of(x.length, 2)).add(twice));
        tracer.output("tanh", once.tanh().broadcast(Shape.of(x.length, 2)).add(twice));
        Map<String, Object> results = Runs.of(BACKEND, tracer.program(), Map.of("x", x));
        Map<String, Object> reference = Runs.of(new ReferenceBackend(), tracer.program(), Map.of("x", x));
        results.forEach((name, values) -> {
            float[] expected = (float[]) reference.get(name);
            float[] actual = (float[]) values;
            for (int i = 0; i < actual.length; i++) {
                check(x[i / 2], expected[i], actual[i], 5e-7);
            }
        });
    }

    @Test
    void theCheckSeesAWrongPlace() {
        AssertionError error = null;
        try {
            check(Tensor::exp, x -> StrictMath.exp(x) * (1 + 1e-6), grid(-1, 1), 2e-7);
        } catch (AssertionError e) {
            error = e;
        }
        assertTrue(error != null && error.getMessage().contains("relative error"), String.valueOf(error));
    }

    private static void check(UnaryOperator<Tensor> tested, DoubleUnaryOperator exact, float[] x, double bound) {
        float[] y = (float[])
                Runs.of(BACKEND, program(tested, x.length), Map.of("x", x)).get("y");
        for (int i = 0; i < x.length; i++) {
            check(x[i], exact.applyAsDouble(x[i]), y[i], bound);
        }
    }

    private static void check(float x, double exact, float actual, double bound) {
        float rounded = (float) exact;
        if (Float.compare(rounded, actual) == 0 || rounded == actual) {
            return;
        }
        if (!Float.isFinite(rounded) || !Float.isFinite(actual)) {
            fail("f(" + x + ") is " + actual + ", expected " + rounded);
        }
        // Below the smallest normal number places are lost; two of the last are allowed.
        double allowed =
                bound * Math.abs(exact) + (Math.abs(exact) < Float.MIN_NORMAL && bound > 0 ? 2 * Float.MIN_VALUE : 0);
        if (Math.abs(actual - exact) > allowed) {
            fail("f(" + x + ") is " + actual + ", expected " + exact + ": relative error "
                    + Math.abs(actual / exact - 1) + ", allowed " + bound);
        }
    }

    private static Program program(UnaryOperator<Tensor> function, int size) {
        Tracer tracer = new Tracer();
        tracer.output("y", function.apply(tracer.feed("x", DType.F32, Shape.of(size))));
        return tracer.program();
    }

    private static float[] everywhere() {
        int count = (int) ((1L << 32) / STEP);
        float[] values = new float[count + 8];
        for (int i = 0; i < count; i++) {
            values[i] = Float.intBitsToFloat(i * STEP);
        }
        float[] corners = {
            0f,
            -0f,
            Float.POSITIVE_INFINITY,
            Float.NEGATIVE_INFINITY,
            Float.NaN,
            Float.MIN_VALUE,
            Float.MIN_NORMAL,
            Float.MAX_VALUE
        };
        System.arraycopy(corners, 0, values, count, corners.length);
        assertEquals(0f, values[count]);
        return values;
    }

    private static float[] grid(double low, double high) {
        float[] values = new float[100_001];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (low + (high - low) * i / (values.length - 1));
        }
        return values;
    }
}
