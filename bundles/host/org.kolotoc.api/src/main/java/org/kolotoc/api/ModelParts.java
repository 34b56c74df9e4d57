package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** A model given as its parts. */
record ModelParts(
        Signature signature, Dimensions limits, List<Parameter> parameters, List<Parameter> statistics, Forward trace)
        implements Model {
    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        return trace.trace(weights, inputs, pass);
    }
}
