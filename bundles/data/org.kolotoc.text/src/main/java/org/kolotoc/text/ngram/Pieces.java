package org.kolotoc.text.ngram;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Cuts a text that comes part by part into words, as they are written, signs alone, and line ends; other blanks only
 * separate.
 */
public final class Pieces {
    private final Consumer<String> out;
    private final StringBuilder word = new StringBuilder();

    /** @param out gets each piece */
    public Pieces(Consumer<String> out) {
        this.out = out;
    }

    /** All of a text. */
    public static List<String> of(String text) {
        List<String> all = new ArrayList<>();
        Pieces pieces = new Pieces(all::add);
        pieces.read(text);
        pieces.end();
        return all;
    }

    /** Reads on; the part ends with a whole character. */
    public void read(String part) {
        for (int i = 0; i < part.length(); ) {
            int character = part.codePointAt(i);
            i += Character.charCount(character);
            if (isWithinWord(character)) {
                word.appendCodePoint(character);
                continue;
            }
            end();
            if (character == '\n' || !Character.isWhitespace(character)) {
                out.accept(Character.toString(character));
            }
        }
    }

    private static boolean isWithinWord(int character) {
        int type = Character.getType(character);
        return Character.isLetterOrDigit(character)
                || type == Character.NON_SPACING_MARK
                || type == Character.COMBINING_SPACING_MARK;
    }

    /** The text is over, or its word. */
    public void end() {
        if (!word.isEmpty()) {
            out.accept(word.toString());
            word.setLength(0);
        }
    }
}
