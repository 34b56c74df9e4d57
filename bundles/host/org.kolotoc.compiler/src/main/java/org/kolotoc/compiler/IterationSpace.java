package org.kolotoc.compiler;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.Shape;

/**
 * The iteration space of a fused kernel, its axes cut as finely as the reshapes inside the kernel need.
 *
 * @param extents outer axes, then inner ones
 * @param outer how many axes are outer
 */
record IterationSpace(int[] extents, int outer) {

    /** An axis has to be cut before an index can be written as a linear function. */
    static final class Cut extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final int axis;
        final int inner;

        Cut(int axis, int inner) {
            super(null, null, false, false);
            this.axis = axis;
            this.inner = inner;
        }
    }

    static IterationSpace of(int rows, int inner) {
        return new IterationSpace(new int[] {rows, inner}, 1);
    }

    int axes() {
        return extents.length;
    }

    /** This space with one axis cut in two. */
    IterationSpace cut(Cut cut) {
        int[] finer = new int[extents.length + 1];
        System.arraycopy(extents, 0, finer, 0, cut.axis);
        finer[cut.axis] = extents[cut.axis] / cut.inner;
        finer[cut.axis + 1] = cut.inner;
        System.arraycopy(extents, cut.axis + 1, finer, cut.axis + 2, extents.length - cut.axis - 1);
        return new IterationSpace(finer, cut.axis < outer ? outer + 1 : outer);
    }

    /** The row-major number of a position among axes {@code from} (inclusive) to {@code to} (exclusive). */
    AffineExpr number(int from, int to) {
        int[] factors = new int[extents.length];
        int stride = 1;
        for (int axis = to - 1; axis >= from; axis--) {
            factors[axis] = extents[axis] == 1 ? 0 : stride;
            stride *= extents[axis];
        }
        return new AffineExpr(0, factors);
    }

    /**
     * The indices of an element of a shape from its row-major number.
     *
     * @return null when they are not linear in the position
     * @throws Cut when they are after that cut
     */
    List<AffineExpr> indices(AffineExpr number, Shape shape) {
        AffineExpr[] indices = new AffineExpr[shape.rank()];
        int[] strides = shape.strides();
        int[] reach = new int[shape.rank()];
        int[] offsets = new int[shape.rank()];
        int rest = number.offset();
        for (int axis = 0; axis < indices.length; axis++) {
            indices[axis] = AffineExpr.constant(0, extents.length);
            offsets[axis] = shape.extent(axis) == 1 ? 0 : rest / strides[axis];
            rest -= offsets[axis] * strides[axis];
        }
        for (int axis = 0; axis < extents.length; axis++) {
            int factor = number.factors()[axis];
            if (factor == 0 || extents[axis] == 1) {
                continue;
            }
            int at = 0;
            while (at < indices.length && (shape.extent(at) == 1 || strides[at] > factor)) {
                at++;
            }
            if (factor < 0 || at == indices.length || factor % strides[at] != 0) {
                return null;
            }
            long span = (long) strides[at] * shape.extent(at);
            if ((long) factor * extents[axis] > span) {
                int fits = (int) (span / factor);
                if (span % factor != 0 || fits < 1 || extents[axis] % fits != 0 || fits == 1) {
                    return null;
                }
                throw new Cut(axis, fits);
            }
            indices[at] = indices[at].plus(AffineExpr.axis(axis, factor / strides[at], extents.length), 1);
            reach[at] += factor / strides[at] * (extents[axis] - 1);
        }
        for (int axis = 0; axis < indices.length; axis++) {
            if (offsets[axis] + reach[axis] >= Math.max(1, shape.extent(axis))) {
                return null;
            }
            indices[axis] = indices[axis].plus(offsets[axis]);
        }
        return Arrays.asList(indices);
    }
}
