package org.kolotoc.api;

import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Explanation;
import org.osgi.annotation.versioning.ProviderType;

/** A compiled program with all its buffers. Running allocates nothing. */
@ProviderType
public interface BoundProgram extends AutoCloseable {
    /**
     * The buffer of a feed or an output.
     *
     * @throws IllegalArgumentException when the program has none of that name
     */
    Buffer buffer(String name);

    void run();

    /** The one element of an {@code f32} output. */
    default float scalar(String output) {
        float[] value = new float[1];
        buffer(output).read(value);
        return value[0];
    }

    Explanation explain();

    @Override
    void close();
}
