package org.kolotoc.api.text;

import org.kolotoc.api.Plugin;
import org.kolotoc.api.Seat;
import org.kolotoc.api.SeatKind;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * The seat of tokenizers.
 *
 * @param <S> the settings record, see {@link org.kolotoc.api.Settings}
 */
@ConsumerType
@SeatKind(
        value = Seat.TOKENIZER,
        summary = "how text becomes tokens",
        reserved = {"fit"})
public interface TokenizerFamily<S extends Record> extends Plugin<S> {
    /** A tokenizer for texts like this one. */
    Tokenizer fit(S settings, Text trainingText);

    /**
     * The same, for a tokenizer that also reads files, or tells what its settings don't do. The engine calls this one.
     *
     * @throws org.kolotoc.api.InputError when a file can't be used; names it and the place in it
     */
    default Tokenizer fit(S settings, Text trainingText, TokenizerContext context) {
        return fit(settings, trainingText);
    }

    /** The tokenizer that had this {@link Tokenizer#state()}. No file is read. */
    Tokenizer restore(String state);
}
