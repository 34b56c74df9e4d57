package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * The bits of an element depend on its operands alone: not on where in a vector it stands, whether it is one of a row or
 * there once a row, and what else its kernel computes. Otherwise what is computed again differs from what was kept.
 */
class ElementBitsTest {
    private static final CpuBackend BACKEND = new CpuBackend(2);
    private static final float[] SPECIAL = {
        0f,
        -0f,
        1f,
        -1f,
        0.5f,
        -0.5f,
        -0.75f,
        2f,
        3f,
        -3f,
        88.5f,
        -87.5f,
        -103f,
        1e-30f,
        0x1p23f,
        -0x1p23f,
        16777217f,
        3e9f,
        -3e9f,
        1e30f,
        Float.MIN_VALUE,
        -Float.MIN_VALUE,
        Float.MIN_NORMAL,
        Float.MAX_VALUE,
        -Float.MAX_VALUE,
        Float.POSITIVE_INFINITY,
        Float.NEGATIVE_INFINITY,
        Float.NaN
    };
    private static final int COUNT = 480;
    private static final Map<String, Object> VALUES = values();

    /** What operations are given, all of one shape: two floats, two whole numbers. */
    record Operands(Tensor x, Tensor y, Tensor i, Tensor j) {
        static Operands of(Function<String, Tensor> tensors) {
            return new Operands(tensors.apply("x"), tensors.apply("y"), tensors.apply("i"), tensors.apply("j"));
        }

        Tensor p() {
            return x.lt(y);
        }

        Tensor q() {
            return i.le(j);
        }
    }

    /** An operation on elements. */
    record Operation(String name, Function<Operands, Tensor> of) {
        @Override
        public String toString() {
            return name;
        }
    }

    @AfterAll
    static void close() {
        BACKEND.close();
    }

    static List<Operation> operations() {
        return List.of(
                new Operation("exp", o -> o.x().exp()),
                new Operation("log", o -> o.x().log()),
                new Operation("log of a magnitude", o -> o.x().abs().log()),
                new Operation("sqrt", o -> o.x().abs().sqrt()),
                new Operation("rsqrt", o -> o.x().abs().rsqrt()),
                new Operation("tanh", o -> o.x().tanh()),
                new Operation("erf", o -> o.x().erf()),
                new Operation("sin", o -> o.x().sin()),
                new Operation("cos", o -> o.x().cos()),
                new Operation("floor", o -> o.x().floor()),
                new Operation("neg", o -> o.x().neg()),
                new Operation("sign", o -> o.x().sign()),
                new Operation("whole neg", o -> o.i().neg()),
                new Operation("whole abs", o -> o.i().abs()),
                new Operation("whole sign", o -> o.i().sign()),
                new Operation("not", o -> o.p().not()),
                new Operation("add", o -> o.x().add(o.y())),
                new Operation("sub", o -> o.x().sub(o.y())),
                new Operation("mul", o -> o.x().mul(o.y())),
                new Operation("mul, then add", o -> o.x().mul(o.y()).add(o.x())),
                new Operation("div", o -> o.x().div(o.y())),
                new Operation("max", o -> o.x().maximum(o.y())),
                new Operation("min", o -> o.x().minimum(o.y())),
                new Operation("pow", o -> o.x().pow(o.y())),
                new Operation("whole add", o -> o.i().add(o.j())),
                new Operation("whole sub", o -> o.i().sub(o.j())),
                new Operation("whole mul", o -> o.i().mul(o.j())),
                new Operation("whole max", o -> o.i().maximum(o.j())),
                new Operation("whole min", o -> o.i().minimum(o.j())),
                new Operation("and", o -> o.p().and(o.q())),
                new Operation("or", o -> o.p().or(o.q())),
                new Operation("eq", o -> o.x().eq(o.y())),
                new Operation("ne", o -> o.x().ne(o.y())),
                new Operation("lt", o -> o.x().lt(o.y())),
                new Operation("le", o -> o.x().le(o.y())),
                new Operation("whole eq", o -> o.i().eq(o.j())),
                new Operation("whole ne", o -> o.i().ne(o.j())),
                new Operation("whole lt", o -> o.i().lt(o.j())),
                new Operation("whole le", o -> o.i().le(o.j())),
                new Operation("select", o -> o.q().select(o.x(), o.y())),
                new Operation("whole select", o -> o.p().select(o.i(), o.j())),
                new Operation("truth select", o -> o.p().select(o.q(), o.q().not())),
                new Operation("float to whole", o -> o.x().cast(DType.I32)),
                new Operation("whole to float", o -> o.i().cast(DType.F32)),
                new Operation("float to truth", o -> o.x().cast(DType.BOOL)),
                new Operation("whole to truth", o -> o.i().cast(DType.BOOL)),
                new Operation("truth to float", o -> o.p().cast(DType.F32)),
                new Operation("truth to whole", o -> o.q().cast(DType.I32)),
                new Operation("logistic", o -> o.x().neg().exp().add(1).rsqrt().log()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void areTheSameWhereverItStands(Operation operation) {
        Object alone = elements(operation, 0, COUNT);
        for (int length : new int[] {1, 2, 15, 16, 17, 33, 47}) {
            for (int start : new int[] {0, COUNT / 2 + 3}) {
                same(operation + " of " + length, part(alone, start, length), elements(operation, start, length));
            }
        }
        same(operation + " once a row", alone, onceARow(operation, 1));
        same(operation + " once a row, in all of it", repeated(alone, 3), onceARow(operation, 3));
        for (int columns : new int[] {5, 32}) {
            same(operation + " between reductions of " + columns, alone, betweenReductions(operation, columns));
        }
    }

    private static Object elements(Operation operation, int start, int length) {
        Tracer t = new Tracer();
        t.output("result", operation.of().apply(Operands.of(name -> t.feed(name, dtype(name), Shape.of(length)))));
        Map<String, Object> inputs = new LinkedHashMap<>();
        VALUES.forEach((name, values) -> inputs.put(name, part(values, start, length)));
        return Runs.of(BACKEND, t.program(), inputs).get("result");
    }

    /** Operands are maxima of rows of equal elements, so the operation works on what is there once a row. */
    private static Object onceARow(Operation operation, int columns) {
        Tracer t = new Tracer();
        Tensor result = operation
                .of()
                .apply(Operands.of(
                        name -> t.feed(name, dtype(name), Shape.of(COUNT, 3)).maxKeepDims(1)));
        t.output("result", result.broadcast(Shape.of(COUNT, columns)));
        Map<String, Object> inputs = new LinkedHashMap<>();
        VALUES.forEach((name, values) -> inputs.put(name, repeated(values, 3)));
        return Runs.of(BACKEND, t.program(), inputs).get("result");
    }

    /** The same kernel sums rows and columns, and needs the result in a second pass over the row. */
    private static Object betweenReductions(Operation operation, int columns) {
        Shape shape = Shape.of(COUNT / columns, columns);
        Tracer t = new Tracer();
        Tensor result = operation.of().apply(Operands.of(name -> t.feed(name, dtype(name), shape)));
        t.output("result", result);
        Tensor floats = result.cast(DType.F32);
        t.output("centred", floats.sub(floats.sumKeepDims(1)).exp());
        t.output("columns", floats.sum(0));
        return Runs.of(BACKEND, t.program(), VALUES).get("result");
    }

    @Test
    void noOperationIsLeftOut() {
        Set<String> missing = new TreeSet<>();
        Stream.of(Op.UnaryKind.values(), Op.BinaryKind.values(), Op.CompareKind.values())
                .flatMap(Arrays::stream)
                .forEach(kind -> missing.add(kind.toString()));
        for (Operation operation : operations()) {
            Tracer t = new Tracer();
            t.output("result", operation.of().apply(Operands.of(name -> t.feed(name, dtype(name), Shape.of(1)))));
            for (Tensor node : t.program().nodes()) {
                switch (node.op()) {
                    case Op.Unary unary -> missing.remove(unary.kind().toString());
                    case Op.Binary binary -> missing.remove(binary.kind().toString());
                    case Op.Compare compare -> missing.remove(compare.kind().toString());
                    default -> {}
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void aReductionIsTheSameWhateverItsKernelDoesBeside(Shape shape) {
        Random random = new Random(shape.size());
        float[] x = new float[shape.size()];
        int[] i = new int[shape.size()];
        for (int at = 0; at < x.length; at++) {
            x[at] = (float) random.nextGaussian();
            i[at] = random.nextInt();
        }
        Map<String, Object> inputs = Map.of("x", x, "i", i);
        Map<String, Function<Operands, Tensor>> reductions = new LinkedHashMap<>();
        reductions.put("row sums", o -> o.x().sum(1));
        reductions.put("row maxima", o -> o.x().max(1));
        reductions.put("column sums", o -> o.x().sum(0));
        reductions.put("column maxima", o -> o.x().max(0));
        reductions.put("whole row sums", o -> o.i().sum(1));
        reductions.put("whole column maxima", o -> o.i().max(0));
        reductions.put("sum of all", o -> o.x().sum());
        reductions.put("row sums of exponentials", o -> o.x().exp().sum(1));
        reductions.put("column sums of exponentials", o -> o.x().exp().sum(0));
        reductions.forEach((name, reduction) -> {
            Tracer alone = new Tracer();
            alone.output("result", reduction.apply(inputs(alone, shape)));
            Tracer among = new Tracer();
            Operands o = inputs(among, shape);
            reductions.forEach((other, also) -> among.output(other, also.apply(o)));
            Tensor e = o.x().exp();
            among.output("softmax", e.div(e.sumKeepDims(1)));
            among.output("above", o.x().sub(o.x().maxKeepDims(1)));
            among.output("turned", e.matrixTranspose());
            among.output("result", reduction.apply(o));
            same(
                    name + " of " + shape,
                    Runs.of(BACKEND, alone.program(), inputs).get("result"),
                    Runs.of(BACKEND, among.program(), inputs).get("result"));
        });
    }

    private static Operands inputs(Tracer t, Shape shape) {
        Tensor x = t.feed("x", DType.F32, shape);
        Tensor i = t.feed("i", DType.I32, shape);
        return new Operands(x, x, i, i);
    }

    static List<Shape> sizes() {
        List<Shape> sizes = new ArrayList<>();
        for (int rows : new int[] {1, 7, 300}) {
            for (int columns : new int[] {1, 3, 16, 45, 1030, 2048}) {
                sizes.add(Shape.of(rows, columns));
            }
        }
        return sizes;
    }

    private static DType dtype(String name) {
        return name.equals("x") || name.equals("y") ? DType.F32 : DType.I32;
    }

    private static Map<String, Object> values() {
        Random random = new Random(11);
        float[] x = new float[COUNT];
        float[] y = new float[COUNT];
        int[] i = new int[COUNT];
        int[] j = new int[COUNT];
        int[] whole = {0, 1, -1, Integer.MAX_VALUE, Integer.MIN_VALUE, 1 << 24, (1 << 24) + 1};
        for (int at = 0; at < COUNT; at++) {
            float scale = (float) Math.pow(10, random.nextInt(-3, 3));
            x[at] = at < SPECIAL.length ? SPECIAL[at] : scale * (float) random.nextGaussian();
            y[at] = at % 5 == 0 ? SPECIAL[at / 5 % SPECIAL.length] : (float) random.nextGaussian();
            i[at] = at < whole.length ? whole[at] : random.nextInt(-50, 50);
            j[at] = at % 5 == 0 ? whole[at / 5 % whole.length] : random.nextInt();
        }
        return Map.of("x", x, "y", y, "i", i, "j", j);
    }

    private static Object part(Object values, int start, int length) {
        return switch (values) {
            case float[] floats -> Arrays.copyOfRange(floats, start, start + length);
            case int[] ints -> Arrays.copyOfRange(ints, start, start + length);
            default -> throw new IllegalArgumentException(values.getClass().getName());
        };
    }

    private static Object repeated(Object values, int times) {
        int[] bits = bits(values);
        int[] result = new int[bits.length * times];
        Arrays.setAll(result, at -> bits[at / times]);
        if (values instanceof int[]) {
            return result;
        }
        float[] floats = new float[result.length];
        for (int at = 0; at < floats.length; at++) {
            floats[at] = Float.intBitsToFloat(result[at]);
        }
        return floats;
    }

    /** All NaNs are one. */
    private static int[] bits(Object values) {
        if (values instanceof int[] ints) {
            return ints;
        }
        float[] floats = (float[]) values;
        int[] bits = new int[floats.length];
        Arrays.setAll(bits, at -> Float.floatToIntBits(floats[at]));
        return bits;
    }

    private static void same(String what, Object expected, Object actual) {
        int[] wanted = bits(expected);
        int[] got = bits(actual);
        assertEquals(wanted.length, got.length, what);
        for (int at = 0; at < wanted.length; at++) {
            if (wanted[at] != got[at]) {
                boolean floats = expected instanceof float[];
                assertEquals(
                        floats ? Float.intBitsToFloat(wanted[at]) + " " : "" + wanted[at],
                        floats ? Float.intBitsToFloat(got[at]) + "" : "" + got[at],
                        what + ", element " + at);
            }
        }
    }
}
