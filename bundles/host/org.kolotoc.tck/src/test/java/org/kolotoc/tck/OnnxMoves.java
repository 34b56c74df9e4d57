package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.kolotoc.tck.OnnxCall.NotCovered;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** ONNX operators that move elements: parts of a tensor, repetitions, what lies at positions. */
final class OnnxMoves {
    private OnnxMoves() {}

    /** A function of the last axis, done along another. */
    static Tensor onLast(Tensor x, int axis, UnaryOperator<Tensor> function) {
        int[] order = IntStream.range(0, x.shape().rank()).toArray();
        int at = x.shape().axis(axis);
        order[at] = order.length - 1;
        order[order.length - 1] = at;
        return function.apply(x.transpose(order)).transpose(order);
    }

    static Tensor slice(OnnxCall c) {
        Tensor x = c.x(0);
        int[] starts = c.constant(1);
        int[] ends = c.constant(2);
        int[] axes =
                c.has(3) ? c.constant(3) : IntStream.range(0, starts.length).toArray();
        int[] steps = c.has(4)
                ? c.constant(4)
                : IntStream.generate(() -> 1).limit(starts.length).toArray();
        for (int i = 0; i < starts.length; i++) {
            if (steps[i] != 1) {
                throw new NotCovered("steps other than 1");
            }
            int extent = x.shape().extent(axes[i]);
            int start = Math.clamp(starts[i] < 0 ? starts[i] + extent : starts[i], 0, extent);
            int end = Math.clamp(ends[i] < 0 ? ends[i] + extent : ends[i], start, extent);
            x = x.slice(axes[i], start, end);
        }
        return x;
    }

    static List<Tensor> split(OnnxCall c) {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", 0));
        int extent = x.shape().extent(axis);
        int parts = c.outputs();
        int[] sizes = c.has(1)
                ? c.constant(1)
                : IntStream.range(0, parts)
                        .map(i -> Math.min((extent + parts - 1) / parts, extent - i * ((extent + parts - 1) / parts)))
                        .toArray();
        List<Tensor> pieces = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            pieces.add(x.slice(axis, at, at + size));
            at += size;
        }
        return pieces;
    }

    static Tensor pad(OnnxCall c) {
        if (!c.text("mode", "constant").equals("constant")) {
            throw new NotCovered("mode " + c.text("mode", ""));
        }
        Tensor x = c.x(0);
        int[] pads = c.constant(1);
        int[] axes =
                c.has(3) ? c.constant(3) : IntStream.range(0, x.shape().rank()).toArray();
        double value = c.has(2) ? c.scalar(2) : 0;
        for (int i = 0; i < axes.length; i++) {
            int low = pads[i];
            int high = pads[i + axes.length];
            if (low < 0 || high < 0) {
                throw new NotCovered("negative padding");
            }
            x = x.pad(axes[i], low, high, value);
        }
        return x;
    }

    static Tensor gather(OnnxCall c) {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", 0));
        int[] front = IntStream.range(0, x.shape().rank()).toArray();
        for (int i = axis; i > 0; i--) {
            front[i] = i - 1;
        }
        front[0] = axis;
        Tensor index = c.x(1);
        Tensor extent = index.constant(x.shape().extent(axis));
        Tensor positive = index.lt(index.constant(0)).select(index.add(extent), index);
        Tensor rows = x.transpose(front).gather(positive);
        int k = index.shape().rank();
        List<Integer> back = new ArrayList<>();
        IntStream.range(k, k + axis).forEach(back::add);
        IntStream.range(0, k).forEach(back::add);
        IntStream.range(k + axis, rows.shape().rank()).forEach(back::add);
        return rows.transpose(back.stream().mapToInt(Integer::intValue).toArray());
    }

    static Tensor expand(OnnxCall c) {
        return c.x(0).broadcast(Shape.of(c.outputShape()));
    }

    static Tensor tile(OnnxCall c) {
        Tensor x = c.x(0);
        int[] repeats = c.constant(1);
        for (int axis = 0; axis < repeats.length; axis++) {
            Tensor once = x;
            x = Tensor.concat(
                    axis, IntStream.range(0, repeats[axis]).mapToObj(_ -> once).toList());
        }
        return x;
    }

    static Tensor oneHot(OnnxCall c) {
        int depth = (int) c.scalar(1);
        Tensor given = c.x(0).cast(DType.I32);
        Tensor index = given.lt(given.constant(0)).select(given.add(given.constant(depth)), given);
        Tensor hot = Functions.oneHot(index, depth);
        Tensor values = c.x(2).cast(DType.F32);
        Tensor off = values.slice(0, 0, 1).reshape(Shape.scalar());
        Tensor on = values.slice(0, 1, 2).reshape(Shape.scalar());
        Tensor result = hot.mul(on.sub(off)).add(off);
        int rank = result.shape().rank();
        int axis = result.shape().axis(c.integer("axis", -1));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, rank - 1).boxed().toList());
        order.add(axis, rank - 1);
        return result.transpose(order.stream().mapToInt(Integer::intValue).toArray());
    }

    static Tensor trilu(OnnxCall c) {
        Tensor x = c.x(0);
        int k = c.has(1) ? (int) c.scalar(1) : 0;
        Tensor distance = c.trace.iota(x.shape(), -1).sub(c.trace.iota(x.shape(), -2));
        boolean upper = c.integer("upper", 1) == 1;
        Tensor bound = distance.constant(k);
        Tensor inside = upper ? distance.ge(bound) : distance.le(bound);
        return inside.select(x, x.constant(0));
    }

    static Tensor cumulative(OnnxCall c) {
        Tensor x = c.x(0);
        int axis = x.shape().axis((int) c.scalar(1));
        if (c.isInt(0)) {
            throw new NotCovered("type int");
        }
        int n = x.shape().extent(axis);
        Tensor row = c.trace.iota(Shape.of(n, n), 0);
        Tensor column = c.trace.iota(Shape.of(n, n), 1);
        Tensor from = c.integer("reverse", 0) == 1 ? column : row;
        Tensor to = c.integer("reverse", 0) == 1 ? row : column;
        Tensor taken = (c.integer("exclusive", 0) == 1 ? from.lt(to) : from.le(to)).cast(DType.F32);
        return onLast(
                x,
                axis,
                last -> last.shape().rank() == 1
                        ? last.reshape(1, n).matmul(taken).reshape(n)
                        : last.matmul(taken));
    }

    static Tensor scatter(OnnxCall c) {
        if (!c.text("reduction", "none").equals("add") || c.x(1).shape().extent(-1) != 1) {
            throw new NotCovered("other than adding whole rows");
        }
        Tensor rows = c.x(1).reshape(c.x(1).shape().size());
        return c.x(0).add(c.x(2).scatterAdd(rows, c.x(0).shape().extent(0)));
    }
}
