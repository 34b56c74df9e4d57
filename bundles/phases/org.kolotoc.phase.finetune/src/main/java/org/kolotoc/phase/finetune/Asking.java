package org.kolotoc.phase.finetune;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Cuts a row of tokens where its answer begins: what is before it is read by an encoder, the answer written by a decoder, which
 * begins with a token of the model's own.
 */
final class Asking implements Batches.Row {
    static final List<Signature.Port> INPUTS = Signature.parse(
                    "i32 source[batch,from]; bool present[batch,from]; i32 target[batch,time] ->")
            .inputs();

    private final Batches rows;
    private final int start;
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int[] tokens;
    private final int[] targets;
    private final float[] weights;

    Asking(Dataset data, String split, long seed, Model model) {
        int time = data.dimensions().get("time");
        this.rows = data.batches(split, Map.of("batch", 1, "time", time), seed);
        this.start = model instanceof EncoderDecoder known ? known.start() : 0;
        this.tokens = new int[time];
        this.targets = new int[time];
        this.weights = new float[time];
        ReferenceBackend memory = new ReferenceBackend();
        data.fields().forEach(field -> feeds.put(field.name(), memory.allocate(field.dtype(), Shape.of(1, time))));
    }

    long count() {
        return rows.count();
    }

    @Override
    public void write(long number, Batches.Fields out) {
        rows.fill(number, feeds);
        feeds.get("tokens").read(tokens);
        feeds.get("targets").read(targets);
        feeds.get("weights").read(weights);
        int begin = 0;
        while (begin < weights.length && weights[begin] == 0) {
            begin++;
        }
        int end = weights.length;
        while (end > begin && weights[end - 1] == 0) {
            end--;
        }
        int length = end - begin;
        if (length == 0) {
            return;
        }
        System.arraycopy(tokens, 0, out.ints("source"), 0, begin + 1);
        Arrays.fill(out.ints("present"), 0, begin + 1, 1);
        System.arraycopy(targets, begin, out.ints("targets"), 0, length);
        System.arraycopy(weights, begin, out.floats("weights"), 0, length);
        int[] target = out.ints("target");
        target[0] = start;
        System.arraycopy(targets, begin, target, 1, length - 1);
    }
}
