package org.kolotoc.backend.tornado.kernels;

import java.util.Arrays;
import org.kolotoc.compiler.Launch;

/**
 * How attention is cut: a group of items has so many rows, of queries or of keys, and meets the others so many at a time. Its
 * scores lie in local memory, of which every device has 48 KB a group.
 */
record AttentionTile(int rows, int columns) {
    private static final int[] SIZES = {TileProduct.LARGEST, 32, TileProduct.SIDE};
    /** Groups that keep a large device busy. */
    private static final int GROUPS = 96;
    /** Results of an item that stay in registers from tile to tile, beside 32 scores and numbers like them. */
    private static final int MOST_RESULTS = 32;
    /** Where more has to be known: what a row sees, or what is left of it. */
    private static final int FEW_RESULTS = 24;
    /** Where it has all scores of a head. */
    private static final int FEWEST_RESULTS = 20;
    /** Of rows with so many columns the smallest tile has as many results. */
    private static final int MOST_WIDTH = 256;
    /** Up to so many queries have scores as small as themselves, and parts of the keys for each group where these are spelled out. */
    private static final int FEW_QUERIES = 4;

    /** Whether there is a tile for attention, and for all parts of its gradient, of these sizes. */
    static boolean fits(int queries, int d, int e) {
        return queries > FEW_QUERIES && d <= MOST_WIDTH && e <= MOST_WIDTH;
    }

    /** For a tile of queries and their results. */
    static AttentionTile ofResults(Launch.Heads heads) {
        return of(heads, heads.m(), heads.n(), FEW_RESULTS, heads.e());
    }

    /** For a tile of queries and what these are sent. */
    static AttentionTile ofQueries(Launch.Heads heads) {
        return of(heads, heads.m(), heads.n(), MOST_RESULTS, heads.d());
    }

    /** For a tile of keys and what these and their values are sent. */
    static AttentionTile ofKeys(Launch.Heads heads) {
        int most = heads.isRagged() ? FEW_RESULTS : MOST_RESULTS;
        return of(heads, heads.n(), heads.m(), most, heads.d(), heads.e());
    }

    /**
     * Large tiles read less; but all of the device should have something to do, and no tile be mostly empty.
     *
     * @param rows of all groups of a head
     * @param others what they meet
     * @param most results of an item
     * @param widths of all results that a group keeps at once
     */
    private static AttentionTile of(Launch.Heads heads, int rows, int others, int most, int... widths) {
        int block = Arrays.stream(widths).map(TileProduct::block).sum();
        for (int size : SIZES) {
            boolean few = TileProduct.block(size) * block <= most && (size < TileProduct.LARGEST || isEven(heads));
            if (few && 2 * rows > size && (long) Math.ceilDiv(rows, size) * heads(heads) >= GROUPS) {
                return new AttentionTile(size, smallest(others));
            }
        }
        return new AttentionTile(SIZES[SIZES.length - 1], smallest(others));
    }

    /** Whether items copy whole lines of rows; else they need more registers for where all lies. */
    private static boolean isEven(Launch.Heads heads) {
        return TileProduct.isEven(heads.d()) && TileProduct.isEven(heads.e());
    }

    /** One for all of a head; null where it takes several. */
    static AttentionTile whole(Launch.Heads heads) {
        AttentionTile tile = new AttentionTile(smallest(heads.m()), smallest(heads.n()));
        int most = Math.max(tile.rows, tile.columns);
        int width = Math.max(heads.d(), heads.e());
        return heads.m() <= tile.rows
                        && heads.n() <= tile.columns
                        && TileProduct.block(most) * TileProduct.block(width) <= FEWEST_RESULTS
                ? tile
                : null;
    }

    private static int smallest(int extent) {
        int size = SIZES[0];
        while (size > SIZES[SIZES.length - 1] && size >= 2 * extent) {
            size /= 2;
        }
        return size;
    }

    static int heads(Launch.Heads heads) {
        return heads.batch().get(0) * heads.batch().get(1);
    }

    /** Products of this size. */
    TileProduct products(Code code, Launch.Heads heads) {
        int left = 1;
        int right = 1;
        for (int width : new int[] {heads.d(), heads.e()}) {
            left = Math.max(left, TileProduct.ofColumns(rows, width));
            right = Math.max(right, TileProduct.ofColumns(columns, width));
            right = Math.max(right, TileProduct.ofRows(width));
        }
        return new TileProduct(code, left, right);
    }

    /** Local memory for a number of each score, {@code [column, row]}. */
    GroupMemory scores(Code code) {
        return code.shared(true, columns * line());
    }

    /** From one column to the next there. */
    int line() {
        return TileProduct.line(rows);
    }
}
