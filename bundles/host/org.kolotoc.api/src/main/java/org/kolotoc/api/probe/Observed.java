package org.kolotoc.api.probe;

import org.kolotoc.tensor.Buffer;
import org.osgi.annotation.versioning.ProviderType;

/** Outputs of a probe's program. */
@ProviderType
@FunctionalInterface
public interface Observed {
    /**
     * The buffer of an output.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    Buffer buffer(String output);

    /** The one element of an {@code f32} output. */
    default float scalar(String output) {
        return floats(output)[0];
    }

    /** All elements of an {@code f32} output, in row-major order. */
    default float[] floats(String output) {
        Buffer buffer = buffer(output);
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }
}
