package org.kolotoc.api;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Reads examples of data, one batch of one each. */
final class FirstExamples {
    private static final String BATCH = "batch";

    private FirstExamples() {}

    static Map<String, float[]> of(Dataset data, String split, int most) {
        Map<String, Integer> axes = new HashMap<>(data.dimensions().extents());
        axes.put(BATCH, 1);
        Batches batches = data.batches(split, axes, 0);
        int count = (int) Math.min(most, batches.count());
        Map<String, float[]> examples = new LinkedHashMap<>();
        for (Signature.Port field : data.fields()) {
            int[] extents = field.axes().stream()
                    .mapToInt(axis -> axis.equals(BATCH) ? 1 : data.dimensions().get(axis))
                    .toArray();
            try (ReferenceBackend host = new ReferenceBackend();
                    Buffer buffer = host.allocate(field.dtype(), Shape.of(extents))) {
                examples.put(field.name(), read(batches, count, field.name(), buffer));
            }
        }
        return examples;
    }

    private static float[] read(Batches batches, int count, String field, Buffer buffer) {
        int size = buffer.shape().size();
        float[] all = new float[count * size];
        float[] floats = new float[size];
        int[] ints = new int[size];
        for (int i = 0; i < count; i++) {
            batches.fill(i, Map.of(field, buffer));
            if (buffer.dtype() == DType.F32) {
                buffer.read(floats);
            } else {
                buffer.read(ints);
                for (int at = 0; at < size; at++) {
                    floats[at] = ints[at];
                }
            }
            System.arraycopy(floats, 0, all, i * size, size);
        }
        return all;
    }
}
