package org.kolotoc.data.mixture;

import java.util.Arrays;
import org.kolotoc.tensor.CounterRandom;

/**
 * Whose turn it is. Of each block of rows every source has its share, to a row or two, in an order that is drawn; so at any time
 * each has had its share but for a part of a block. A function of the number of the row, wherever one begins.
 */
final class Turns {
    /** Rows of a block, at least. */
    private static final int BLOCK = 1000;

    /** Rows of a block at most; a source whose share of it is less than a row may have none for long. */
    private static final int LARGEST = 1 << 20;

    /** Sums of the shares of the sources up to each. */
    private final double[] sums;

    private final CounterRandom random;
    private final int[] sources;
    private final long[] ranks;
    private final long[] begins;
    private final long[] taken;
    private long block = -1;

    /** @param shares that add up to 1 */
    Turns(double[] shares, CounterRandom random) {
        this.sums = shares.clone();
        Arrays.parallelPrefix(sums, Double::sum);
        sums[sums.length - 1] = 1;
        double least = Arrays.stream(shares).filter(share -> share > 0).min().orElseThrow();
        int rows = (int) Math.clamp(Math.ceil(2 / least), BLOCK, LARGEST);
        this.random = random;
        this.sources = new int[rows];
        this.ranks = new long[rows];
        this.begins = new long[shares.length];
        this.taken = new long[shares.length];
    }

    /** The source of a row. */
    int source(long row) {
        enter(row / sources.length);
        return sources[(int) (row % sources.length)];
    }

    /** How many rows before this one are of its source. */
    long rank(long row) {
        enter(row / sources.length);
        return ranks[(int) (row % sources.length)];
    }

    /** How many of the first rows are of each source; not to be changed. */
    long[] taken(long rows) {
        enter(rows / sources.length);
        System.arraycopy(begins, 0, taken, 0, taken.length);
        for (int i = 0; i < rows % sources.length; i++) {
            taken[sources[i]]++;
        }
        return taken;
    }

    private void enter(long wanted) {
        if (wanted == block) {
            return;
        }
        block = wanted;
        int filled = 0;
        for (int i = 0; i < sums.length; i++) {
            begins[i] = before(i, block);
            int until = (int) Math.min(sources.length, filled + before(i, block + 1) - begins[i]);
            // A share of less than a row may come out as less than none.
            if (until > filled) {
                Arrays.fill(sources, filled, until, i);
                filled = until;
            }
        }
        for (int i = sources.length - 1; i > 0; i--) {
            int other = random.integer(block * sources.length + i, i + 1);
            int source = sources[i];
            sources[i] = sources[other];
            sources[other] = source;
        }
        System.arraycopy(begins, 0, taken, 0, taken.length);
        for (int i = 0; i < sources.length; i++) {
            ranks[i] = taken[sources[i]]++;
        }
    }

    /** Rows of a source before a block. */
    private long before(int source, long number) {
        double rows = (double) number * sources.length;
        return (long) Math.floor(sums[source] * rows) - (source == 0 ? 0 : (long) Math.floor(sums[source - 1] * rows));
    }
}
