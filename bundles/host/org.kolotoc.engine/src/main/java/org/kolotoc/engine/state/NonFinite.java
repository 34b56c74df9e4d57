package org.kolotoc.engine.state;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.DType;

/** Tensors of a state that hold something else than finite numbers. */
public final class NonFinite {
    private NonFinite() {}

    /** Their names, in the state's order; reads every tensor, part by part. */
    public static List<String> in(Snapshot state) throws IOException {
        List<String> found = new ArrayList<>();
        for (Map.Entry<String, Snapshot.Entry> tensor : state.tensors().entrySet()) {
            if (tensor.getValue().dtype() == DType.F32 && !isFinite(tensor.getValue())) {
                found.add(tensor.getKey());
            }
        }
        return found;
    }

    private static boolean isFinite(Snapshot.Entry tensor) throws IOException {
        boolean[] finite = {true};
        tensor.read((_, part) -> {
            while (finite[0] && part.hasRemaining()) {
                finite[0] = Float.isFinite(part.getFloat());
            }
        });
        return finite[0];
    }
}
