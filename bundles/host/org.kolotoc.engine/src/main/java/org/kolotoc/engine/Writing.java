package org.kolotoc.engine;

import java.util.function.Function;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.seat.DecoderSeat;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;

/**
 * What it takes to let a model write.
 *
 * @param weights the live buffer of a parameter by its name in the model
 * @param seed of the run
 */
public record Writing(
        Backend backend,
        Model model,
        Function<String, Buffer> weights,
        Tokenizer tokenizer,
        DecoderSeat decoder,
        long seed) {
    /** Role of the model that writes. */
    static final String ROLE = "model";

    /** A way to write with the weights as they are whenever it reads. */
    LanguageSession session() {
        return LanguageSession.of(backend, model, weights);
    }
}
