package org.kolotoc.phase.pretrain.objective;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/** Makes a row of a batch of a text: what the model is shown, and what it has to say. */
public interface Corruption {
    /** Inputs of the model that it writes. Beside them it writes {@code i32 targets[batch,time]; f32 weights[batch,time]}. */
    List<Signature.Port> inputs();

    /** Extents of the axes of a row: {@code time}, {@code from}. */
    Map<String, Integer> extents();

    /**
     * Writes a row; a function of the text and the draws.
     *
     * @param text tokens that are shown
     * @param said tokens that are to be said of them: the same, but where data is spoilt on purpose
     * @param length how many of them are there; what is not written is zeros, of weight 0
     */
    void write(int[] text, int[] said, int length, Draws draws, Batches.Fields out);
}
