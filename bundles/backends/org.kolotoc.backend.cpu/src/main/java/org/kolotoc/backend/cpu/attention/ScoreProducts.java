package org.kolotoc.backend.cpu.attention;

import org.kolotoc.backend.cpu.gemm.Packing;
import org.kolotoc.backend.cpu.gemm.RowsProduct;

/**
 * The products of a block of transposed scores with what lies in rows. Scores that no query of a vector sees are neither
 * computed nor read.
 *
 * <p>Parameters: {@code scores} their address, {@code columns} floats of their rows, {@code rows} queries of the block,
 * {@code limit} keys that its last query sees, {@code seen} keys that its first query sees, none or less than none if it sees
 * nothing and more than there are if it sees all, {@code more} keys that each further one sees more, 0 or 1; strides in bytes.
 */
final class ScoreProducts {
    /** Rows that a product takes at once: keys and queries come by as many. */
    private static final int GROUP = 4;

    private static final int LANES = ScoreRows.LANES;

    private ScoreProducts() {}

    /** Keys that any lane of a vector sees; more, up to a whole group, have scores too. */
    static int keys(int vector, int rows, int seen, int more, int limit) {
        int last = Math.min(rows, (vector + 1) * LANES) - 1;
        long keys = seen + (long) last * more;
        return Math.clamp(Math.ceilDiv(keys, GROUP) * GROUP, 0, limit);
    }

    /** Keys that a query sees. */
    static int seen(int query, int seen, int more, int limit) {
        return Math.clamp(seen + (long) query * more, 0, limit);
    }

    /**
     * {@code scores = keys queries^T}.
     *
     * @param queries address of the block's first query
     * @param turned memory for the queries, transposed
     * @param width of a query and of a key
     */
    static void between(
            long queries,
            long queryRow,
            long keys,
            long keyRow,
            int width,
            long turned,
            long scores,
            int columns,
            int rows,
            int seen,
            int more,
            int limit) {
        Packing.pack(queries, 1, queryRow / 4, width, rows, columns, turned);
        long stride = 4L * columns;
        int from = 0;
        for (int first = 0; first < columns; first += LANES) {
            int to = keys(first / LANES, rows, seen, more, limit);
            if (to > from) {
                RowsProduct.run(
                        to - from,
                        columns - first,
                        width,
                        keys + from * keyRow,
                        keyRow,
                        4,
                        turned + 4L * first,
                        stride,
                        false,
                        scores + from * stride + 4L * first,
                        stride);
                from = to;
            }
        }
    }

    /**
     * What each query gathers from the rows of its keys: {@code out = scores^T rowsOfKeys}.
     *
     * @param rowsOfKeys address of the first key's row
     * @param width of a row
     * @param out address of the block's first query's row
     */
    static void gather(
            long scores,
            int columns,
            long rowsOfKeys,
            long keyRow,
            int width,
            long out,
            long outRow,
            int rows,
            int seen,
            int more,
            int limit) {
        long stride = 4L * columns;
        // As many keys at a time as stay near, for all queries.
        for (int from = 0; from == 0 || from < limit; from += RowsProduct.TERMS) {
            for (int query = 0; query < rows; query += GROUP) {
                int high = Math.min(GROUP, rows - query);
                int terms = Math.min(RowsProduct.TERMS, seen(query + high - 1, seen, more, limit) - from);
                if (terms > 0 || from == 0) {
                    RowsProduct.run(
                            high,
                            width,
                            terms,
                            scores + from * stride + 4L * query,
                            4,
                            stride,
                            rowsOfKeys + from * keyRow,
                            keyRow,
                            from > 0,
                            out + query * outRow,
                            outRow);
                }
            }
        }
    }

    /**
     * What each key is sent from the rows of the queries that see it: {@code out = scores rowsOfQueries}, or added to it.
     *
     * @param rowsOfQueries address of the block's first query's row
     * @param width of a row
     * @param out address of the first key's row
     */
    static void scatter(
            long scores,
            int columns,
            long rowsOfQueries,
            long queryRow,
            int width,
            boolean adds,
            long out,
            long outRow,
            int rows,
            int seen,
            int more,
            int limit) {
        long stride = 4L * columns;
        for (int key = 0; key < limit; key += GROUP) {
            // The first query that sees the first key of the group.
            int first = more == 0 ? 0 : Math.clamp(key + 1L - seen, 0, rows);
            RowsProduct.run(
                    Math.min(GROUP, limit - key),
                    width,
                    rows - first,
                    scores + key * stride + 4L * first,
                    stride,
                    4,
                    rowsOfQueries + first * queryRow,
                    queryRow,
                    adds,
                    out + key * outRow,
                    outRow);
        }
    }
}
