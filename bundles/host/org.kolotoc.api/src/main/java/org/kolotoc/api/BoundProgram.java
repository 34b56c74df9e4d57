package org.kolotoc.api;

import java.util.LinkedHashMap;
import java.util.Map;
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

    /**
     * Several of them by name, as {@link Batches#fill} takes them.
     *
     * @throws IllegalArgumentException when the program has none of a name
     */
    default Map<String, Buffer> buffers(String... names) {
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        for (String name : names) {
            buffers.put(name, buffer(name));
        }
        return buffers;
    }

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
