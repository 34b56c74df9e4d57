package org.kolotoc.api.text;

import java.util.Map;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A two-way map between text and tokens; {@code decode(encode(text))} is {@code text}, or what is left of it where the
 * tokenizer says that it normalises.
 */
@ConsumerType
public interface Tokenizer {
    /** Tokens are 0 to {@code vocab - 1}, but for {@link #gaps}. */
    int vocab();

    /**
     * Numbers below {@link #vocab} that are no token, as published vocabularies have some: no text has them, they decode to
     * none, and no {@link LanguageSession} holds them for possible.
     */
    default int[] gaps() {
        return new int[0];
    }

    /**
     * Tokens that stand for no text, by name: {@code <|endoftext|>}. They are for whoever puts texts together; a name in a
     * text is plain text, unless the tokenizer's settings say otherwise.
     */
    default Map<String, Integer> specials() {
        return Map.of();
    }

    /**
     * Tokens of a text.
     *
     * @throws InputError when a character is outside the vocabulary; names it and where it stands
     */
    int[] encode(String text);

    /**
     * Tokens of a text of any length: those of {@link #encode(String)}, part by part. It is cut where {@link #cut} says.
     *
     * @param out gets one part after the other; may keep none of the arrays
     * @throws InputError when a character is outside the vocabulary; names it and where it stands
     */
    default void encode(Text text, Consumer<int[]> out) {
        StringBuilder open = new StringBuilder();
        for (String part : text) {
            if (open.length() > Integer.MAX_VALUE - 8 - part.length()) {
                throw InputError.of(
                        "this tokenizer finds no place to cut in 2^31 units of the text, and reads no longer piece",
                        "choose a tokenizer that can, such as \"char\" or \"byte\", or a shorter text");
            }
            open.append(part);
            int cut = cut(open);
            if (cut > 0) {
                out.accept(encode(open.substring(0, cut)));
                open.delete(0, cut);
            }
        }
        if (!open.isEmpty()) {
            out.accept(encode(open.toString()));
        }
    }

    /**
     * Where a text may be cut: the length of a beginning whose tokens are the same whatever follows, and after which the
     * rest has the tokens it has alone. The longer, the less has to be held; 0 where no place is known, as for a tokenizer
     * that does not say.
     *
     * @param beginning of a text that goes on
     */
    default int cut(CharSequence beginning) {
        return 0;
    }

    String decode(int[] tokens);

    /** What {@link TokenizerFamily#restore} needs to make this tokenizer again; goes into checkpoints. */
    String state();
}
