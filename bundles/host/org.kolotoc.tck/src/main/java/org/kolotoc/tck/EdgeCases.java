package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Where arithmetic ends: infinities, NaN, zeros of either sign, overflow, subnormal numbers, indices that lie outside. */
final class EdgeCases {
    private static final double INFINITY = Double.POSITIVE_INFINITY;
    private static final double NAN = Double.NaN;

    private EdgeCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        unary(cases);
        binary(cases);
        integers(cases);
        reductions(cases);
        constants(cases);
        products(cases);
        return cases;
    }

    private static void unary(List<Case> cases) {
        int size = Edges.FLOATS.length;
        cases.add(Case.of("exact functions of edges", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size));
                    t.output("neg", x.neg());
                    t.output("abs", x.abs());
                    t.output("sign", x.sign());
                    t.output("floor", x.floor());
                    t.output("integer", x.cast(DType.I32));
                    t.output("truth", x.cast(DType.BOOL));
                    t.output("relu", Functions.relu(x));
                    t.output("least", x.minimum(0));
                })
                .with("x", Values.of(Edges.FLOATS))
                .bits());
        cases.add(Case.of("elementary functions of edges", t -> elementary(t, t.feed("x", DType.F32, Shape.of(size))))
                .with("x", Values.of(Edges.FLOATS)));
        cases.add(Case.of(
                        "elementary functions of one edge", t -> elementary(t, t.feed("x", DType.F32, Shape.scalar())))
                .with("x", Values.of(-0.0)));
        cases.add(Case.of("exponentials and logarithms near their ends", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(40));
                    t.output("exp", x.exp());
                    t.output("log", x.log());
                    t.output("tanh", x.tanh());
                    t.output("erf", x.erf());
                })
                .with(
                        "x",
                        Values.of(
                                88.72,
                                88.73,
                                89,
                                -87.3,
                                1 + 0x1p-23,
                                1 - 0x1p-24,
                                1.0001,
                                0.9999,
                                9,
                                9.2,
                                -3.99,
                                4.01,
                                0.7071067,
                                1.4142135,
                                1e-10,
                                -1e-20,
                                0x1p-100,
                                0x1p127)));
        cases.add(Case.of(
                        "what underflows is exactly 0",
                        t -> t.output(
                                "exp", t.feed("x", DType.F32, Shape.of(40)).exp()))
                .with("x", Values.of(-1e9, -1e4, -500, -150, -INFINITY))
                .bits());
        cases.add(Case.of("subnormal numbers", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(35));
                    t.output("same", x.add(t.feed("zero", DType.F32, Shape.of(35))));
                    t.output("neg", x.neg());
                    t.output("twice", x.mul(2));
                    t.output("half", x.mul(0.5));
                    t.output("greatest", x.maximum(0));
                    t.output("sqrt", x.abs().sqrt());
                    t.output("log", x.abs().log());
                    t.output("tanh", x.tanh());
                    t.output("exp", t.feed("small", DType.F32, Shape.of(35)).exp());
                    t.output("positive", x.gt(x.constant(0)));
                    t.output("sum", x.reshape(5, 7).sum(1));
                    t.output("maximum", x.reshape(5, 7).max(0));
                })
                .with("x", Values.of(Edges.SUBNORMAL))
                .with("zero", Values.of(0))
                .with("small", Values.of(-88, -90, -95, -100, -103.9, -103.98, -104.5))
                .subnormals());
    }

    /** Results and the signs of those that are 0, which a reciprocal shows. */
    private static void elementary(Tracer t, Tensor x) {
        List<UnaryOperator<Tensor>> odd = List.of(Tensor::sqrt, Tensor::tanh, Tensor::erf, Tensor::sin, Tensor::rsqrt);
        for (int i = 0; i < odd.size(); i++) {
            Tensor y = odd.get(i).apply(x);
            t.output("odd" + i, y);
            t.output("sign" + i, y.eq(y.constant(0)).select(y.constant(1).div(y), y.constant(0)));
        }
        t.output("exp", x.exp());
        t.output("log", x.log());
        t.output("cos", x.cos());
        t.output("sigmoid", Functions.sigmoid(x));
        t.output("square", x.mul(x));
        t.output("reciprocal", x.constant(1).div(x));
    }

    private static void binary(List<Case> cases) {
        int size = Edges.FLOATS.length;
        cases.add(Case.of("choices between all pairs of edges", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size, 1));
                    Tensor y = t.feed("y", DType.F32, Shape.of(size));
                    t.output("max", x.maximum(y));
                    t.output("min", x.minimum(y));
                    t.output("eq", x.eq(y));
                    t.output("ne", x.ne(y));
                    t.output("lt", x.lt(y));
                    t.output("le", x.le(y));
                    t.output("gt", x.gt(y));
                    t.output("ge", x.ge(y));
                    t.output("select", x.lt(y).select(x, y));
                    t.output("not", x.lt(y).not().and(x.ge(y)).or(y.eq(y)));
                })
                .with("x", Values.of(Edges.FLOATS))
                .with("y", Values.of(Edges.FLOATS))
                .bits());
        cases.add(Case.of("arithmetic of all pairs of edges", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size, 1));
                    Tensor y = t.feed("y", DType.F32, Shape.of(size));
                    t.output("add", x.add(y));
                    t.output("sub", x.sub(y));
                    t.output("mul", x.mul(y));
                    t.output("div", x.div(y));
                    t.output("pow", x.pow(y));
                })
                .with("x", Values.of(Edges.FLOATS))
                .with("y", Values.of(Edges.FLOATS))
                .subnormals());
        cases.add(Case.of("arithmetic of two edges", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.scalar());
                    Tensor y = t.feed("y", DType.F32, Shape.scalar());
                    t.output("max", x.maximum(y));
                    t.output("min", x.minimum(y));
                    t.output("pow", x.pow(y));
                    t.output("one", x.constant(1).pow(y));
                    t.output("eq", y.eq(y));
                    t.output("ne", y.ne(y));
                    t.output("lt", x.lt(y));
                    t.output("truth", y.cast(DType.BOOL));
                    t.output("integer", y.cast(DType.I32));
                    t.output("floor", x.floor());
                })
                .with("x", Values.of(-0.0))
                .with("y", Values.of(NAN))
                .bits());
    }

    private static void integers(List<Case> cases) {
        int size = Edges.INTS.length;
        cases.add(Case.of("integers that wrap around", t -> {
                    Tensor a = t.feed("a", DType.I32, Shape.of(size, 1));
                    Tensor b = t.feed("b", DType.I32, Shape.of(size));
                    Tensor one = t.feed("one", DType.I32, Shape.scalar());
                    t.output("neg", b.neg());
                    t.output("abs", b.abs());
                    t.output("sign", b.sign());
                    t.output("float", b.cast(DType.F32));
                    t.output("back", b.cast(DType.F32).cast(DType.I32));
                    t.output("truth", b.cast(DType.BOOL));
                    t.output("add", a.add(b));
                    t.output("sub", a.sub(b));
                    t.output("mul", a.mul(b));
                    t.output("max", a.maximum(b));
                    t.output("min", a.minimum(b));
                    t.output("eq", a.eq(b));
                    t.output("lt", a.lt(b));
                    t.output("le", a.le(b));
                    t.output("sums", a.add(b).sum(0));
                    t.output("rows", a.mul(b).sum(1));
                    t.output("all", a.add(b).sum());
                    t.output("maxima", a.sub(b).max(0));
                    t.output("largest", a.sub(b).max(1));
                    t.output("scalar", one.neg().abs());
                    t.output("more", one.sub(one.constant(1)).mul(one.constant(3)));
                })
                .with("a", Values.of(Edges.INTS))
                .with("b", Values.of(Edges.INTS))
                .with("one", Values.of(Integer.MIN_VALUE)));
        cases.add(Case.of("random keys and counters of any sign", t -> {
                    Tensor key = t.feed("key", DType.I32, Shape.of(2));
                    t.output("uniform", t.uniform(key, Shape.of(3, 19), -1));
                    t.output("other", t.uniform(key, Shape.of(33), Integer.MIN_VALUE));
                })
                .with("key", Values.of(Integer.MIN_VALUE, -1))
                .bits());
    }

    private static void reductions(List<Case> cases) {
        for (int width : new int[] {2, 3, 16, 37}) {
            Shape shape = Shape.of(8, width);
            // One edge a row, at its beginning, its middle or its end.
            Values rows = (random, index) -> {
                int row = index / width;
                int column = index % width;
                return switch (row) {
                    case 0 -> -INFINITY;
                    case 1 -> column == width - 1 ? NAN : random.normal(index);
                    case 2 -> column == 0 ? NAN : -INFINITY;
                    case 3 -> column == 0 ? INFINITY : column == width - 1 ? -INFINITY : 1;
                    case 4 -> column == width / 2 ? 0 : -0.0;
                    case 5 -> -0.0;
                    case 6 -> column == 1 ? INFINITY : random.normal(index);
                    default -> random.normal(index);
                };
            };
            cases.add(Case.of("maxima with edges, " + width + " wide", t -> {
                        Tensor x = t.feed("x", DType.F32, shape);
                        Tensor turned = t.feed("turned", DType.F32, Shape.of(width, 8));
                        t.output("rows", x.max(1));
                        t.output("columns", x.max(0));
                        t.output("all", x.max());
                        t.output("few", x.slice(0, 4, 6).max());
                        t.output("other rows", turned.max(0));
                        t.output("middle", turned.reshape(1, width, 8).max(0, 1));
                    })
                    .with("x", rows)
                    .with("turned", (random, index) -> rows.at(random, index % 8 * width + index / 8))
                    .bits());
            cases.add(Case.of("sums with edges, " + width + " wide", t -> {
                        Tensor x = t.feed("x", DType.F32, shape);
                        t.output("rows", x.sum(1));
                        t.output("columns", x.sum(0));
                        t.output("all", x.sum());
                        t.output("softmax", Functions.softmax(x));
                        t.output("mean", Functions.meanKeepDims(x, 1));
                    })
                    .with("x", rows));
        }
    }

    private static void constants(List<Case> cases) {
        cases.add(Case.of("constants at the edges of their types", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(19));
                    Tensor a = t.feed("a", DType.I32, Shape.of(19));
                    double[] floats = {NAN, INFINITY, -INFINITY, -0.0, Float.MAX_VALUE, Float.MIN_VALUE, 0.1, 1e-60};
                    for (int i = 0; i < floats.length; i++) {
                        Tensor constant = t.constant(floats[i], DType.F32, Shape.of(19));
                        t.output("float" + i, constant);
                        t.output("negative" + i, constant.neg());
                        t.output("greatest" + i, x.maximum(floats[i]));
                        t.output("smaller" + i, x.lt(constant));
                        t.output("padded" + i, x.pad(0, 1, 2, floats[i]));
                    }
                    double[] ints = {0, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, (1 << 24) + 1};
                    for (int i = 0; i < ints.length; i++) {
                        Tensor constant = t.constant(ints[i], DType.I32, Shape.of(19));
                        t.output("int" + i, constant);
                        t.output("negated" + i, constant.neg());
                        t.output("absolute" + i, constant.abs());
                        t.output("sum" + i, constant.add(constant));
                        t.output("product" + i, a.mul(constant));
                        t.output("rounded" + i, constant.cast(DType.F32));
                        t.output("filled" + i, a.pad(0, 0, 3, ints[i]));
                    }
                    t.output("truth", a.lt(a.constant(3)).pad(0, 2, 1, 1));
                    t.output("false", t.constant(0, DType.BOOL, Shape.of(3)));
                    Tensor big = t.constant(3e38);
                    t.output("infinite", big.add(big).add(x));
                    t.output("none", big.mul(10).sub(big.mul(10)).add(x));
                    t.output("by zero", x.constant(1).div(x.constant(0)).maximum(x));
                })
                .with("x", Values.of(0, -0.0, 1, NAN, -INFINITY, 2.5, Float.MAX_VALUE))
                .with("a", Values.of(Edges.INTS))
                .bits());
    }

    private static void products(List<Case> cases) {
        cases.add(Case.of("products of what is not finite", t -> {
                    Tensor a = t.feed("a", DType.F32, Shape.of(7, 9));
                    Tensor b = t.feed("b", DType.F32, Shape.of(9, 20));
                    t.output("left", a.matmul(b));
                    t.output("right", b.matrixTranspose().matmul(a.matrixTranspose()));
                    t.output("biased", a.matmul(b).add(t.feed("bias", DType.F32, Shape.of(20))));
                    t.output("one", a.slice(0, 2, 3).matmul(b));
                })
                .with("a", (random, index) -> switch (index) {
                    case 9 + 4 -> NAN;
                    case 2 * 9 + 8 -> INFINITY;
                    case 4 * 9 -> -INFINITY;
                    case 5 * 9 + 3 -> 3e38;
                    default -> random.normal(index);
                })
                .with(
                        "b",
                        (random, index) -> index == 33 ? NAN : index == 57 ? 1e38 : Math.abs(random.normal(index)) + 2)
                .with("bias", Values.of(1, INFINITY, -1)));
        cases.add(Case.of("one product each", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(31, 1));
                    Tensor one = t.feed("one", DType.F32, Shape.of(1, 1));
                    t.output("f32", x.matmul(one));
                    try (Tracer.Scope _ = t.products(Op.Precision.BF16)) {
                        t.output("bf16", x.matmul(one));
                        t.output("row", one.matmul(x.matrixTranspose()));
                        t.output("rows", x.matmul(t.feed("ones", DType.F32, Shape.of(1, 40))));
                    }
                    try (Tracer.Scope _ = t.products(Op.Precision.TF32)) {
                        t.output("tf32", x.matmul(one));
                        t.output("tf32 rows", x.matmul(t.feed("ones", DType.F32, Shape.of(1, 40))));
                    }
                })
                .with(
                        "x",
                        Values.of(
                                NAN,
                                INFINITY,
                                -INFINITY,
                                Float.MAX_VALUE,
                                -Float.MAX_VALUE,
                                0x1.fep127,
                                0x1.feffp127,
                                0x1.ffp127,
                                Float.MIN_NORMAL,
                                1,
                                1.00390625,
                                1.01171875,
                                1 + 0x1p-8,
                                1 + 0x1p-8 + 0x1p-20,
                                1 + 0x1.8p-7,
                                -1 - 0x1p-23,
                                3.14159265,
                                0,
                                -0.0,
                                0x1p-100,
                                0x1.01p100,
                                0x1.03p-90,
                                0x1.03p90,
                                1e-30,
                                0x1.ffcp127,
                                0x1.ffdep127,
                                0x1.ffep127,
                                1 + 0x1p-11,
                                1 + 0x1p-11 + 0x1p-20,
                                -1 - 0x1.8p-10,
                                0x1.006p-90))
                .with("one", Values.of(1))
                .with("ones", Values.of(1, 2, 0.5)));
        for (double scale : new double[] {-0.7, 0, -0.0, -40, 1e-60, 1e30}) {
            for (boolean causal : new boolean[] {false, true}) {
                cases.add(AttentionCases.plain(19, 23, 6, 5, scale, causal));
            }
        }
        cases.add(Case.of("scores far below zero", t -> {
                    Tensor q = t.feed("q", DType.F32, Shape.of(2, 7, 4));
                    Tensor k = t.feed("k", DType.F32, Shape.of(2, 7, 4));
                    Tensor v = t.feed("v", DType.F32, Shape.of(2, 7, 4));
                    t.output("y", Functions.attention(q, k, v, 1, true));
                })
                .with("q", Values.of(-3e8))
                .with("k", Values.of(1e3)));
    }
}
