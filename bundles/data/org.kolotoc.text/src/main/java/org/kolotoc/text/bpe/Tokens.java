package org.kolotoc.text.bpe;

import java.util.Arrays;

/** Tokens that become more. */
final class Tokens {
    private int[] tokens;
    private int size;

    Tokens(int expected) {
        tokens = new int[Math.max(16, expected)];
    }

    void add(int[] more, int count) {
        if (size + count > tokens.length) {
            tokens = Arrays.copyOf(tokens, Math.max(size + count, size + (size >> 1)));
        }
        // Most pieces are a token or two: a loop is faster than a call to copy them.
        for (int i = 0; i < count; i++) {
            tokens[size + i] = more[i];
        }
        size += count;
    }

    int[] toArray() {
        return Arrays.copyOf(tokens, size);
    }
}
