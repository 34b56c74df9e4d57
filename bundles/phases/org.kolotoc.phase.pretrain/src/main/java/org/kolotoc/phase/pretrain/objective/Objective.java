package org.kolotoc.phase.pretrain.objective;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;

/** What is hidden of a text and has to be predicted. */
public interface Objective {
    /** What the model has to offer, see {@link org.kolotoc.api.Signature}; it gives {@code f32 logits[batch,time,vocab]}. */
    String signature();

    /** Most tokens of a text that a row may have for a model; {@link Integer#MAX_VALUE} where nothing sets a limit. */
    int longest(Model model);

    /**
     * How rows are made of texts.
     *
     * @param time tokens of a text, at most {@link #longest}
     * @throws org.kolotoc.api.InputError naming the field, when the tokenizer has no token for what it needs, or a text of so
     *     many tokens can't be hidden so
     */
    Corruption corruption(Model model, Tokenizer tokenizer, int time);

    /** What an evaluation measures besides the loss and the accuracy. */
    default List<Measure> measures() {
        return List.of();
    }

    /**
     * Other ways to show the held-out rows, of which the accuracy alone is measured.
     *
     * @return by the measure
     */
    default Map<String, Corruption> shown(Corruption corruption) {
        return Map.of();
    }

    /**
     * What the measures say together.
     *
     * @param measured accuracies by measure
     * @return further measures
     */
    default Map<String, Double> concluded(Map<String, Double> measured) {
        return Map.of();
    }
}
