package org.kolotoc.tck.onnx;

import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Operators that gather along axes. */
final class Reductions {
    static final Map<String, Operator> ROWS = Map.ofEntries(
            Map.entry("Softmax", Operator.of(c -> onLast(c.x(0), c.integer("axis", -1), Functions::softmax))),
            Map.entry("LogSoftmax", Operator.of(c -> onLast(c.x(0), c.integer("axis", -1), Functions::logSoftmax))),
            Map.entry("ReduceSum", reducing(x -> x, Tensor::sum)),
            Map.entry("ReduceMax", reducing(x -> x, Reductions::largest)),
            Map.entry("ReduceMean", reducing(x -> x, Functions::mean)),
            Map.entry(
                    "ReduceL2",
                    reducing(Tensor::abs, (x, axes) -> x.mul(x).sum(axes).sqrt())),
            Map.entry(
                    "ReduceSumSquare",
                    reducing(x -> x.mul(x), (x, axes) -> x.mul(x).sum(axes))),
            Map.entry(
                    "ReduceLogSumExp",
                    reducing(x -> x, (x, axes) -> x.exp().sum(axes).log())),
            Map.entry(
                    "GlobalAveragePool",
                    Operator.of(c -> mean(
                            c.x(0), IntStream.range(2, c.x(0).shape().rank()).toArray()))),
            Map.entry("CumSum", Operator.of(Reductions::cumulative)));

    private Reductions() {}

    /** A function of the last axis, done along another. */
    static Tensor onLast(Tensor x, int axis, UnaryOperator<Tensor> function) {
        int[] order = IntStream.range(0, x.shape().rank()).toArray();
        int at = x.shape().axis(axis);
        order[at] = order.length - 1;
        order[order.length - 1] = at;
        return function.apply(x.transpose(order)).transpose(order);
    }

    /** The mean over axes, which stay with extent 1. */
    static Tensor mean(Tensor x, int... axes) {
        return keeping(x.shape(), Functions.mean(x, axes), axes);
    }

    private static Tensor keeping(Shape shape, Tensor reduced, int... axes) {
        Shape kept = shape;
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        return reduced.reshape(kept);
    }

    private static Tensor largest(Tensor x, int... axes) {
        return x.dtype() == DType.BOOL ? x.cast(DType.I32).max(axes).cast(DType.BOOL) : x.max(axes);
    }

    /**
     * A reduction over the axes that an attribute or the second input names.
     *
     * @param alone what becomes of an element when no axis is reduced
     */
    private static Operator reducing(UnaryOperator<Tensor> alone, BiFunction<Tensor, int[], Tensor> reduction) {
        return Operator.of(c -> {
            Tensor x = c.x(0);
            int[] axes = c.names("axes") ? c.integers("axes") : c.has(1) ? c.constant(1) : new int[0];
            boolean keeps = c.integer("keepdims", 1) == 1;
            if (c.flag("noop_with_empty_axes") && axes.length == 0) {
                return alone.apply(x);
            }
            int rank = x.shape().rank();
            int[] chosen = axes.length == 0 ? IntStream.range(0, rank).toArray() : axes;
            Tensor reduced = chosen.length == 0 ? alone.apply(x) : reduction.apply(x, chosen);
            return keeps ? keeping(x.shape(), reduced, chosen) : reduced;
        });
    }

    private static Tensor cumulative(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int axis = (int) c.scalar(1);
        boolean reverse = c.flag("reverse");
        boolean exclusive = c.flag("exclusive");
        int n = x.shape().extent(x.shape().axis(axis));
        Tensor sum = c.trace.iota(Shape.of(n, n), 0);
        Tensor addend = c.trace.iota(Shape.of(n, n), 1);
        Tensor first = reverse ? sum : addend;
        Tensor second = reverse ? addend : sum;
        Tensor taken = exclusive ? first.lt(second) : first.le(second);
        return onLast(x, axis, last -> {
            int[] extents = IntStream.concat(IntStream.of(last.shape().extents()), IntStream.of(n))
                    .toArray();
            extents[extents.length - 2] = 1;
            return taken.select(last.reshape(extents), x.constant(0)).sum(-1);
        });
    }
}
