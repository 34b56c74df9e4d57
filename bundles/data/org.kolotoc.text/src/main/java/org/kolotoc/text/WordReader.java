package org.kolotoc.text;

import java.util.Locale;
import java.util.function.Consumer;

/**
 * Finds words in a text that comes part by part: letters, with apostrophes between them. Of what it reads it holds the word
 * that has begun.
 */
final class WordReader {
    private final int letters;
    private final int longest;
    private final Consumer<String> out;
    private final StringBuilder word = new StringBuilder();
    private int seen;
    private int apostrophe;
    private boolean tooLong;

    /**
     * Nothing read yet.
     *
     * @param letters that a word must have
     * @param longest units a word may have; longer ones are left out
     * @param out gets every word, in lower case
     */
    WordReader(int letters, int longest, Consumer<String> out) {
        this.letters = letters;
        this.longest = longest;
        this.out = out;
    }

    /** Reads on; the part ends with a whole character. */
    void read(String part) {
        for (int i = 0; i < part.length(); ) {
            int character = part.codePointAt(i);
            i += Character.charCount(character);
            if (Character.isLetter(character)) {
                letter(character);
            } else if ((character == '\'' || character == '’') && seen > 0 && apostrophe == 0) {
                apostrophe = character;
            } else {
                end();
            }
        }
    }

    private void letter(int character) {
        if (!tooLong) {
            if (apostrophe != 0) {
                word.appendCodePoint(apostrophe);
            }
            word.appendCodePoint(character);
            tooLong = word.length() > longest;
        }
        if (tooLong) {
            word.setLength(0);
        }
        apostrophe = 0;
        seen++;
    }

    /** The text is over, or its word. */
    void end() {
        if (seen >= letters && seen > 0 && !tooLong) {
            out.accept(word.toString().toLowerCase(Locale.ROOT));
        }
        word.setLength(0);
        seen = 0;
        apostrophe = 0;
        tooLong = false;
    }
}
