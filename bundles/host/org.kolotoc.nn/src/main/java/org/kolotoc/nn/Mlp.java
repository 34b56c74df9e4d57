package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** Two linear layers, {@code up} to {@code hidden} and {@code down}, with a GELU between them. */
public record Mlp(int width, int hidden, boolean bias, Initializer output) implements Layer {
    @Override
    public List<Parameter> parameters() {
        return Stream.concat(up().in("up"), down().in("down")).toList();
    }

    /** {@code [..., width]} to the same shape. */
    public Tensor apply(Weights weights, Tensor x) {
        Tensor hidden = Functions.gelu(up().apply(weights.in("up"), x));
        return down().apply(weights.in("down"), hidden);
    }

    private Linear up() {
        return new Linear(width, hidden, bias, NORMAL);
    }

    private Linear down() {
        return new Linear(hidden, width, bias, output);
    }
}
