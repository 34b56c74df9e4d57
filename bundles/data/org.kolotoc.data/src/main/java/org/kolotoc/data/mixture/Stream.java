package org.kolotoc.data.mixture;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/**
 * Documents one after the other without end: all of them, then all of them in another order. A stretch is a function of where
 * it begins.
 */
final class Stream {
    private final int[][] documents;
    private final long tokens;
    private final CounterRandom random;
    private final int[] order;

    /** Where each document of the epoch begins in it, in its order. */
    private final long[] begins;

    private long epoch = -1;

    /**
     * A stream.
     *
     * @param documents at least one
     * @param random decides the orders; null for the one that is given
     */
    Stream(List<int[]> documents, CounterRandom random) {
        this.documents = documents.toArray(int[][]::new);
        this.tokens = documents.stream().mapToLong(document -> document.length).sum();
        this.random = random;
        this.order = new int[documents.size()];
        this.begins = new long[documents.size()];
    }

    /** Tokens of an epoch. */
    long tokens() {
        return tokens;
    }

    /**
     * Copies a stretch.
     *
     * @param places where in its document each token stands, counted from the first token of the stretch in the first one
     */
    void read(long from, int count, int[] into, int[] places) {
        long at = from;
        int written = 0;
        while (written < count) {
            enter(at / tokens);
            long within = at % tokens;
            int turn = Arrays.binarySearch(begins, within);
            turn = turn < 0 ? -turn - 2 : turn;
            int[] document = documents[order[turn]];
            int offset = (int) (within - begins[turn]);
            int length = Math.min(count - written, document.length - offset);
            System.arraycopy(document, offset, into, written, length);
            for (int i = 0; i < length; i++) {
                places[written + i] = written == 0 ? i : offset + i;
            }
            written += length;
            at += length;
        }
    }

    private void enter(long wanted) {
        if (wanted == epoch) {
            return;
        }
        epoch = wanted;
        for (int i = 0; i < order.length; i++) {
            order[i] = i;
        }
        for (int i = order.length - 1; i > 0 && random != null; i--) {
            int other = random.integer(epoch * order.length + i, i + 1);
            int document = order[i];
            order[i] = order[other];
            order[other] = document;
        }
        long begin = 0;
        for (int i = 0; i < order.length; i++) {
            begins[i] = begin;
            begin += documents[order[i]].length;
        }
    }
}
