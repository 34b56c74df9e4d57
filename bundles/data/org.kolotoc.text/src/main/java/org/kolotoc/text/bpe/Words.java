package org.kolotoc.text.bpe;

import java.util.Arrays;

/**
 * Tokens of pieces that were met before. Each piece has one slot, and the last to come stays: what is found depends on what
 * was asked, its tokens do not. Several threads may look at once, since an entry never changes.
 */
final class Words {
    /** Units of the longest piece that is kept. */
    static final int LONGEST = 32;

    private static final int SLOTS = 1 << 16;

    /** A piece and its tokens. */
    record Word(char[] piece, int[] tokens) {
        private boolean is(char[] text, int from, int length) {
            if (piece.length != length) {
                return false;
            }
            for (int i = 0; i < length; i++) {
                if (piece[i] != text[from + i]) {
                    return false;
                }
            }
            return true;
        }
    }

    private final Word[] slots = new Word[SLOTS];

    static int slot(char[] text, int from, int to) {
        int hash = 0;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + text[i];
        }
        hash *= 0x9E3779B9;
        return hash >>> 16;
    }

    /** Tokens of a piece; null where it is not kept. */
    int[] find(int slot, char[] text, int from, int to) {
        Word word = slots[slot];
        return word != null && word.is(text, from, to - from) ? word.tokens() : null;
    }

    void keep(int slot, char[] text, int from, int to, int[] tokens) {
        slots[slot] = new Word(Arrays.copyOfRange(text, from, to), tokens);
    }
}
