package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Root mean square normalisation (Zhang and Sennrich, arXiv:1910.07467): the mean of squares over the innermost axis becomes
 * 1, then {@code weight [width]} times.
 */
public record RmsNorm(int width, double epsilon) implements Norm {
    @Override
    public List<Parameter> parameters() {
        return List.of(Parameter.of("weight", Initializer.ONES, width));
    }

    @Override
    public Tensor apply(Weights weights, Tensor x) {
        return Functions.rmsNorm(x, weights.get("weight"), epsilon);
    }
}
