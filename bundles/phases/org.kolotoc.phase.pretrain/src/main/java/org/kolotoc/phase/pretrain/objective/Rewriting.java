package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/**
 * Rows of which an encoder reads one part and a decoder writes the other.
 *
 * @param start token that the decoder begins with
 * @param from most tokens of what is read
 * @param time most tokens of what is written
 */
record Rewriting(int start, int from, int time) {
    static final List<Signature.Port> INPUTS = Signature.parse(
                    "i32 source[batch,from]; bool present[batch,from]; i32 target[batch,time] ->")
            .inputs();

    Map<String, Integer> extents() {
        return Map.of("from", from, "time", time);
    }

    /** Says how long what was written as {@code source} and {@code targets} of a row is. */
    void finish(int read, int written, Batches.Fields out) {
        Arrays.fill(out.ints("present"), 0, read, 1);
        int[] target = out.ints("target");
        target[0] = start;
        System.arraycopy(out.ints("targets"), 0, target, 1, written - 1);
        Arrays.fill(out.floats("weights"), 0, written, 1);
    }
}
