package org.kolotoc.tck.onnx;

import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Operators that read or write single elements at positions. */
final class Indexing {
    /** More updates than that are not done one after the other. */
    private static final int MOST_UPDATES = 64;

    static final Map<String, Operator> ROWS = Map.of(
            "GatherElements", Operator.of(Indexing::gatherElements),
            "ScatterElements", Operator.of(Indexing::scatterElements),
            "ScatterND", Operator.of(Indexing::scatterBlocks));

    private Indexing() {}

    /** Row-major positions in {@code x} of indices along one axis; along the others an index is where it stands. */
    private static Tensor positions(Tensor x, Tensor index, int axis) {
        Tensor position = index.constant(0);
        for (int i = 0; i < x.shape().rank(); i++) {
            int extent = x.shape().extent(i);
            Tensor along = i == axis
                    ? Moves.fromTheFront(index, extent)
                    : index.tracer().iota(index.shape(), i);
            position = position.mul(index.constant(extent)).add(along);
        }
        return position;
    }

    private static Tensor gatherElements(Call c) throws NotCovered {
        Tensor x = c.x(0);
        Tensor at = positions(x, c.x(1), x.shape().axis(c.integer("axis", 0)));
        return x.reshape(x.shape().size()).gather(at);
    }

    private static Tensor scatterElements(Call c) throws NotCovered {
        Tensor x = c.floats(0);
        Tensor index = c.x(1);
        int updates = index.shape().size();
        Tensor rows = x.reshape(x.shape().size(), 1);
        Tensor at = positions(x, index, x.shape().axis(c.integer("axis", 0))).reshape(updates);
        return written(c.text("reduction", "none"), rows, at, c.x(2).reshape(updates, 1))
                .reshape(x.shape());
    }

    /** The innermost axis of the indices names a block. */
    private static Tensor scatterBlocks(Call c) throws NotCovered {
        Tensor x = c.floats(0);
        Tensor index = c.x(1);
        int named = index.shape().extent(-1);
        int updates = index.shape().size() / named;
        int blocks = IntStream.range(0, named).map(x.shape()::extent).reduce(1, (p, q) -> p * q);
        int width = x.shape().size() / blocks;
        Tensor flat = index.reshape(updates, named);
        Tensor at = index.constant(0).broadcast(Shape.of(updates));
        for (int i = 0; i < named; i++) {
            int extent = x.shape().extent(i);
            Tensor along = Moves.fromTheFront(flat.slice(1, i, i + 1).reshape(updates), extent);
            at = at.mul(index.constant(extent)).add(along);
        }
        Tensor rows = x.reshape(blocks, width);
        return written(c.text("reduction", "none"), rows, at, c.x(2).reshape(updates, width))
                .reshape(x.shape());
    }

    /** Rows {@code [count, width]} with updates {@code [k, width]} brought in at {@code [k]}; those written differ for «none». */
    private static Tensor written(String reduction, Tensor rows, Tensor at, Tensor updates) throws NotCovered {
        int count = rows.shape().extent(0);
        Tensor sum = updates.scatterAdd(at, count);
        return switch (reduction) {
            case "add" -> rows.add(sum);
            case "none" -> {
                Tensor hits = at.constant(1)
                        .cast(DType.F32)
                        .broadcast(Shape.of(at.shape().extent(0), 1))
                        .scatterAdd(at, count);
                yield hits.gt(hits.constant(0)).select(sum, rows);
            }
            default -> oneByOne(reduction, rows, at, updates);
        };
    }

    private static Tensor oneByOne(String reduction, Tensor rows, Tensor at, Tensor updates) throws NotCovered {
        int count = updates.shape().extent(0);
        if (count > MOST_UPDATES) {
            throw new NotCovered("reduction " + reduction + " of more than " + MOST_UPDATES + " updates");
        }
        Tensor row = at.tracer().iota(Shape.of(rows.shape().extent(0), 1), 0);
        Tensor result = rows;
        for (int i = 0; i < count; i++) {
            Tensor update = updates.slice(0, i, i + 1);
            Tensor changed = switch (reduction) {
                case "mul" -> result.mul(update);
                case "max" -> result.maximum(update);
                case "min" -> result.minimum(update);
                default -> throw new NotCovered("reduction " + reduction);
            };
            result = row.eq(at.slice(0, i, i + 1)).select(changed, result);
        }
        return result;
    }
}
