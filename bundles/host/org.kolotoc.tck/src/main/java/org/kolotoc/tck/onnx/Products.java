package org.kolotoc.tck.onnx;

import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Products of matrices. */
final class Products {
    static final Map<String, Operator> ROWS =
            Map.of("MatMul", Operator.of(Products::matmul), "Gemm", Operator.of(Products::gemm));

    private Products() {}

    /** A vector on the left is a row, on the right a column, and the axis that it lacks is none of the result. */
    private static Tensor matmul(Call c) throws NotCovered {
        Tensor a = c.floats(0);
        Tensor b = c.floats(1);
        boolean row = a.shape().rank() == 1;
        boolean column = b.shape().rank() == 1;
        Tensor left = row ? a.reshape(1, a.shape().extent(0)) : a;
        Tensor right = column ? b.reshape(b.shape().extent(0), 1) : b;
        Tensor product = left.matmul(right);
        int rank = product.shape().rank();
        int[] kept = IntStream.range(0, rank)
                .filter(axis -> !(row && axis == rank - 2) && !(column && axis == rank - 1))
                .map(product.shape()::extent)
                .toArray();
        return product.reshape(Shape.of(kept));
    }

    private static Tensor gemm(Call c) throws NotCovered {
        Tensor a = c.flag("transA") ? c.floats(0).matrixTranspose() : c.floats(0);
        Tensor b = c.flag("transB") ? c.floats(1).matrixTranspose() : c.floats(1);
        double beta = c.number("beta", 1);
        Tensor product = a.matmul(b).mul(c.number("alpha", 1));
        return c.has(2) ? product.add(c.x(2).mul(beta)) : product;
    }
}
