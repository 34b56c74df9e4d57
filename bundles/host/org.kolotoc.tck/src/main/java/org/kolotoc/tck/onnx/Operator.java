package org.kolotoc.tck.onnx;

import java.util.List;
import org.kolotoc.tensor.Tensor;

/** What a node of ONNX computes, traced. */
@FunctionalInterface
interface Operator {
    /** The outputs by slot; one that is not expressed is null, or missing at the end. */
    List<Tensor> apply(Call call) throws NotCovered;

    /** An operator of one output. */
    @FunctionalInterface
    interface Single {
        Tensor apply(Call call) throws NotCovered;
    }

    static Operator of(Single single) {
        return call -> List.of(single.apply(call));
    }
}
