package org.kolotoc.tensor;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which shape several operands share: aligned at the innermost axis, extents of 1 and missing axes repeat. */
final class Broadcasting {
    private Broadcasting() {}

    static Shape common(String what, Tracer tracer, Tensor... operands) {
        List<Shape> shapes = Stream.of(operands).map(Tensor::shape).toList();
        return merged(what, tracer, shapes, shapes)
                .orElseThrow(() -> tracer.error(what + ": shapes "
                        + shapes.stream().map(Shape::toString).collect(Collectors.joining(" and "))
                        + " do not broadcast to each other"));
    }

    /** The product of matrices whose batch axes broadcast; one matrix serves all in one tall product. */
    static Tensor product(Tensor left, Tensor right) {
        Tracer tracer = left.tracer();
        Op product = new Op.MatMul(tracer.precision());
        if (left.shape().rank() > 2 && right.shape().rank() == 2) {
            int[] extents = left.shape().extents();
            Tensor flat = left.reshape(
                    outer(left.shape()).size() * left.shape().extent(-2),
                    left.shape().extent(-1));
            extents[extents.length - 1] = right.shape().extent(-1);
            return tracer.append(product, List.of(flat, right)).reshape(extents);
        }
        Shape batch = batch(tracer, left, right);
        return tracer.append(
                product,
                List.of(
                        left.broadcast(withMatrix(tracer, batch, left.shape())),
                        right.broadcast(withMatrix(tracer, batch, right.shape()))));
    }

    /** The batch axes of a product. */
    private static Shape batch(Tracer tracer, Tensor left, Tensor right) {
        if (left.shape().rank() < 2 || right.shape().rank() < 2) {
            throw tracer.error(
                    "matmul: needs operands of rank 2 or more, got " + left.shape() + " and " + right.shape());
        }
        List<Shape> shapes = List.of(left.shape(), right.shape());
        return merged(
                        "matmul",
                        tracer,
                        shapes,
                        shapes.stream().map(Broadcasting::outer).toList())
                .orElseThrow(() ->
                        tracer.error("matmul: batch axes of " + left.shape() + " and " + right.shape() + " differ"));
    }

    private static Shape withMatrix(Tracer tracer, Shape batch, Shape matrix) {
        long[] extents =
                Arrays.copyOf(Arrays.stream(batch.extents()).asLongStream().toArray(), batch.rank() + 2);
        extents[batch.rank()] = matrix.extent(-2);
        extents[batch.rank() + 1] = matrix.extent(-1);
        return tracer.shape("matmul", List.of(batch, matrix), extents);
    }

    private static Shape outer(Shape shape) {
        return Shape.of(Arrays.copyOf(shape.extents(), shape.rank() - 2));
    }

    /** Empty where extents differ. */
    private static Optional<Shape> merged(String what, Tracer tracer, List<Shape> operands, List<Shape> shapes) {
        int rank = shapes.stream().mapToInt(Shape::rank).max().orElse(0);
        long[] extents = new long[rank];
        Arrays.fill(extents, 1);
        for (Shape shape : shapes) {
            for (int i = 1; i <= shape.rank(); i++) {
                int extent = shape.extent(-i);
                if (extents[rank - i] != 1 && extent != 1 && extents[rank - i] != extent) {
                    return Optional.empty();
                }
                extents[rank - i] = extent == 1 ? extents[rank - i] : extent;
            }
        }
        return Optional.of(tracer.shape(what, operands, extents));
    }
}
