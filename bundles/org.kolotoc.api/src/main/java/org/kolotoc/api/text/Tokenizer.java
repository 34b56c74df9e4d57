package org.kolotoc.api.text;

import org.kolotoc.api.InputError;
import org.osgi.annotation.versioning.ConsumerType;

/** A two-way map between text and tokens; {@code decode(encode(text))} is {@code text}. */
@ConsumerType
public interface Tokenizer {
    /** Tokens are 0 to {@code vocab - 1}. */
    int vocab();

    /**
     * Tokens of a text.
     *
     * @throws InputError when a character is outside the vocabulary; names it and where it stands
     */
    int[] encode(String text);

    String decode(int[] tokens);

    /** What {@link TokenizerFamily#restore} needs to make this tokenizer again; goes into checkpoints. */
    String state();
}
