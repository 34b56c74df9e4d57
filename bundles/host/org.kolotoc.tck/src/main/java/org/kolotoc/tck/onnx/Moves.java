package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Operators that move elements: parts of a tensor, repetitions, another order. */
final class Moves {
    static final Map<String, Operator> ROWS = Map.ofEntries(
            Map.entry("Transpose", Operator.of(Moves::transpose)),
            Map.entry("Concat", Operator.of(Moves::concat)),
            Map.entry("Split", Moves::split),
            Map.entry("Slice", Operator.of(Moves::slice)),
            Map.entry("Pad", Operator.of(Moves::pad)),
            Map.entry("Gather", Operator.of(Moves::gather)),
            Map.entry("Expand", Operator.of(Moves::expand)),
            Map.entry("Tile", Operator.of(Moves::tile)),
            Map.entry("OneHot", Operator.of(Moves::oneHot)),
            Map.entry("Trilu", Operator.of(Moves::trilu)),
            Map.entry("Range", Operator.of(Moves::range)),
            Map.entry("DepthToSpace", Operator.of(Moves::depthToSpace)),
            Map.entry("SpaceToDepth", Operator.of(Moves::spaceToDepth)));

    private Moves() {}

    /** Elements at positions along an axis, in their order. */
    static Tensor pick(Tensor x, int axis, int... positions) {
        boolean together = IntStream.range(0, positions.length).allMatch(i -> positions[i] == positions[0] + i);
        if (positions.length == 0 || together) {
            int start = positions.length == 0 ? 0 : positions[0];
            return x.slice(axis, start, start + positions.length);
        }
        return Tensor.concat(
                axis,
                IntStream.of(positions).mapToObj(p -> x.slice(axis, p, p + 1)).toList());
    }

    private static Tensor transpose(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int rank = x.shape().rank();
        return x.transpose(c.integers(
                "perm", IntStream.range(0, rank).map(i -> rank - 1 - i).toArray()));
    }

    private static Tensor concat(Call c) throws NotCovered {
        List<Tensor> parts = new ArrayList<>();
        for (int i = 0; i < c.inputs(); i++) {
            parts.add(c.x(i));
        }
        return Tensor.concat(c.integer("axis", 0), parts);
    }

    private static Tensor slice(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int[] starts = c.constant(1);
        int[] ends = c.constant(2);
        int[] axes =
                c.has(3) ? c.constant(3) : IntStream.range(0, starts.length).toArray();
        int[] steps = c.has(4) ? c.constant(4) : ones(starts.length);
        for (int i = 0; i < starts.length; i++) {
            int extent = x.shape().extent(axes[i]);
            int low = steps[i] > 0 ? 0 : -1;
            int high = steps[i] > 0 ? extent : extent - 1;
            int start = Math.clamp(starts[i] < 0 ? starts[i] + extent : starts[i], low, high);
            int end = Math.clamp(ends[i] < 0 ? ends[i] + extent : ends[i], low, high);
            int step = steps[i];
            int count = Math.max(0, Math.ceilDiv(end - start, step));
            x = pick(
                    x,
                    axes[i],
                    IntStream.range(0, count).map(k -> start + k * step).toArray());
        }
        return x;
    }

    private static int[] ones(int count) {
        return IntStream.generate(() -> 1).limit(count).toArray();
    }

    private static List<Tensor> split(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", 0));
        int extent = x.shape().extent(axis);
        int parts = c.integer("num_outputs", c.outputs());
        int most = Math.ceilDiv(extent, parts);
        int[] sizes = c.has(1)
                ? c.constant(1)
                : IntStream.range(0, parts)
                        .map(i -> Math.min(most, extent - i * most))
                        .toArray();
        List<Tensor> pieces = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            pieces.add(x.slice(axis, at, at + size));
            at += size;
        }
        return pieces;
    }

    private static Tensor pad(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int[] pads = c.constant(1);
        int[] axes =
                c.has(3) ? c.constant(3) : IntStream.range(0, x.shape().rank()).toArray();
        double value = c.has(2) ? c.scalar(2) : 0;
        String mode = c.text("mode", "constant");
        for (int i = 0; i < axes.length; i++) {
            int axis = axes[i];
            int extent = x.shape().extent(axis);
            int low = pads[i];
            int high = pads[i + axes.length];
            if (mode.equals("constant")) {
                x = x.slice(axis, Math.max(0, -low), extent - Math.max(0, -high))
                        .pad(axis, Math.max(0, low), Math.max(0, high), value);
            } else {
                x = pick(
                        x,
                        axis,
                        IntStream.range(-low, extent + high)
                                .map(position -> outside(mode, position, extent))
                                .toArray());
            }
        }
        return x;
    }

    /** What stands at a position beyond the ends. */
    private static int outside(String mode, int position, int extent) {
        int around = 2 * Math.max(1, extent - 1);
        return switch (mode) {
            case "edge" -> Math.clamp(position, 0, extent - 1);
            case "wrap" -> Math.floorMod(position, extent);
            default -> {
                int folded = Math.floorMod(position, around);
                yield Math.min(folded, around - folded);
            }
        };
    }

    private static Tensor gather(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", 0));
        int[] front = IntStream.range(0, x.shape().rank())
                .map(i -> i == 0 ? axis : i <= axis ? i - 1 : i)
                .toArray();
        Tensor index = c.x(1);
        Tensor rows = x.transpose(front).gather(fromTheFront(index, x.shape().extent(axis)));
        int k = index.shape().rank();
        return rows.transpose(IntStream.concat(
                        IntStream.concat(IntStream.range(k, k + axis), IntStream.range(0, k)),
                        IntStream.range(k + axis, rows.shape().rank()))
                .toArray());
    }

    /** Indices below 0 count from the end. */
    static Tensor fromTheFront(Tensor index, int extent) {
        return index.lt(index.constant(0)).select(index.add(index.constant(extent)), index);
    }

    private static Tensor expand(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int[] wanted = c.constant(1);
        int rank = Math.max(wanted.length, x.shape().rank());
        int[] extents = ones(rank);
        System.arraycopy(
                x.shape().extents(),
                0,
                extents,
                rank - x.shape().rank(),
                x.shape().rank());
        for (int i = 0; i < wanted.length; i++) {
            int at = rank - wanted.length + i;
            extents[at] = wanted[i] == 1 ? extents[at] : wanted[i];
        }
        return x.broadcast(Shape.of(extents));
    }

    private static Tensor tile(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int[] repeats = c.constant(1);
        for (int axis = 0; axis < repeats.length; axis++) {
            Tensor once = x;
            x = Tensor.concat(
                    axis, IntStream.range(0, repeats[axis]).mapToObj(_ -> once).toList());
        }
        return x;
    }

    private static Tensor oneHot(Call c) throws NotCovered {
        int depth = (int) c.scalar(1);
        Tensor hot = Functions.oneHot(fromTheFront(c.x(0).cast(DType.I32), depth), depth);
        Tensor values = c.x(2);
        Tensor off = values.slice(0, 0, 1).reshape(Shape.scalar());
        Tensor on = values.slice(0, 1, 2).reshape(Shape.scalar());
        Tensor result = hot.cast(DType.BOOL).select(on, off);
        int rank = result.shape().rank();
        int axis = result.shape().axis(c.integer("axis", -1));
        List<Integer> order =
                new ArrayList<>(IntStream.range(0, rank - 1).boxed().toList());
        order.add(axis, rank - 1);
        return result.transpose(order.stream().mapToInt(Integer::intValue).toArray());
    }

    private static Tensor trilu(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int diagonal = c.has(1) ? (int) c.scalar(1) : 0;
        Tensor distance = c.trace.iota(x.shape(), -1).sub(c.trace.iota(x.shape(), -2));
        Tensor bound = distance.constant(diagonal);
        Tensor inside = c.integer("upper", 1) == 1 ? distance.ge(bound) : distance.le(bound);
        return inside.select(x, x.constant(0));
    }

    private static Tensor range(Call c) throws NotCovered {
        double span = c.scalar(1) - c.scalar(0);
        int count = Math.max(0, (int) Math.ceil(span / c.scalar(2)));
        Tensor start = c.x(0);
        return c.trace.iota(Shape.of(count), 0).cast(start.dtype()).mul(c.x(2)).add(start);
    }

    private static Tensor depthToSpace(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int block = c.integer("blocksize", 1);
        int[] e = x.shape().extents();
        int depth = e[1] / block / block;
        boolean blocksFirst = c.text("mode", "DCR").equals("DCR");
        Tensor apart = blocksFirst
                ? x.reshape(e[0], block, block, depth, e[2], e[3]).transpose(0, 3, 4, 1, 5, 2)
                : x.reshape(e[0], depth, block, block, e[2], e[3]).transpose(0, 1, 4, 2, 5, 3);
        return apart.reshape(e[0], depth, e[2] * block, e[3] * block);
    }

    private static Tensor spaceToDepth(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int block = c.integer("blocksize", 1);
        int[] e = x.shape().extents();
        int rows = e[2] / block;
        int columns = e[3] / block;
        return x.reshape(e[0], e[1], rows, block, columns, block)
                .transpose(0, 3, 5, 1, 2, 4)
                .reshape(e[0], e[1] * block * block, rows, columns);
    }
}
