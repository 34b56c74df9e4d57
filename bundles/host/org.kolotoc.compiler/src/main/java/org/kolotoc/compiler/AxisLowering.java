package org.kolotoc.compiler;

import java.util.function.ToIntFunction;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;

/**
 * Writes the launches of what goes along one axis by itself: rows and elements at indices, windows, cumulative sums, order.
 * Operands are dense; {@link LayoutAssignment} saw to that.
 */
final class AxisLowering {
    private final ToIntFunction<Value> buffers;

    private AxisLowering(ToIntFunction<Value> buffers) {
        this.buffers = buffers;
    }

    /** @param buffers the number of a stored value's buffer */
    static Launch of(Value value, String name, ToIntFunction<Value> buffers) {
        return new AxisLowering(buffers).launch(value, name);
    }

    private Launch launch(Value value, String name) {
        long bytes = value.shape.bytes();
        return switch (value.op) {
            case Op.Gather _ -> {
                Value table = value.operand(0);
                Value index = value.operand(1);
                int width = index.size() == 0 ? 0 : value.size() / index.size();
                yield new Launch.GatherRows(
                        name,
                        place(table),
                        place(index),
                        buffers.applyAsInt(value),
                        table.shape.extent(0),
                        index.size(),
                        width,
                        0,
                        2 * bytes);
            }
            case Op.ScatterAdd scatter -> {
                Value index = value.operand(0);
                Value rows = value.operand(1);
                int width = scatter.rows() == 0 ? 0 : value.size() / scatter.rows();
                boolean clear = value.operands.size() == 2;
                yield new Launch.ScatterRows(
                        name,
                        place(index),
                        place(rows),
                        place(value),
                        clear,
                        scatter.rows(),
                        index.size(),
                        width,
                        rows.size(),
                        (clear ? bytes : 0) + 2 * rows.shape.bytes());
            }
            case Op.DynamicSlice slice -> window(name, value.operand(0), value, value.operand(1), slice.axis(), false);
            case Op.DynamicUpdate update ->
                window(name, value.operand(0), value.operand(1), value.operand(2), update.axis(), true);
            case Op.GatherAlong along ->
                new Launch.GatherAlong(
                        name,
                        place(value.operand(0)),
                        place(value.operand(1)),
                        buffers.applyAsInt(value),
                        axis(value.operand(0).shape, along.axis()),
                        value.shape.extent(along.axis()),
                        0,
                        3 * bytes);
            case Op.ScatterAddAlong along -> {
                Value updates = value.operand(1);
                yield new Launch.ScatterAlong(
                        name,
                        place(value.operand(0)),
                        place(updates),
                        buffers.applyAsInt(value),
                        axis(value.shape, along.axis()),
                        updates.shape.extent(along.axis()),
                        updates.size(),
                        2 * (updates.shape.bytes() + bytes));
            }
            case Op.CumulativeSum sum ->
                new Launch.Scan(
                        name,
                        place(value.operand(0)),
                        buffers.applyAsInt(value),
                        value.dtype,
                        axis(value.shape, sum.axis()),
                        sum.reversed(),
                        value.size(),
                        2 * bytes);
            case Op.ArgSort sort -> {
                Value rows = value.operand(0);
                Launch.Axis axis = axis(rows.shape, rows.shape.rank() - 1);
                yield new Launch.Order(
                        name,
                        place(rows),
                        buffers.applyAsInt(value),
                        rows.dtype,
                        axis.outer(),
                        axis.extent(),
                        sort.count(),
                        sort.descending(),
                        0,
                        rows.shape.bytes() + bytes);
            }
            default -> throw new IllegalStateException(value + " goes along no axis");
        };
    }

    private static Launch.Axis axis(Shape shape, int axis) {
        int outer = 1;
        int inner = 1;
        for (int i = 0; i < shape.rank(); i++) {
            outer *= i < axis ? shape.extent(i) : 1;
            inner *= i > axis ? shape.extent(i) : 1;
        }
        return new Launch.Axis(outer, shape.extent(axis), inner);
    }

    private Launch window(String name, Value tensor, Value window, Value start, int axis, boolean write) {
        Launch.Axis whole = axis(tensor.shape, axis);
        return new Launch.Window(
                name,
                place(tensor),
                place(window),
                place(start),
                Math.max(1, start.size()),
                write,
                whole.outer(),
                whole.extent(),
                window.shape.extent(axis),
                whole.inner(),
                0,
                2 * window.shape.bytes());
    }

    private int place(Value value) {
        return buffers.applyAsInt(LayoutAssignment.view(value).owner());
    }
}
