package org.kolotoc.sampler.text;

import java.util.Arrays;
import java.util.function.Consumer;
import org.kolotoc.api.text.Tokenizer;

/**
 * A text that becomes longer token by token. What may still change is held back: bytes of a character that is not whole, and
 * what may be the beginning of a string that the text ends before.
 */
final class Unfolding {
    /** Stands for bytes that are no whole character. */
    static final char REPLACEMENT = '\uFFFD';

    private final Tokenizer tokenizer;
    private final Stops stops;
    private final Consumer<String> told;
    private int[] tokens = new int[64];
    private int count;
    private int shown;
    private boolean over;

    Unfolding(Tokenizer tokenizer, Stops stops, Consumer<String> told) {
        this.tokenizer = tokenizer;
        this.stops = stops;
        this.told = told;
    }

    /** One more token. */
    void add(int token) {
        if (count == tokens.length) {
            tokens = Arrays.copyOf(tokens, 2 * count);
        }
        tokens[count++] = token;
        String text = tokenizer.decode(Arrays.copyOf(tokens, count));
        int sure = text.length();
        while (sure > 0 && text.charAt(sure - 1) == REPLACEMENT) {
            sure--;
        }
        show(text, Math.min(sure, stops.sure(text)));
        over |= stops.cut(text).length() < text.length();
    }

    /** Whether a string came that the text ends before. */
    boolean isOver() {
        return over;
    }

    /**
     * Nothing more comes: shows the rest.
     *
     * @param said all tokens but what ended it
     */
    String end(int[] said) {
        String all = tokenizer.decode(said);
        String text = stops.cut(all);
        over |= text.length() < all.length();
        show(text, text.length());
        return text;
    }

    private void show(String text, int to) {
        if (to > shown) {
            told.accept(text.substring(shown, to));
            shown = to;
        }
    }
}
