package org.kolotoc.text.bpe;

import java.util.Arrays;

/** Tokens by their bytes: a hash table that makes no object to look one up. */
final class ByteIndex {
    private static final int NONE = -1;

    private final byte[][] tokens;
    private final int[] slots;

    /** @param tokens null where a number is no token; of two with the same bytes the lower is found */
    ByteIndex(byte[][] tokens) {
        this.tokens = tokens;
        this.slots = new int[Integer.highestOneBit(Math.max(8, tokens.length)) * 4];
        Arrays.fill(slots, NONE);
        for (int token = 0; token < tokens.length; token++) {
            if (tokens[token] != null) {
                int slot = slot(tokens[token], 0, tokens[token].length);
                slots[slot] = slots[slot] == NONE ? token : slots[slot];
            }
        }
    }

    /** The token that some bytes are; -1 where they are none. */
    int find(byte[] bytes, int from, int to) {
        return slots[slot(bytes, from, to)];
    }

    private int slot(byte[] bytes, int from, int to) {
        int hash = 1;
        for (int i = from; i < to; i++) {
            hash = 31 * hash + bytes[i];
        }
        hash *= 0x9E3779B9;
        int slot = (hash ^ hash >>> 15) & slots.length - 1;
        while (slots[slot] != NONE) {
            byte[] token = tokens[slots[slot]];
            if (Arrays.equals(token, 0, token.length, bytes, from, to)) {
                break;
            }
            slot = slot + 1 & slots.length - 1;
        }
        return slot;
    }
}
