package org.kolotoc.text;

import java.util.Arrays;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;

/** One token for each character (Unicode code point) of the training text, in ascending order. */
final class CharTokenizer implements Tokenizer {
    private static final int SHOWN = 120;

    private final int[] characters;

    /** The vocabulary: ascending code points. */
    CharTokenizer(int[] characters) {
        this.characters = characters;
    }

    static CharTokenizer of(String text) {
        return new CharTokenizer(text.codePoints().distinct().sorted().toArray());
    }

    @Override
    public int vocab() {
        return characters.length;
    }

    @Override
    public int[] encode(String text) {
        int[] tokens = new int[text.codePointCount(0, text.length())];
        int at = 0;
        for (int i = 0; i < tokens.length; i++) {
            int character = text.codePointAt(at);
            tokens[i] = Arrays.binarySearch(characters, character);
            if (tokens[i] < 0) {
                throw unknown(text, at, character);
            }
            at += Character.charCount(character);
        }
        return tokens;
    }

    private InputError unknown(String text, int at, int character) {
        long line = text.substring(0, at).chars().filter(c -> c == '\n').count() + 1;
        int column = text.codePointCount(text.lastIndexOf('\n', at - 1) + 1, at) + 1;
        String vocabulary = new String(characters, 0, Math.min(SHOWN, characters.length));
        return InputError.of(
                "character " + quoted(character) + " (" + String.format("U+%04X", character) + ") at offset "
                        + text.codePointCount(0, at) + ", line " + line + ", column " + column
                        + " is not in the vocabulary of " + characters.length + " characters: " + escaped(vocabulary)
                        + (characters.length > SHOWN ? "..." : ""),
                "leave the character out, train on text that has it, or use the tokenizer \"byte\"");
    }

    private static String quoted(int character) {
        return "'" + escaped(Character.toString(character)) + "'";
    }

    private static String escaped(String text) {
        return text.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r");
    }

    @Override
    public String decode(int[] tokens) {
        StringBuilder text = new StringBuilder(tokens.length);
        for (int token : tokens) {
            if (token < 0 || token >= characters.length) {
                throw new IllegalArgumentException("token " + token + " is not in [0, " + characters.length + ")");
            }
            text.appendCodePoint(characters[token]);
        }
        return text.toString();
    }

    /** The vocabulary itself. */
    @Override
    public String state() {
        return new String(characters, 0, characters.length);
    }
}
