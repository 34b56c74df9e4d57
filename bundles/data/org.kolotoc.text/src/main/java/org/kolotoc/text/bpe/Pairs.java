package org.kolotoc.text.bpe;

import java.util.Arrays;

/** Which two neighbours become one token, and which pair goes first: a hash table with open addressing. */
final class Pairs {
    /** Rank of a pair that never becomes one. */
    static final int NEVER = Integer.MAX_VALUE;

    private static final long EMPTY = -1;

    private long[] keys;
    private int[] ranks;
    private int[] merged;
    private int size;

    /** @param expected how many pairs there will be, about */
    Pairs(int expected) {
        allocate(Math.max(16, Integer.highestOneBit(Math.max(1, expected)) * 4));
    }

    private void allocate(int slots) {
        keys = new long[slots];
        ranks = new int[slots];
        merged = new int[slots];
        Arrays.fill(keys, EMPTY);
    }

    /** Adds a pair; of two equal ones the first holds. */
    void add(int left, int right, int rank, int token) {
        if (2 * (size + 1) > keys.length) {
            grow();
        }
        int slot = slot(left, right);
        if (keys[slot] == EMPTY) {
            keys[slot] = key(left, right);
            ranks[slot] = rank;
            merged[slot] = token;
            size++;
        }
    }

    private void grow() {
        long[] oldKeys = keys;
        int[] oldRanks = ranks;
        int[] oldMerged = merged;
        allocate(2 * keys.length);
        size = 0;
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != EMPTY) {
                add((int) (oldKeys[i] >>> 32), (int) oldKeys[i], oldRanks[i], oldMerged[i]);
            }
        }
    }

    /** The lower, the earlier; {@link #NEVER} for others. */
    int rank(int left, int right) {
        int slot = slot(left, right);
        return keys[slot] == EMPTY ? NEVER : ranks[slot];
    }

    /** The token that a pair becomes, which must be one. */
    int merged(int left, int right) {
        return merged[slot(left, right)];
    }

    private int slot(int left, int right) {
        long key = key(left, right);
        int slot = (int) (key * 0x9E3779B97F4A7C15L >>> 32) & keys.length - 1;
        while (keys[slot] != EMPTY && keys[slot] != key) {
            slot = slot + 1 & keys.length - 1;
        }
        return slot;
    }

    private static long key(int left, int right) {
        return (long) left << 32 | right;
    }
}
