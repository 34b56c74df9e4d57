package org.kolotoc.text.ngram;

import java.util.Arrays;

/**
 * How often each sequence of numbered pieces was seen, and what stood behind it. A sequence is a number too, made of a shorter
 * one and the piece behind that; all lie in arrays, some 40 bytes each, where maps of maps of texts take 200.
 */
final class SequenceCounts {
    /** The sequence of no piece. */
    static final int EMPTY = 0;
    /** What was never seen: a sequence or a piece. */
    static final int NONE = -1;

    private static final int FEWEST = 1 << 11;

    /** Behind them a slot is looked for that is free: no more than half of them are taken. */
    private int[] slots = new int[2 * FEWEST];

    private long[] keys = new long[FEWEST];
    private int[] times = new int[keys.length];
    private int[] timesBehind = new int[keys.length];
    private int[] kindsBehind = new int[keys.length];
    private int size = 1;

    interface Behind {
        void accept(int piece, int times);
    }

    /** Counts a piece behind a sequence, and says which sequence both are. */
    int count(int sequence, int piece) {
        int found = find(sequence, piece);
        if (found == NONE) {
            if (size == keys.length) {
                grow();
            }
            found = size++;
            keys[found] = key(sequence, piece);
            slots[slot(keys[found])] = found;
            kindsBehind[sequence]++;
        }
        times[found]++;
        timesBehind[sequence]++;
        return found;
    }

    /** A sequence and a piece behind it; {@link #NONE} where it was never seen. */
    int find(int sequence, int piece) {
        if (sequence == NONE || piece == NONE) {
            return NONE;
        }
        int found = slots[slot(key(sequence, piece))];
        return found == 0 ? NONE : found;
    }

    int times(int sequence) {
        return sequence == NONE ? 0 : times[sequence];
    }

    /** How often anything stood behind a sequence. */
    int timesBehind(int sequence) {
        return sequence == NONE ? 0 : timesBehind[sequence];
    }

    /** How many different pieces stood behind a sequence. */
    int kindsBehind(int sequence) {
        return sequence == NONE ? 0 : kindsBehind[sequence];
    }

    /** All pieces that stood behind a sequence; looks at every sequence. */
    void forEachBehind(int sequence, Behind behind) {
        for (int i = 1; i < size; i++) {
            if (keys[i] >>> Integer.SIZE == sequence) {
                behind.accept((int) keys[i], times[i]);
            }
        }
    }

    /** Sequences that were seen, and the empty one. */
    int size() {
        return size;
    }

    /** What so many sequences take on the heap, in bytes: all arrays double when they are full. */
    static long bytes(long sequences) {
        long length = FEWEST;
        while (length < sequences) {
            length *= 2;
        }
        return (8L + 5 * 4) * length;
    }

    private static long key(int sequence, int piece) {
        return (long) sequence << Integer.SIZE | piece;
    }

    /** Where a key is, or would be: 0 is in it then. */
    private int slot(long key) {
        int mask = slots.length - 1;
        long mixed = key * 0x9E3779B97F4A7C15L;
        int slot = (int) (mixed >>> Integer.SIZE) & mask;
        while (slots[slot] != 0 && keys[slots[slot]] != key) {
            slot = slot + 1 & mask;
        }
        return slot;
    }

    private void grow() {
        keys = Arrays.copyOf(keys, 2 * size);
        times = Arrays.copyOf(times, 2 * size);
        timesBehind = Arrays.copyOf(timesBehind, 2 * size);
        kindsBehind = Arrays.copyOf(kindsBehind, 2 * size);
        slots = new int[4 * size];
        for (int i = 1; i < size; i++) {
            slots[slot(keys[i])] = i;
        }
    }
}
