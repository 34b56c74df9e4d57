package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Origin;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * The program as compilable values: every reduction is over innermost axes (a row) or outermost ones (a column), padding
 * is concatenation with constants, normal numbers have uniform ones as their operand, and stopped gradients are gone.
 */
final class Graph {
    /** Longest row that is reduced to one number at once; longer ones become rows of rows. */
    private static final int LONG_ROW = 1 << 14;

    final List<Value> values = new ArrayList<>();
    final Map<String, Value> outputs = new LinkedHashMap<>();
    final Map<String, Value> updates = new LinkedHashMap<>();
    private Origin origin;
    private int segment;

    Graph(Program program) {
        Map<Tensor, Value> known = new HashMap<>();
        EpilogueFusion epilogues = new EpilogueFusion(program);
        for (Tensor node : program.nodes()) {
            origin = node.origin();
            segment = node.segment();
            List<Value> operands = node.operands().stream().map(known::get).toList();
            known.put(
                    node,
                    switch (node.op()) {
                        case Op.StopGradient _ -> operands.getFirst();
                        case Op.OptimizationBarrier _ -> held(operands.getFirst(), operands.get(1));
                        case Op.Reduce reduce -> reduced(reduce.kind(), operands.getFirst(), reduce.axes());
                        case Op.Pad pad -> padded(pad, operands.getFirst());
                        case Op.RandomNormal normal -> normal(normal, operands, node.shape());
                        case Op.Binary _
                        when epilogues.scatter(node) >= 0 -> scatterOnto(operands, epilogues.scatter(node));
                        case Op.Binary _
                        when epilogues.bias(node).isPresent() -> {
                            EpilogueFusion.Bias bias = epilogues.bias(node).get();
                            yield withBias(node.shape(), known.get(bias.product()), known.get(bias.vector()));
                        }
                        case Op.MatMul _
                        when operands.getFirst().size() == 0 && node.shape().size() > 0 ->
                            add(new Op.Constant(0), List.of(), node.shape(), node.dtype());
                        case Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _
                        when operands.stream().anyMatch(operand -> operand.size() == 0)
                                && node.shape().size() > 0 ->
                            add(new Op.Constant(0), List.of(), node.shape(), node.dtype());
                        default -> add(node.op(), operands, node.shape(), node.dtype());
                    });
        }
        program.outputs().forEach((name, value) -> outputs.put(name, known.get(value)));
        program.updates().forEach((name, value) -> updates.put(name, known.get(value)));
        prune();
    }

    private Value add(Op op, List<Value> operands, Shape shape, DType dtype) {
        Value value = new Value(op, operands, shape, dtype, origin);
        value.number = values.size();
        value.segment = segment;
        values.add(value);
        return value;
    }

    /** Of the uniform number, as a value of its own: both together may be more than one kernel takes. */
    private Value normal(Op.RandomNormal normal, List<Value> key, Shape shape) {
        Value uniform = add(new Op.RandomUniform(normal.stream()), key, shape, DType.F32);
        return add(normal, List.of(uniform), shape, DType.F32);
    }

    private Value scatterOnto(List<Value> operands, int position) {
        Value scatter = operands.get(position);
        List<Value> all = new ArrayList<>(scatter.operands);
        all.add(operands.get(1 - position));
        return add(scatter.op, all, scatter.shape, scatter.dtype);
    }

    private Value withBias(Shape shape, Value product, Value bias) {
        List<Value> all = new ArrayList<>(product.operands);
        all.add(reshape(bias, Shape.of(bias.size())));
        return reshape(add(product.op, all, product.shape, product.dtype), shape);
    }

    /** Values that were replaced must not count as readers of what they read. */
    private void prune() {
        Set<Value> live = new HashSet<>(outputs.values());
        live.addAll(updates.values());
        for (Value value : values.reversed()) {
            if (live.contains(value)) {
                live.addAll(value.operands);
                if (value.after != null) {
                    live.add(value.after);
                }
            }
        }
        values.removeIf(value -> !live.contains(value) && !value.isInput());
    }

    /** The same elements as a movement, so that nothing is copied; it waits. */
    private Value held(Value value, Value until) {
        Value held = add(new Op.Reshape(value.shape), List.of(value), value.shape, value.dtype);
        held.after = until;
        return held;
    }

    private Value reshape(Value value, Shape shape) {
        return value.shape.equals(shape) ? value : add(new Op.Reshape(shape), List.of(value), shape, value.dtype);
    }

    private Value reduced(Op.ReduceKind kind, Value value, List<Integer> axes) {
        Shape result = without(value.shape, axes);
        if (value.size() == 0) {
            double smallest = value.dtype == DType.F32 ? Double.NEGATIVE_INFINITY : Integer.MIN_VALUE;
            double nothing = kind == Op.ReduceKind.SUM ? 0 : smallest;
            return add(new Op.Constant(nothing), List.of(), result, value.dtype);
        }
        // Axes of one element need no adding up.
        List<Integer> single = IntStream.range(0, value.shape.rank())
                .filter(axis -> value.shape.extent(axis) == 1)
                .boxed()
                .toList();
        if (!single.isEmpty()) {
            List<Integer> rest = new ArrayList<>();
            for (int axis : axes) {
                if (!single.contains(axis)) {
                    rest.add(axis - (int) single.stream().filter(s -> s < axis).count());
                }
            }
            Value squeezed = reshape(value, without(value.shape, single));
            return reshape(rest.isEmpty() ? squeezed : reduced(kind, squeezed, rest), result);
        }
        int rank = value.shape.rank();
        int inner = 0;
        while (axes.contains(rank - 1 - inner)) {
            inner++;
        }
        if (inner == axes.size()) {
            return rows(kind, value, inner);
        }
        if (inner > 0) {
            return reduced(kind, rows(kind, value, inner), axes.subList(0, axes.size() - inner));
        }
        List<Integer> outermost = IntStream.range(0, axes.size()).boxed().toList();
        Value arranged = axes.equals(outermost) ? value : toFront(value, axes);
        return add(new Op.Reduce(kind, outermost), List.of(arranged), result, value.dtype);
    }

    /** A reduction over the innermost axes; a long one over everything in two stages, so that it has rows. */
    private Value rows(Op.ReduceKind kind, Value value, int inner) {
        int rank = value.shape.rank();
        List<Integer> axes = IntStream.range(rank - inner, rank).boxed().toList();
        if (inner == rank && value.size() > LONG_ROW) {
            int row = rank > 1 && value.shape.extent(-1) >= 64 ? value.shape.extent(-1) : divisor(value.size());
            if (row < value.size()) {
                Value split = reshape(value, Shape.of(value.size() / row, row));
                return rows(kind, rows(kind, split, 1), 1);
            }
        }
        return add(new Op.Reduce(kind, axes), List.of(value), without(value.shape, axes), value.dtype);
    }

    private static int divisor(int size) {
        for (int row = 8192; row >= 64; row--) {
            if (size % row == 0) {
                return row;
            }
        }
        return size;
    }

    private Value toFront(Value value, List<Integer> axes) {
        List<Integer> permutation = new ArrayList<>(axes);
        for (int axis = 0; axis < value.shape.rank(); axis++) {
            if (!axes.contains(axis)) {
                permutation.add(axis);
            }
        }
        Shape shape =
                Shape.of(permutation.stream().mapToInt(value.shape::extent).toArray());
        return add(new Op.Transpose(permutation), List.of(value), shape, value.dtype);
    }

    private Value padded(Op.Pad pad, Value value) {
        Value result = value;
        for (int axis = 0; axis < value.shape.rank(); axis++) {
            int low = pad.low().get(axis);
            int high = pad.high().get(axis);
            if (low + high > 0) {
                List<Value> parts = new ArrayList<>();
                if (low > 0) {
                    parts.add(add(new Op.Constant(pad.value()), List.of(), result.shape.with(axis, low), value.dtype));
                }
                parts.add(result);
                if (high > 0) {
                    parts.add(add(new Op.Constant(pad.value()), List.of(), result.shape.with(axis, high), value.dtype));
                }
                Shape shape = result.shape.with(axis, result.shape.extent(axis) + low + high);
                result = add(new Op.Concat(axis), parts, shape, value.dtype);
            }
        }
        return result;
    }

    private static Shape without(Shape shape, List<Integer> axes) {
        return Shape.of(IntStream.range(0, shape.rank())
                .filter(axis -> !axes.contains(axis))
                .map(shape::extent)
                .toArray());
    }
}
