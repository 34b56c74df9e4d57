package org.kolotoc.text.bpe;

/** English endings after an apostrophe: {@code 's}, {@code 't}, {@code 'd}, {@code 'm}, {@code 'll}, {@code 've}, {@code 're}. */
final class Contractions {
    /** U+017F, which is an s to a comparison that ignores case. */
    private static final char LONG_S = 'ſ';

    private Contractions() {}

    /** Which letters count. */
    enum Case {
        EXACT {
            @Override
            char of(char letter) {
                return letter;
            }
        },
        ANY {
            @Override
            char of(char letter) {
                return letter >= 'A' && letter <= 'Z' ? (char) (letter + 'a' - 'A') : letter == LONG_S ? 's' : letter;
            }
        };

        abstract char of(char letter);
    }

    /** End of the contraction at a place; the same place where there is none. */
    static int end(char[] text, int from, int length, Case which) {
        if (from + 1 >= length || text[from] != '\'') {
            return from;
        }
        char first = which.of(text[from + 1]);
        if (first == 's' || first == 't' || first == 'd' || first == 'm') {
            return from + 2;
        }
        if (from + 2 >= length) {
            return from;
        }
        char second = which.of(text[from + 2]);
        boolean is = first == 'l' && second == 'l' || second == 'e' && (first == 'v' || first == 'r');
        return is ? from + 3 : from;
    }
}
