package org.kolotoc.phase.pretrain.objective;

import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;

/**
 * A decoder writes a text that the encoder reads with holes, whose number and length it has to guess, and with its sentences
 * in another order and without some of its tokens (Lewis et al., arXiv:1910.13461, section 2.2).
 */
record Infill(InfillSettings settings) implements Objective {
    @Override
    public String signature() {
        return Spans.SIGNATURE;
    }

    /** What ends the text is written too. */
    @Override
    public int longest(Model model) {
        int written = model.limits().getOr("time", 0);
        return Math.min(
                model.limits().getOr("from", Integer.MAX_VALUE), written == 0 ? Integer.MAX_VALUE : written - 1);
    }

    @Override
    public Corruption corruption(Model model, Tokenizer tokenizer, int time) {
        Named named = new Named(tokenizer);
        return new Infilling(
                settings,
                named.token("mask", settings.mask(), Masked.MASKS),
                named.token("end", settings.end(), Spans.ENDS),
                settings.sentence().isEmpty() ? Infilling.NONE : sentence(tokenizer),
                new Rewriting(Spans.start(model), time, time + 1));
    }

    private int sentence(Tokenizer tokenizer) {
        int[] tokens;
        try {
            tokens = tokenizer.encode(settings.sentence());
        } catch (InputError e) {
            throw InputError.field("objective.sentence", e.getMessage() + "; " + e.next());
        }
        if (tokens.length != 1) {
            throw InputError.field(
                    "objective.sentence",
                    "'" + settings.sentence() + "' is " + tokens.length + " tokens of the experiment's tokenizer;"
                            + " expected one");
        }
        return tokens[0];
    }
}
