package org.kolotoc.nn;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Layer normalisation (Ba et al., arXiv:1607.06450): mean 0 and variance 1 over the innermost axis, then
 * {@code weight [width]} times plus {@code bias [width]}.
 */
public record LayerNorm(int width, boolean bias, double epsilon) implements Norm {
    public LayerNorm(int width) {
        this(width, true, 1e-5);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.of("weight", Initializer.ONES, width));
        if (bias) {
            parameters.add(Parameter.of("bias", Initializer.ZEROS, width));
        }
        return parameters;
    }

    @Override
    public Tensor apply(Weights weights, Tensor x) {
        Tensor shift = bias ? weights.get("bias") : x.constant(0);
        return Functions.layerNorm(x, weights.get("weight"), shift, epsilon);
    }
}
