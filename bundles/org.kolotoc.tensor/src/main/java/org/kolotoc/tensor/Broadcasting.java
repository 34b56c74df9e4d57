package org.kolotoc.tensor;

import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which shape several operands share: aligned at the innermost axis, extents of 1 and missing axes repeat. */
final class Broadcasting {
    private Broadcasting() {}

    static Shape common(String what, Tracer tracer, Tensor... operands) {
        Shape common = operands[0].shape();
        for (Tensor operand : operands) {
            common = merge(common, operand.shape());
            if (common == null) {
                String shapes =
                        Stream.of(operands).map(t -> t.shape().toString()).collect(Collectors.joining(" and "));
                throw tracer.error(what + ": shapes " + shapes + " do not broadcast to each other");
            }
        }
        return common;
    }

    static Shape batch(Tracer tracer, Tensor left, Tensor right) {
        if (left.shape().rank() < 2 || right.shape().rank() < 2) {
            throw tracer.error(
                    "matmul: needs operands of rank 2 or more, got " + left.shape() + " and " + right.shape());
        }
        Shape batch = merge(outer(left.shape()), outer(right.shape()));
        if (batch == null) {
            throw tracer.error("matmul: batch axes of " + left.shape() + " and " + right.shape() + " differ");
        }
        return batch;
    }

    static Shape withMatrix(Shape batch, Shape matrix) {
        int[] extents = Arrays.copyOf(batch.extents(), batch.rank() + 2);
        extents[batch.rank()] = matrix.extent(-2);
        extents[batch.rank() + 1] = matrix.extent(-1);
        return Shape.of(extents);
    }

    private static Shape outer(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.extents(), shape.rank() - 2));
    }

    private static Shape merge(Shape a, Shape b) {
        int rank = Math.max(a.rank(), b.rank());
        int[] extents = new int[rank];
        for (int i = 1; i <= rank; i++) {
            int left = i <= a.rank() ? a.extent(-i) : 1;
            int right = i <= b.rank() ? b.extent(-i) : 1;
            if (left != right && left != 1 && right != 1) {
                return null;
            }
            extents[rank - i] = left == 1 ? right : left;
        }
        return Shape.of(extents);
    }
}
