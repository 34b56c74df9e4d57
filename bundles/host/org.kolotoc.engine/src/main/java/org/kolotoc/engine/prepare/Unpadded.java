package org.kolotoc.engine.prepare;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.Model;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;

/**
 * Weights without tokens that stand for no text. Published models know a round number of tokens, their tokenizers fewer: what
 * is left out was never read, and would be written only by mistake.
 *
 * @param there tokens of the weights
 * @param here tokens of the tokenizer, the first of them; as many, or fewer
 */
record Unpadded(int there, int here) {
    /** {@code it knows 50304 tokens, and the tokenizer here has 50257}. */
    @Override
    public String toString() {
        return "it knows " + there + " tokens, and the tokenizer here has " + here;
    }

    /**
     * Weights for a model that knows as many tokens as the tokenizer. A tensor that differs in another way stays as it is,
     * for whoever holds it against the model's.
     */
    Map<String, Snapshot.Entry> of(Model model, Map<String, Snapshot.Entry> tensors) {
        Map<String, Snapshot.Entry> all = new TreeMap<>(tensors);
        for (Parameter parameter : model.states()) {
            int[] shape = parameter.shape().extents();
            all.computeIfPresent(
                    parameter.name(),
                    (_, entry) ->
                            isPadded(entry, shape) ? new Snapshot.Made(shape, () -> corner(entry, shape)) : entry);
        }
        return all;
    }

    private boolean isPadded(Snapshot.Entry entry, int[] shape) {
        int[] stored = entry.shape();
        if (here >= there || entry.dtype() != DType.F32 || stored.length != shape.length) {
            return false;
        }
        boolean padded = false;
        for (int axis = 0; axis < shape.length; axis++) {
            boolean ofTokens = stored[axis] == there && shape[axis] == here;
            if (!ofTokens && stored[axis] != shape[axis]) {
                return false;
            }
            padded |= ofTokens;
        }
        return padded;
    }

    /** The first elements along each axis. */
    private static float[] corner(Snapshot.Entry entry, int[] shape) {
        float[] all;
        try {
            all = entry.floats();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        int[] stored = entry.shape();
        int size = 1;
        for (int extent : shape) {
            size *= extent;
        }
        float[] kept = new float[size];
        for (int i = 0; i < size; i++) {
            int rest = i;
            int at = 0;
            int stride = 1;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                at += rest % shape[axis] * stride;
                rest /= shape[axis];
                stride *= stored[axis];
            }
            kept[i] = all[at];
        }
        return kept;
    }
}
