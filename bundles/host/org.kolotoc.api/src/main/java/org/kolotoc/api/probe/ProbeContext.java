package org.kolotoc.api.probe;

import java.util.Map;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.osgi.annotation.versioning.ProviderType;

/** A program of a phase, as a probe sees it. */
@ProviderType
public interface ProbeContext {
    /** What the phase calls it: {@code train}. */
    String name();

    /** The program, as it was traced. */
    Program program();

    /** What lies within it. */
    default InnerValues values() {
        return InnerValues.of(program());
    }

    /**
     * A node of the program in the trace of the probe's own, where more is made of it: a norm, a mean, a part. Few numbers are
     * read faster than whole tensors, and take less memory.
     *
     * @throws IllegalArgumentException when the program has no such node
     */
    Tensor of(Tensor node);

    /**
     * Makes a value of the probe's own trace readable.
     *
     * @throws org.kolotoc.tensor.ShapeError when there is an output of that name
     */
    void output(String name, Tensor value);

    /** Whether a state of the program is a weight, or a statistic, of a model, and nothing that the phase keeps beside them. */
    boolean isWeight(String state);

    /** What the program became: kernels, memory, work. */
    Explanation explain();

    /** The memory of the device as it is now. */
    Backend.Memory memory();

    /** Weights that the program changes, by the names of their states: what each will be after a run. */
    default Map<String, Tensor> updates() {
        Map<String, Tensor> updates = new java.util.LinkedHashMap<>(program().updates());
        updates.keySet().removeIf(state -> !isWeight(state));
        return updates;
    }

    /** The leaf of a state. */
    default Tensor state(String name) {
        Tensor leaf = program().inputs().get(name);
        if (leaf == null || !(leaf.op() instanceof Op.Input input && input.state())) {
            throw new IllegalArgumentException("the program '" + name() + "' has no state '" + name + "'");
        }
        return leaf;
    }
}
