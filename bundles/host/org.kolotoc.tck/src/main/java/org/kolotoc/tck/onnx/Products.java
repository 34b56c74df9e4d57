package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Products of matrices. */
final class Products {
    static final Map<String, Operator> ROWS = Map.of(
            "MatMul", Operator.of(Products::matmul),
            "Gemm", Operator.of(Products::gemm),
            "Einsum", Operator.of(Products::einsum));

    private static final String DOTS = "...";

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

    /** With letters for the axes that {@code ...} stands for, and the result that is meant where none is written. */
    private static Tensor einsum(Call c) throws NotCovered {
        List<Tensor> operands = new ArrayList<>();
        String equation = c.text("equation", "").replace(" ", "");
        String[] terms = equation.split("->", -1)[0].split(",", -1);
        int[] more = new int[terms.length];
        for (int i = 0; i < terms.length; i++) {
            operands.add(c.floats(i));
            more[i] = terms[i].contains(DOTS) ? operands.get(i).shape().rank() - terms[i].length() + DOTS.length() : 0;
        }
        String free = letters()
                .filter(letter -> equation.indexOf(letter) < 0)
                .limit(IntStream.of(more).max().orElse(0))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
        for (int i = 0; i < terms.length; i++) {
            terms[i] = terms[i].replace(DOTS, free.substring(free.length() - more[i]));
        }
        String all = String.join(",", terms);
        String result = equation.contains("->")
                ? equation.split("->", -1)[1].replace(DOTS, free)
                : free + named(all.replaceAll("[," + free + "]", ""));
        return Functions.einsum(all + "->" + result, operands.toArray(Tensor[]::new));
    }

    /** Letters that occur once, in order. */
    private static String named(String axes) {
        return letters()
                .filter(letter -> axes.indexOf(letter) >= 0 && axes.indexOf(letter) == axes.lastIndexOf(letter))
                .mapToObj(Character::toString)
                .collect(Collectors.joining());
    }

    /** As they are ordered: capital ones first. */
    private static IntStream letters() {
        return IntStream.concat(IntStream.rangeClosed('A', 'Z'), IntStream.rangeClosed('a', 'z'));
    }
}
