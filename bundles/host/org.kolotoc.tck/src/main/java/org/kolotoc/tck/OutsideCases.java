package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Indices and windows beyond what is there, tensors of one element without an axis, and tensors of none. */
final class OutsideCases {
    private OutsideCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        indices(cases);
        shapes(cases);
        return cases;
    }

    private static void indices(List<Case> cases) {
        cases.add(Case.of("indices far outside", t -> {
                    Tensor index = t.feed("index", DType.I32, Shape.of(11));
                    Tensor table = t.feed("table", DType.F32, Shape.of(5, 3));
                    t.output("gathered", table.gather(index));
                    t.output(
                            "integers",
                            t.feed("ints", DType.I32, Shape.of(5, 2)).gather(index));
                    t.output("true", t.feed("truths", DType.BOOL, Shape.of(5)).gather(index));
                    t.output(
                            "scattered",
                            t.feed("updates", DType.F32, Shape.of(11, 3)).scatterAdd(index, 5));
                    t.output("single", table.gather(t.feed("at", DType.I32, Shape.scalar())));
                    t.output(
                            "dropped",
                            t.feed("row", DType.F32, Shape.of(3))
                                    .scatterAdd(t.feed("at", DType.I32, Shape.scalar()), 4));
                    t.output("empty", table.slice(0, 2, 2).gather(index));
                    t.output(
                            "nowhere",
                            t.feed("updates", DType.F32, Shape.of(11, 3)).scatterAdd(index, 0));
                    Tensor targets = t.feed("targets", DType.I32, Shape.of(5));
                    t.output("loss", Functions.crossEntropy(table, targets));
                    t.output("hot", Functions.oneHot(targets, 3));
                })
                .with(
                        "index",
                        Values.of(
                                Integer.MIN_VALUE,
                                -1,
                                0,
                                4,
                                5,
                                Integer.MAX_VALUE,
                                1 << 30,
                                -(1 << 30),
                                2,
                                2,
                                1_431_655_766))
                .with("at", Values.of(Integer.MAX_VALUE))
                .with("targets", Values.of(-1, 0, 2, 3, Integer.MIN_VALUE)));
        cases.add(Case.of("what is gathered and scattered is not finite", t -> {
                    Tensor index = t.feed("index", DType.I32, Shape.of(6));
                    t.output(
                            "gathered",
                            t.feed("table", DType.F32, Shape.of(5, 3)).gather(index));
                    t.output(
                            "scattered",
                            t.feed("updates", DType.F32, Shape.of(6, 3)).scatterAdd(index, 5));
                })
                .with("index", Values.of(0, 3, -1, 3, 1, 7))
                .with("table", Values.of(Double.NaN, 1, Double.POSITIVE_INFINITY, -0.0))
                .with("updates", Values.of(1, Double.POSITIVE_INFINITY, 2, Double.NEGATIVE_INFINITY, Double.NaN)));
        for (int start : new int[] {Integer.MIN_VALUE, Integer.MAX_VALUE}) {
            cases.add(Case.of("window at " + start, t -> {
                        Tensor x = t.feed("x", DType.F32, Shape.of(3, 9, 5));
                        Tensor at = t.feed("at", DType.I32, Shape.scalar());
                        t.output("middle", x.dynamicSlice(1, at, 4));
                        t.output("none", x.dynamicSlice(1, at, 0));
                        t.output("whole", x.dynamicSlice(2, at, 5));
                        t.output("written", x.dynamicUpdate(1, x.slice(1, 2, 4), at));
                        t.output("unwritten", x.dynamicUpdate(1, x.slice(1, 2, 2), at));
                        t.output("of nothing", x.slice(2, 1, 1).dynamicSlice(1, at, 4));
                        t.output("empty axis", x.slice(1, 3, 3).dynamicSlice(1, at, 0));
                    })
                    .with("at", Values.of(start))
                    .bits());
        }
    }

    private static void shapes(List<Case> cases) {
        cases.add(Case.of("scalars", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.scalar());
            Tensor a = t.feed("a", DType.I32, Shape.scalar());
            Tensor c = t.feed("c", DType.BOOL, Shape.scalar());
            Tensor s = t.state("s", DType.F32, Shape.scalar());
            t.output("sum", x.sum());
            t.output("max", x.max().exp());
            t.output("select", c.select(x, x.neg()));
            t.output("reshaped", x.reshape(1, 1));
            t.output("back", x.reshape(1).reshape(Shape.scalar()));
            t.output("broadcast", x.broadcast(Shape.of(3, 0, 2)));
            t.output("filled", a.broadcast(Shape.of(2, 3)));
            t.output("transposed", x.transpose());
            t.output("cast", a.cast(DType.F32).add(c.cast(DType.F32)));
            t.output("uniform", t.uniform(a.broadcast(Shape.of(2)), Shape.scalar()));
            t.output("stopped", x.stopGradient().optimizationBarrier(a));
            t.output("softmax", Functions.softmax(x.reshape(1)));
            t.update(s, s.add(x));
        }));
        cases.add(Case.of("nothing at all", t -> {
            Tensor none = t.feed("none", DType.F32, Shape.of(0, 4));
            Tensor x = t.feed("x", DType.F32, Shape.of(3, 4));
            Tensor state = t.state("state", DType.F32, Shape.of(2, 0));
            t.output("padded", none.pad(0, 1, 2, 7));
            t.output("joined", Tensor.concat(0, List.of(none, x, none)));
            t.output("all", Tensor.concat(0, List.of(none, none)));
            t.output("reshaped", none.reshape(2, 0, 5));
            t.output("turned", none.matrixTranspose().exp());
            t.output("sum", none.sum(0).add(x.sum(0)));
            t.output("max", none.max(0));
            t.output("total", none.sum().add(none.max()));
            t.output("rows", none.sum(1));
            t.output("sliced", x.slice(0, 1, 1).slice(1, 2, 2));
            t.output("product", none.matrixTranspose().matmul(none));
            t.output("outer", none.matmul(x.matrixTranspose()));
            t.output("softmax", Functions.softmax(none.matrixTranspose()));
            t.output("iota", t.iota(Shape.of(0, 3), 1));
            t.output("integers", t.feed("a", DType.I32, Shape.of(0, 4)).max(0));
            t.output("sums", t.feed("a", DType.I32, Shape.of(0, 4)).sum());
            t.update(state, state.mul(2));
        }));
    }
}
