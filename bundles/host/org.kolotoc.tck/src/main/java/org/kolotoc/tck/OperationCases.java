package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Every primitive at sizes that are no multiple of any vector: odd, 1, 0, and large enough for several threads. */
final class OperationCases {
    private static final int[] SIZES = {0, 1, 3, 16, 17, 65, 1025, 40_001};
    private static final int[] EXTENTS = {0, 1, 3, 17, 65, 130};

    private OperationCases() {}

    static Stream<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int size : SIZES) {
            elementwise(cases, size);
        }
        for (int extent : EXTENTS) {
            reductions(cases, extent);
            movement(cases, extent);
        }
        windows(cases);
        windowsOfRows(cases);
        rows(cases);
        return Stream.of(
                        cases,
                        EdgeCases.all(),
                        OutsideCases.all(),
                        ProductCases.all(),
                        AttentionCases.all(),
                        ConvolutionCases.all(),
                        AxisCases.all(),
                        ScanCases.all())
                .flatMap(List::stream);
    }

    private static void elementwise(List<Case> cases, int size) {
        cases.add(Case.of("unary [" + size + "]", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size));
                    Tensor p = t.feed("p", DType.F32, Shape.of(size));
                    t.output("neg", x.neg());
                    t.output("abs", x.abs());
                    t.output("sign", x.sign());
                    t.output("exp", x.exp());
                    t.output("log", p.log());
                    t.output("sqrt", p.sqrt());
                    t.output("rsqrt", p.rsqrt());
                    t.output("tanh", x.tanh());
                    t.output("erf", x.erf());
                    t.output("sin", x.mul(4).sin());
                    t.output("cos", x.mul(4).cos());
                    t.output("floor", x.mul(3).floor());
                })
                .with("p", Values.positive()));
        cases.add(Case.of("binary [" + size + "]", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size));
                    Tensor y = t.feed("y", DType.F32, Shape.of(size));
                    Tensor p = t.feed("p", DType.F32, Shape.of(size));
                    t.output("add", x.add(y));
                    t.output("sub", x.sub(y));
                    t.output("mul", x.mul(y));
                    t.output("div", x.div(p));
                    t.output("max", x.maximum(y));
                    t.output("min", x.minimum(y));
                    t.output("pow", p.pow(y));
                    t.output("scalar", x.mul(2.5).add(1).div(3).sub(0.5));
                })
                .with("p", Values.positive()));
        cases.add(Case.of("integers [" + size + "]", t -> {
            Tensor a = t.feed("a", DType.I32, Shape.of(size));
            Tensor b = t.feed("b", DType.I32, Shape.of(size));
            t.output("neg", a.neg());
            t.output("abs", a.abs());
            t.output("sign", a.sign());
            t.output("add", a.add(b));
            t.output("sub", a.sub(b));
            t.output("mul", a.mul(b));
            t.output("max", a.maximum(b));
            t.output("min", a.minimum(b));
        }));
        cases.add(Case.of("truth [" + size + "]", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size));
                    Tensor y = t.feed("y", DType.F32, Shape.of(size));
                    Tensor a = t.feed("a", DType.I32, Shape.of(size));
                    Tensor b = t.feed("b", DType.I32, Shape.of(size));
                    Tensor c = t.feed("c", DType.BOOL, Shape.of(size));
                    t.output("eq", x.eq(y));
                    t.output("ne", x.ne(y));
                    t.output("lt", x.lt(y));
                    t.output("le", x.le(y));
                    t.output("gt", a.gt(b));
                    t.output("ge", a.ge(b));
                    t.output("equal", a.eq(b));
                    t.output("and", c.and(x.lt(y)));
                    t.output("or", c.or(a.ne(b)));
                    t.output("not", c.not());
                    t.output("select", c.select(x, y));
                    t.output("selectInteger", x.lt(y).select(a, b));
                    t.output("selectBool", c.select(x.lt(y), a.lt(b)));
                })
                .with("x", Values.integers(-2, 3))
                .with("y", Values.integers(-2, 3)));
        cases.add(Case.of("casts [" + size + "]", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(size));
                    Tensor a = t.feed("a", DType.I32, Shape.of(size));
                    Tensor c = t.feed("c", DType.BOOL, Shape.of(size));
                    t.output("truncated", x.mul(3).cast(DType.I32));
                    t.output("nonzero", a.cast(DType.BOOL));
                    t.output("nonzeroFloat", a.cast(DType.F32).cast(DType.BOOL));
                    t.output("float", a.cast(DType.F32));
                    t.output("ones", c.cast(DType.F32));
                    t.output("onesInteger", c.cast(DType.I32));
                    t.output("stopped", x.stopGradient());
                    t.output(
                            "held",
                            x.optimizationBarrier(a)
                                    .mul(2)
                                    .optimizationBarrier(c)
                                    .neg());
                })
                .bits());
        cases.add(Case.of("leaves [" + size + "]", t -> {
                    Tensor key = t.feed("key", DType.I32, Shape.of(2));
                    t.output("iota", t.iota(Shape.of(size), 0));
                    t.output("rows", t.iota(Shape.of(3, size), 0));
                    t.output("constant", t.constant(-1.5, DType.F32, Shape.of(size)));
                    t.output("uniform", t.uniform(key, Shape.of(size)));
                    t.output("another", t.uniform(key, Shape.of(2, size)));
                    t.output("stream", t.uniform(key, Shape.of(size), 99));
                })
                .bits());
        cases.add(literals(size));
        cases.add(Case.of("normal [" + size + "]", t -> {
            Tensor key = t.feed("key", DType.I32, Shape.of(2));
            Tensor normal = t.normal(key, Shape.of(size));
            t.output("normal", normal);
            t.output("another", t.normal(key, Shape.of(2, size)).mul(0.5).add(3));
            t.output("stream", t.normal(key, Shape.of(size), 99));
            t.output("sum", normal.sum());
        }));
    }

    /** Of any size, read by kernels, by rows, by products and as they are; among them numbers that no operation makes. */
    private static Case literals(int size) {
        int[] ints = new int[size];
        float[] floats = new float[3 * size];
        for (int i = 0; i < floats.length; i++) {
            ints[i / 3] = Integer.MIN_VALUE + 77 * i;
            floats[i] = i % 7 == 5 ? Float.POSITIVE_INFINITY : (i % 31 - 12) * 0.375f;
        }
        return Case.of("literals [" + size + "]", t -> {
                    Tensor table = t.constant(floats, Shape.of(size, 3));
                    Tensor numbers = t.constant(ints, Shape.of(size));
                    Tensor x = t.feed("x", DType.F32, Shape.of(size, 3));
                    Tensor index = t.feed("index", DType.I32, Shape.of(7));
                    t.output("table", table);
                    t.output("numbers", numbers);
                    t.output("turned", table.matrixTranspose());
                    t.output("larger", table.maximum(x));
                    t.output("rows", table.gather(index));
                    t.output("picked", numbers.gather(index).add(t.constant(1, DType.I32)));
                    t.output("side by side", Tensor.concat(0, List.of(table, x, table)));
                    Tensor finite = t.constant(new float[] {0.5f, -2, 4, 0, 1, -0.0f}, Shape.of(3, 2));
                    t.output("product", x.sign().matmul(finite));
                    t.update(t.state("s", DType.F32, Shape.of(size, 3)), table);
                    t.update(t.state("n", DType.I32, Shape.of(size)), numbers);
                })
                .with("index", Values.integers(-1, size + 1))
                .bits();
    }

    private static void reductions(List<Case> cases, int extent) {
        for (Shape shape :
                List.of(Shape.of(extent), Shape.of(5, extent), Shape.of(extent, 33), Shape.of(3, extent, 7))) {
            cases.add(Case.of("reduce " + shape, t -> {
                Tensor x = t.feed("x", DType.F32, shape);
                Tensor a = t.feed("a", DType.I32, shape);
                t.output("sum", x.sum());
                t.output("max", x.max());
                t.output("integers", a.sum());
                for (int axis = 0; axis < shape.rank(); axis++) {
                    t.output("sum" + axis, x.sum(axis));
                    t.output("max" + axis, x.max(axis));
                    t.output("integers" + axis, a.sum(axis));
                    t.output("largest" + axis, a.max(axis));
                    t.output("keeping" + axis, x.mul(x).sumKeepDims(axis));
                }
                if (shape.rank() == 3) {
                    t.output("outer", x.sum(0, 1));
                    t.output("split", x.sum(0, 2));
                    t.output("inner", x.max(1, 2));
                }
            }));
        }
        cases.add(Case.of("broadcast " + extent, t -> {
            Tensor column = t.feed("column", DType.F32, Shape.of(extent, 1));
            Tensor row = t.feed("row", DType.F32, Shape.of(extent));
            Tensor matrix = t.feed("matrix", DType.F32, Shape.of(4, extent));
            Tensor scalar = t.feed("scalar", DType.F32, Shape.scalar());
            t.output("columns", column.broadcast(Shape.of(extent, 5)));
            t.output("rows", row.broadcast(Shape.of(2, 3, extent)));
            t.output("filled", scalar.broadcast(Shape.of(3, extent)));
            t.output("grid", column.add(row));
            t.output("bias", matrix.add(row).mul(scalar));
            t.output("middle", matrix.reshape(4, 1, extent).add(t.constant(0, DType.F32, Shape.of(2, 1))));
        }));
    }

    private static void movement(List<Case> cases, int extent) {
        cases.add(Case.of("movement " + extent, t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(3, extent, 4));
                    t.output("reshape", x.reshape(Shape.of(extent, 12)));
                    t.output("t021", x.transpose(0, 2, 1));
                    t.output("t102", x.transpose(1, 0, 2));
                    t.output("t120", x.transpose(1, 2, 0));
                    t.output("t201", x.transpose(2, 0, 1));
                    t.output("t210", x.transpose(2, 1, 0));
                    t.output(
                            "mixed",
                            x.transpose(1, 0, 2).reshape(Shape.of(extent, 12)).matrixTranspose());
                    t.output("slice", x.slice(1, extent / 3, extent).slice(0, 1, 2));
                    t.output("none", x.slice(2, 2, 2));
                    t.output("pad", x.pad(1, 2, 3, -7));
                    t.output("padded", x.pad(0, 0, 1, 0).pad(2, 1, 0, 1));
                    t.output("concat", Tensor.concat(1, List.of(x, x.slice(1, 0, extent / 2), x)));
                    t.output("last", Tensor.concat(2, List.of(x.slice(2, 3, 4), x)));
                    t.output(
                            "integers",
                            t.feed("a", DType.I32, Shape.of(extent, 2)).matrixTranspose());
                })
                .bits());
    }

    private static void windows(List<Case> cases) {
        for (int start : new int[] {-4, 0, 1, 5, 100}) {
            cases.add(Case.of("window at " + start, t -> {
                        Tensor x = t.feed("x", DType.F32, Shape.of(3, 9, 5));
                        Tensor at = t.feed("at", DType.I32, Shape.scalar());
                        Tensor state = t.state("state", DType.F32, Shape.of(2, 11, 3));
                        Tensor line = t.feed("line", DType.F32, Shape.of(2, 1, 3));
                        t.output("middle", x.dynamicSlice(1, at, 4));
                        t.output("outer", x.dynamicSlice(0, at, 1));
                        t.output("inner", x.dynamicSlice(2, at, 5));
                        t.output("written", x.dynamicUpdate(1, x.slice(1, 2, 4), at));
                        Tensor updated = state.dynamicUpdate(1, line, at);
                        t.update(state, updated);
                        t.output("read", updated.sum(1));
                    })
                    .with("at", Values.of(start)));
        }
    }

    /** Each row at a start of its own, some of them outside. */
    private static void windowsOfRows(List<Case> cases) {
        for (int batch : new int[] {0, 1, 2, 5}) {
            cases.add(Case.of("windows at a start for each of " + batch + " rows", t -> {
                        Tensor x = t.feed("x", DType.F32, Shape.of(batch, 9, 3));
                        Tensor a = t.feed("a", DType.I32, Shape.of(batch, 2, 7));
                        Tensor at = t.feed("at", DType.I32, Shape.of(batch));
                        Tensor cache = t.state("cache", DType.F32, Shape.of(batch, 2, 11, 3));
                        Tensor line = t.feed("line", DType.F32, Shape.of(batch, 2, 2, 3));
                        t.output("middle", x.dynamicSlice(1, at, 4));
                        t.output("last", x.dynamicSlice(2, at, 2));
                        t.output("whole", x.dynamicSlice(1, at, 9));
                        t.output("none", x.dynamicSlice(1, at, 0));
                        t.output("integers", a.dynamicSlice(-1, at, 3));
                        t.output("written", x.dynamicUpdate(1, x.slice(1, 2, 4).neg(), at));
                        t.output(
                                "computed",
                                x.dynamicSlice(1, at.add(at.constant(1)).neg(), 2));
                        Tensor appended = cache.dynamicUpdate(2, line, at);
                        t.update(cache, appended);
                        t.output("read", appended.sum(2));
                    })
                    .with("at", Values.of(3, -2, 100, 0, 6))
                    .times(2));
        }
    }

    private static void rows(List<Case> cases) {
        for (int[] size : new int[][] {{7, 5, 1}, {65, 768, 128}, {1, 3, 17}, {5, 0, 4}, {4, 6, 0}, {33, 129, 31}}) {
            int rows = size[0];
            int count = size[1];
            int width = size[2];
            String name = rows + " rows of " + width + ", " + count + " indices";
            cases.add(Case.of("gather " + name, t -> {
                        Tensor index = t.feed("index", DType.I32, Shape.of(count));
                        t.output(
                                "rows",
                                t.feed("table", DType.F32, Shape.of(rows, width))
                                        .gather(index));
                        t.output(
                                "grid",
                                t.feed("table", DType.F32, Shape.of(rows, width))
                                        .gather(index.reshape(1, count)));
                        t.output(
                                "flat",
                                t.feed("line", DType.I32, Shape.of(rows)).gather(index));
                    })
                    .with("index", Values.integers(-1, rows + 1))
                    .bits());
            cases.add(Case.of("scatter " + name, t -> {
                        Tensor index = t.feed("index", DType.I32, Shape.of(count));
                        Tensor updates = t.feed("updates", DType.F32, Shape.of(count, width));
                        t.output("sums", updates.scatterAdd(index, rows));
                        t.output(
                                "flat",
                                t.feed("line", DType.F32, Shape.of(count)).scatterAdd(index, rows));
                    })
                    .with("index", Values.integers(-1, rows + 1)));
        }
    }
}
