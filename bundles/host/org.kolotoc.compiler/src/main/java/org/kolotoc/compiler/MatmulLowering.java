package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;

/** Writes the launches of a matrix product: one, unless more than two batch axes are left after merging. */
final class MatmulLowering {
    private MatmulLowering() {}

    static List<Launch> of(Value product, String name, ToIntFunction<Value> buffers) {
        List<Value> values = List.of(product.operand(0), product.operand(1), product);
        List<StridedView> views = values.stream().map(LayoutAssignment::view).toList();
        List<Launch> launches = new ArrayList<>();
        for (BatchAxes.Part part : BatchAxes.of(
                views,
                values.stream().map(value -> value.shape).toList(),
                views.stream().map(view -> buffers.applyAsInt(view.owner())).toList())) {
            String numbered = launches.isEmpty() ? name : name + "." + launches.size();
            launches.add(launch(product, numbered, part, bias(product, buffers)));
        }
        return launches;
    }

    private static int bias(Value product, ToIntFunction<Value> buffers) {
        return product.operands.size() < 3
                ? Launch.Product.NO_BIAS
                : buffers.applyAsInt(LayoutAssignment.view(product.operand(2)).owner());
    }

    private static Launch launch(Value product, String name, BatchAxes.Part part, int bias) {
        int m = product.shape.extent(-2);
        int n = product.shape.extent(-1);
        int k = product.operand(0).shape.extent(-1);
        List<Matrix> matrices = part.matrices();
        // What is written column by column is the transposed product of the transposed operands, row by row.
        boolean byColumns = matrices.getLast().column() != 1 && m > 1 && n > 1;
        if (byColumns) {
            matrices = Stream.of(matrices.get(1), matrices.get(0), matrices.get(2))
                    .map(MatmulLowering::transposed)
                    .toList();
        }
        double elements = ((double) m * k + (double) k * n + (double) m * n) * part.count();
        return new Launch.Product(
                name,
                part.batch(),
                byColumns ? n : m,
                byColumns ? m : n,
                k,
                matrices.get(0),
                matrices.get(1),
                matrices.get(2),
                bias,
                ((Op.MatMul) product.op).precision(),
                (long) (2.0 * part.count() * m * n * k),
                (long) (elements * DType.BYTES));
    }

    private static Matrix transposed(Matrix matrix) {
        return new Matrix(matrix.buffer(), matrix.offset(), matrix.batchStrides(), matrix.column(), matrix.row());
    }
}
