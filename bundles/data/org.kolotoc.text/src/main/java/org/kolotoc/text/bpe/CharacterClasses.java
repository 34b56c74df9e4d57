package org.kolotoc.text.bpe;

/** Which of the classes that {@link Split} knows a character belongs to, as a set of bits. */
final class CharacterClasses {
    static final int LETTER = 1;
    static final int NUMBER = 2;
    static final int SPACE = 4;
    /** Line feed and carriage return, which are {@link #SPACE} too. */
    static final int NEWLINE = 8;
    /** Neither letter nor number nor space: punctuation, symbols, marks, unpaired surrogates. */
    static final int OTHER = 16;
    /** What may stand at the beginning of a capitalised word: any letter but a small one, and marks. */
    static final int UPPER = 32;
    /** What may stand in the rest of a word: any letter but a capital, and marks. */
    static final int LOWER = 64;

    private static final int MARKS =
            1 << Character.NON_SPACING_MARK | 1 << Character.COMBINING_SPACING_MARK | 1 << Character.ENCLOSING_MARK;
    private static final int NUMBERS =
            1 << Character.DECIMAL_DIGIT_NUMBER | 1 << Character.LETTER_NUMBER | 1 << Character.OTHER_NUMBER;

    /** Of each UTF-16 unit; 0 for a high surrogate, where the next one decides. */
    private static final byte[] UNITS = new byte[1 << 16];

    static {
        for (int unit = 0; unit < UNITS.length; unit++) {
            UNITS[unit] = (byte) (Character.isHighSurrogate((char) unit) ? 0 : ofCodePoint(unit));
        }
    }

    private CharacterClasses() {}

    private static int ofCodePoint(int character) {
        int type = Character.getType(character);
        if (isSpace(character)) {
            return character == '\n' || character == '\r' ? SPACE | NEWLINE : SPACE;
        }
        if ((1 << type & NUMBERS) != 0) {
            return NUMBER;
        }
        if ((1 << type & MARKS) != 0) {
            return OTHER | UPPER | LOWER;
        }
        return switch (type) {
            case Character.UPPERCASE_LETTER, Character.TITLECASE_LETTER -> LETTER | UPPER;
            case Character.LOWERCASE_LETTER -> LETTER | LOWER;
            case Character.MODIFIER_LETTER, Character.OTHER_LETTER -> LETTER | UPPER | LOWER;
            default -> OTHER;
        };
    }

    /** The property White_Space of Unicode, which {@code \s} means in the patterns. */
    static boolean isSpace(int character) {
        return character >= 0x09 && character <= 0x0D || character == 0x85 || Character.isSpaceChar(character);
    }

    /** Classes of the character at a place. */
    static int at(char[] text, int at, int length) {
        int classes = UNITS[text[at]];
        return classes != 0 ? classes : ofCodePoint(Character.codePointAt(text, at, length));
    }

    /** Units of the character at a place. */
    static int width(char[] text, int at, int length) {
        return Character.charCount(Character.codePointAt(text, at, length));
    }

    /** End of the run of characters that have one of some classes. */
    static int run(char[] text, int from, int length, int classes) {
        int at = from;
        while (at < length) {
            int found = UNITS[text[at]];
            if ((found & classes) != 0) {
                at++;
            } else if (found == 0 && (at(text, at, length) & classes) != 0) {
                at += width(text, at, length);
            } else {
                break;
            }
        }
        return at;
    }
}
