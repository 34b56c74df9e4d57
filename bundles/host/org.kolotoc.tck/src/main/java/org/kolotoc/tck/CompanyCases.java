package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** A value has the same bits whatever else a program computes: what it is fused with changes neither it nor its order. */
final class CompanyCases {
    private static final List<Shape> SHAPES = List.of(
            Shape.of(1, 1), Shape.of(17, 5), Shape.of(40, 12), Shape.of(300, 3), Shape.of(5, 300), Shape.of(530, 33));

    private CompanyCases() {}

    static Stream<Check> all() {
        return SHAPES.stream()
                .map(shape -> new Check("alone and with others, " + shape, backend -> {
                    Map<String, Trial.Result> together = results(shape, "", backend);
                    together.forEach((name, result) -> assertArrayEquals(
                            result.bits(),
                            results(shape, name, backend).get(name).bits(),
                            name));
                }));
    }

    /** All values, or one of them. */
    private static Map<String, Trial.Result> results(Shape shape, String only, Backend backend) {
        Case test = Case.of(
                "company",
                t -> values(t, shape).forEach((name, value) -> {
                    if (only.isEmpty() || only.equals(name)) {
                        t.output(name, value);
                    }
                }));
        return Trial.of(test, backend).results();
    }

    private static Map<String, Tensor> values(Tracer t, Shape shape) {
        int columns = shape.extent(1);
        Tensor x = t.feed("x", DType.F32, shape);
        Tensor w = t.feed("w", DType.F32, Shape.of(columns, 7));
        Tensor h = x.tanh();
        Tensor e = x.exp();
        Tensor product = h.matmul(w).add(t.feed("bias", DType.F32, Shape.of(7)));
        Map<String, Tensor> values = new LinkedHashMap<>();
        values.put("h", h);
        values.put("e", e);
        values.put("row sums", h.sum(1));
        values.put("row maxima", h.max(1));
        values.put("column sums", h.sum(0));
        values.put("other column sums", e.mul(h).sum(0));
        values.put("column maxima", e.max(0));
        values.put("total", h.sum());
        values.put("softmax", Functions.softmax(x));
        values.put("sums of softmax", Functions.softmax(x).sum(0));
        values.put(
                "norm",
                x.sub(Functions.meanKeepDims(x, 1))
                        .mul(x.mul(x).sumKeepDims(1).add(0.1).rsqrt()));
        values.put("logarithm", x.abs().add(0.1).log());
        values.put("roots of sums", e.sum(1).sqrt().log());
        values.put("product", product);
        values.put("square", product.matmul(product.matrixTranspose()).sum(1));
        values.put("gelu", Functions.gelu(product));
        values.put("sums of products", product.sum(0));
        return values;
    }
}
