package org.kolotoc.text.bpe;

import java.util.Arrays;

/**
 * Merges the tokens of a piece: again and again the pair of the lowest rank, of equal ones the leftmost. Not for several
 * threads.
 */
final class Merging {
    /** Tokens from which on a heap finds the next pair; below, looking at all of them is faster. */
    static final int LONG = 64;

    private final Pairs pairs;
    private final int[] ranks = new int[LONG];

    Merging(Pairs pairs) {
        this.pairs = pairs;
    }

    /** Merges the first tokens of an array in their place; how many are left. */
    int merge(int[] tokens, int count) {
        return count < LONG ? mergeShort(tokens, count) : mergeLong(tokens, count);
    }

    /** Looks at all pairs for each merge. */
    private int mergeShort(int[] tokens, int count) {
        for (int i = 0; i + 1 < count; i++) {
            ranks[i] = pairs.rank(tokens[i], tokens[i + 1]);
        }
        int left = count;
        while (left > 1) {
            int best = 0;
            for (int i = 1; i + 1 < left; i++) {
                if (ranks[i] < ranks[best]) {
                    best = i;
                }
            }
            if (ranks[best] == Pairs.NEVER) {
                break;
            }
            tokens[best] = pairs.merged(tokens[best], tokens[best + 1]);
            left--;
            System.arraycopy(tokens, best + 2, tokens, best + 1, left - best - 1);
            System.arraycopy(ranks, best + 1, ranks, best, left - best - 1);
            if (best > 0) {
                ranks[best - 1] = pairs.rank(tokens[best - 1], tokens[best]);
            }
            if (best + 1 < left) {
                ranks[best] = pairs.rank(tokens[best], tokens[best + 1]);
            }
        }
        return left;
    }

    /** A heap of pairs over a linked list of tokens: time grows with {@code count * log(count)}. */
    private int mergeLong(int[] tokens, int count) {
        int[] next = new int[count];
        int[] previous = new int[count];
        int[] current = new int[count];
        Heap heap = new Heap(count);
        for (int i = 0; i < count; i++) {
            next[i] = i + 1;
            previous[i] = i - 1;
            current[i] = i + 1 < count ? pairs.rank(tokens[i], tokens[i + 1]) : Pairs.NEVER;
            heap.add(current[i], i);
        }
        while (!heap.isEmpty()) {
            long first = heap.poll();
            int at = (int) first;
            // What was merged meanwhile, or has another neighbour now, has another entry or none.
            if (current[at] != (int) (first >>> 32)) {
                continue;
            }
            int right = next[at];
            tokens[at] = pairs.merged(tokens[at], tokens[right]);
            current[right] = Pairs.NEVER;
            next[at] = next[right];
            if (next[at] < count) {
                previous[next[at]] = at;
            }
            renew(tokens, next, current, heap, at);
            if (previous[at] >= 0) {
                renew(tokens, next, current, heap, previous[at]);
            }
        }
        int left = 0;
        for (int i = 0; i < count; i = next[i]) {
            tokens[left++] = tokens[i];
        }
        return left;
    }

    private void renew(int[] tokens, int[] next, int[] current, Heap heap, int at) {
        current[at] = next[at] < next.length ? pairs.rank(tokens[at], tokens[next[at]]) : Pairs.NEVER;
        heap.add(current[at], at);
    }

    /** Ranks and places, the lowest first. */
    private static final class Heap {
        private long[] entries;
        private int size;

        Heap(int expected) {
            entries = new long[Math.max(16, expected)];
        }

        boolean isEmpty() {
            return size == 0;
        }

        void add(int rank, int place) {
            if (rank == Pairs.NEVER) {
                return;
            }
            if (size == entries.length) {
                entries = Arrays.copyOf(entries, 2 * size);
            }
            long entry = (long) rank << 32 | place;
            int at = size++;
            while (at > 0 && entries[(at - 1) / 2] > entry) {
                entries[at] = entries[(at - 1) / 2];
                at = (at - 1) / 2;
            }
            entries[at] = entry;
        }

        long poll() {
            long first = entries[0];
            long entry = entries[--size];
            int at = 0;
            while (2 * at + 1 < size) {
                int child = 2 * at + 1;
                if (child + 1 < size && entries[child + 1] < entries[child]) {
                    child++;
                }
                if (entries[child] >= entry) {
                    break;
                }
                entries[at] = entries[child];
                at = child;
            }
            entries[at] = entry;
            return first;
        }
    }
}
