package org.kolotoc.engine.state;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.tensor.DType;

/** Tensors that hold something else than finite numbers. */
public final class NonFinite {
    private NonFinite() {}

    /** Where the first of each is, see {@link #first}, by name, ordered; reads every tensor, part by part. */
    public static Map<String, String> in(Map<String, Snapshot.Entry> tensors) throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (Map.Entry<String, Snapshot.Entry> tensor : tensors.entrySet()) {
            first(tensor.getValue()).ifPresent(place -> found.put(tensor.getKey(), place));
        }
        return found;
    }

    /** The first element that is no finite number, {@code NaN at [3, 5]}; nothing where all are, or are of another type. */
    public static Optional<String> first(Snapshot.Entry tensor) throws IOException {
        if (tensor.dtype() != DType.F32) {
            return Optional.empty();
        }
        String[] found = {null};
        tensor.read((first, part) -> {
            for (int at = first; found[0] == null && part.hasRemaining(); at++) {
                float value = part.getFloat();
                if (!Float.isFinite(value)) {
                    found[0] = value + " at " + Arrays.toString(index(at, tensor.shape()));
                }
            }
        });
        return Optional.ofNullable(found[0]);
    }

    private static int[] index(int place, int[] shape) {
        int[] index = new int[shape.length];
        int rest = place;
        for (int axis = shape.length - 1; axis >= 0; axis--) {
            index[axis] = rest % shape[axis];
            rest /= shape[axis];
        }
        return index;
    }
}
