package org.kolotoc.tensor;

import java.util.List;

/** The shape rules of attention and its gradients. */
final class AttentionRules {
    private AttentionRules() {}

    static Shape result(Op.Attention op, List<Shape> shapes, Tracer tracer) {
        if (!Float.isFinite((float) op.scale())) {
            throw tracer.error("attention: the scale " + op.scale() + " is no finite f32");
        }
        requireRows(op, shapes.subList(3, shapes.size()), shapes.getFirst(), tracer);
        return attended(op, shapes, tracer);
    }

    static Shape gradient(Op.AttentionGradient op, List<Shape> shapes, Tracer tracer) {
        Shape result = attended(op, shapes, tracer);
        requireRows(op, shapes.subList(4, shapes.size()), shapes.getFirst(), tracer);
        ShapeRules.equal(op, List.of(result, shapes.get(3)), tracer);
        return shapes.get(op.part().ordinal());
    }

    private static Shape attended(Op op, List<Shape> shapes, Tracer tracer) {
        Shape queries = shapes.get(0);
        Shape keys = shapes.get(1);
        Shape values = shapes.get(2);
        boolean fits = queries.rank() >= 2
                && queries.rank() == keys.rank()
                && queries.rank() == values.rank()
                && queries.extent(-1) == keys.extent(-1)
                && keys.extent(-2) == values.extent(-2);
        for (int i = 0; fits && i < queries.rank() - 2; i++) {
            fits = queries.extent(i) == keys.extent(i) && keys.extent(i) == values.extent(i);
        }
        if (!fits) {
            throw tracer.error(op.label() + ": queries " + queries + ", keys " + keys + " and values " + values
                    + " do not fit; it takes [batch..., m, d], [batch..., n, d] and [batch..., n, e]");
        }
        return tracer.shape(op.label(), shapes, ShapeRules.with(queries, queries.rank() - 1, values.extent(-1)));
    }

    /** Starts and lengths are one for each row. */
    private static void requireRows(Op op, List<Shape> masks, Shape queries, Tracer tracer) {
        for (Shape mask : masks) {
            if (queries.rank() < 3 || !mask.equals(Shape.of(queries.extent(0)))) {
                throw tracer.error(op.label() + ": starts or lengths " + mask + " do not fit queries " + queries
                        + "; they take [rows], one for each of the first axis, and queries [rows, ..., m, d]");
            }
        }
    }
}
