package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Two linear layers, {@code up} to {@code hidden} and {@code down}, with an activation between them; a gated one has a third,
 * {@code gate}, which the activation is of: {@code down(activation(gate(x)) up(x))}.
 */
public record Mlp(int width, int hidden, Activation activation, boolean bias, Initializer output) implements Layer {
    /** With a GELU. */
    public Mlp(int width, int hidden, boolean bias, Initializer output) {
        this(width, hidden, Activation.GELU, bias, output);
    }

    @Override
    public List<Parameter> parameters() {
        Stream<Parameter> first = activation.gated() ? up().in("gate") : Stream.empty();
        return Stream.of(first, up().in("up"), down().in("down"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    /** {@code [..., width]} to the same shape. */
    public Tensor apply(Weights weights, Tensor x) {
        Tensor up = up().apply(weights.in("up"), x);
        Tensor hidden = activation.gated()
                ? activation.apply(up().apply(weights.in("gate"), x)).mul(up)
                : activation.apply(up);
        return down().apply(weights.in("down"), hidden);
    }

    private Linear up() {
        return new Linear(width, hidden, bias, NORMAL);
    }

    private Linear down() {
        return new Linear(hidden, width, bias, output);
    }
}
