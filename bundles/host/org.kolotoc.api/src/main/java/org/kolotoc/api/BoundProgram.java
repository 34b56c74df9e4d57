package org.kolotoc.api;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
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

    /**
     * Writes all of a small feed: a learning rate, a seed and a step.
     *
     * @param elements each a number of the feed's type, see {@link DType#has}
     */
    default void feed(String name, double... elements) {
        Buffer buffer = buffer(name);
        if (buffer.dtype() == DType.F32) {
            float[] floats = new float[elements.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = (float) elements[i];
            }
            buffer.write(floats);
            return;
        }
        buffer.write(
                DoubleStream.of(elements).mapToInt(element -> (int) element).toArray());
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
