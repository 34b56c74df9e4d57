package org.kolotoc.nn;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** {@code x . weight + bias}: {@code [..., in]} to {@code [..., out]}; {@code weight [in, out]}, {@code bias [out]}. */
public record Linear(int in, int out, boolean bias, Initializer initializer) implements Layer {
    public Linear(int in, int out) {
        this(in, out, true, NORMAL);
    }

    @Override
    public List<Parameter> parameters() {
        List<Parameter> parameters = new ArrayList<>();
        parameters.add(Parameter.of("weight", initializer, in, out));
        if (bias) {
            parameters.add(Parameter.of("bias", Initializer.ZEROS, out));
        }
        return parameters;
    }

    public Tensor apply(Weights weights, Tensor x) {
        Tensor product = x.matmul(weights.get("weight"));
        return bias ? product.add(weights.get("bias")) : product;
    }
}
