package org.kolotoc.sampler.text;

import java.util.List;
import org.kolotoc.api.chat.Exchange;

/** How what people say is put before a model. */
interface Spoken {
    /**
     * What the model goes on from.
     *
     * @param tokens as many as fit, at least one
     * @param forgotten exchanges that did not
     * @param cut tokens of the question that did not
     */
    record Prompt(int[] tokens, int forgotten, int cut) {}

    /** @throws org.kolotoc.api.InputError when the question can't be written, or there is nothing to go on from */
    Prompt prompt(List<Exchange> before, String question);

    /** Whether a token ends what the model says. */
    boolean isEnd(int token);

    /** A question as it is written. */
    String written(String question);
}
