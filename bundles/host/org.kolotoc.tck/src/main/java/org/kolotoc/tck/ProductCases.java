package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Matrix products in every layout, and what happens around them. */
final class ProductCases {
    private static final int[][] SIZES = {
        {1, 1, 1},
        {3, 5, 7},
        {17, 65, 33},
        {64, 64, 64},
        {1, 130, 17},
        {129, 1, 5},
        {5, 3, 1},
        {257, 129, 96},
        {0, 3, 4},
        {3, 0, 4},
        {3, 4, 0}
    };

    private ProductCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            plain(cases, size[0], size[1], size[2]);
        }
        for (int[] size : new int[][] {{1, 1, 3}, {2, 3, 5}, {3, 4, 17}}) {
            batched(cases, size[0], size[1], size[2]);
        }
        for (int[] size : new int[][] {{1, 1, 1}, {3, 5, 7}, {17, 65, 33}, {1, 130, 17}, {257, 129, 96}, {3, 4, 0}}) {
            for (Op.Precision precision : List.of(Op.Precision.BF16, Op.Precision.TF32)) {
                rounded(cases, precision, size[0], size[1], size[2]);
            }
        }
        return cases;
    }

    /** Operands rounded; such products are exact, so backends may differ by their sums alone. */
    private static void rounded(List<Case> cases, Op.Precision precision, int m, int n, int k) {
        cases.add(Case.of(precision.name().toLowerCase(Locale.ROOT) + " matmul " + m + " x " + n + " x " + k, t -> {
                    try (Tracer.Scope _ = t.products(precision)) {
                        Tensor a = t.feed("a", DType.F32, Shape.of(m, k));
                        Tensor b = t.feed("b", DType.F32, Shape.of(k, n));
                        Tensor bias = t.feed("bias", DType.F32, Shape.of(n));
                        t.output("plain", a.matmul(b));
                        t.output(
                                "left",
                                t.feed("at", DType.F32, Shape.of(k, m))
                                        .matrixTranspose()
                                        .matmul(b));
                        t.output(
                                "right",
                                a.matmul(t.feed("bt", DType.F32, Shape.of(n, k)).matrixTranspose()));
                        t.output("biased", a.matmul(b).add(bias).matrixTranspose());
                        t.output("large", a.matmul(t.feed("huge", DType.F32, Shape.of(k, n))));
                    }
                })
                .with("huge", Values.of(1.00390625e20)));
    }

    private static void plain(List<Case> cases, int m, int n, int k) {
        cases.add(Case.of("matmul " + m + " x " + n + " x " + k, t -> {
            Tensor a = t.feed("a", DType.F32, Shape.of(m, k));
            Tensor b = t.feed("b", DType.F32, Shape.of(k, n));
            Tensor bias = t.feed("bias", DType.F32, Shape.of(n));
            t.output("plain", a.matmul(b));
            t.output(
                    "left",
                    t.feed("at", DType.F32, Shape.of(k, m)).matrixTranspose().matmul(b));
            t.output("right", a.matmul(t.feed("bt", DType.F32, Shape.of(n, k)).matrixTranspose()));
            t.output("turned", a.matmul(b).matrixTranspose());
            t.output("after", a.matmul(b).add(bias).tanh());
            t.output("before", a.mul(2).add(1).matmul(b));
            t.output("columns", a.matmul(b).add(bias).sum(0));
        }));
    }

    private static void batched(List<Case> cases, int outer, int inner, int size) {
        cases.add(Case.of("batched matmul [" + outer + ", " + inner + ", " + size + ", .]", t -> {
            Tensor a = t.feed("a", DType.F32, Shape.of(outer, inner, size, 6));
            Tensor b = t.feed("b", DType.F32, Shape.of(outer, inner, 6, size));
            Tensor matrix = t.feed("matrix", DType.F32, Shape.of(6, 9));
            Tensor heads = t.feed("heads", DType.F32, Shape.of(outer, size, inner, 6));
            Tensor packed = t.feed("packed", DType.F32, Shape.of(outer, size, 3 * inner * 6));
            t.output("batched", a.matmul(b));
            t.output("shared", a.matmul(matrix));
            t.output("repeated", a.matmul(b.slice(1, 0, 1)));
            t.output(
                    "same",
                    a.slice(1, 0, 1)
                            .broadcast(a.shape())
                            .matmul(b.slice(1, 0, 1).broadcast(b.shape())));
            t.output("square", a.matmul(a.matrixTranspose()));
            t.output("strided", heads.transpose(0, 2, 1, 3).matmul(b));
            t.output("beside", a.matmul(b).transpose(0, 2, 1, 3).reshape(Shape.of(outer, size, inner * size)));
            t.output(
                    "sliced",
                    part(packed, 0, inner).matmul(part(packed, 2, inner).matrixTranspose()));
            t.output(
                    "three",
                    a.reshape(Shape.of(outer * inner, size, 6)).matmul(b.reshape(Shape.of(outer * inner, 6, size))));
        }));
    }

    /** One of three parts that lie side by side, as heads. */
    private static Tensor part(Tensor packed, int index, int heads) {
        int width = heads * 6;
        Shape shape = packed.shape();
        return packed.slice(2, index * width, (index + 1) * width)
                .reshape(Shape.of(shape.extent(0), shape.extent(1), heads, 6))
                .transpose(0, 2, 1, 3);
    }
}
