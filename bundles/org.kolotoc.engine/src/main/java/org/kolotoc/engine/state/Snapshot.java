package org.kolotoc.engine.state;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;

/**
 * A train state at one moment, on the heap.
 *
 * @param tensors by name, ordered
 * @param counters by name, ordered
 */
public record Snapshot(Map<String, Entry> tensors, Map<String, Long> counters) {

    /**
     * A tensor.
     *
     * @param bytes elements in row-major order, little-endian
     */
    public record Entry(DType dtype, int[] shape, byte[] bytes) {
        static Entry of(Buffer buffer) {
            int size = buffer.shape().size();
            ByteBuffer bytes = ByteBuffer.allocate(size * DType.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            if (buffer.dtype() == DType.F32) {
                float[] values = new float[size];
                buffer.read(values);
                bytes.asFloatBuffer().put(values);
            } else {
                int[] values = new int[size];
                buffer.read(values);
                bytes.asIntBuffer().put(values);
            }
            return new Entry(buffer.dtype(), buffer.shape().extents(), bytes.array());
        }

        void write(Buffer buffer) {
            ByteBuffer content = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
            if (dtype == DType.F32) {
                float[] values = new float[bytes.length / DType.BYTES];
                content.asFloatBuffer().get(values);
                buffer.write(values);
            } else {
                int[] values = new int[bytes.length / DType.BYTES];
                content.asIntBuffer().get(values);
                buffer.write(values);
            }
        }
    }
}
