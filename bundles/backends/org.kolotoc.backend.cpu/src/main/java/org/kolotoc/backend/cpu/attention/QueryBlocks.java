package org.kolotoc.backend.cpu.attention;

import org.kolotoc.compiler.Launch;

/**
 * How the queries of a head are cut into blocks; it follows from the shape alone.
 *
 * <p>The scores of a block lie transposed in a thread's own memory, a row for each key and a column for each query: softmax
 * goes down the columns, products read rows and columns alike, and what a causal mask hides is left out by single vectors.
 *
 * @param heads of a launch
 * @param matrices of scores that a thread has at once
 * @param rows queries of a block but of the last one
 * @param columns floats of a row of scores: the block's queries, and as many more as make whole vectors
 */
record QueryBlocks(Launch.Heads heads, int matrices, int rows, int columns) {
    private static final int ROWS = 64;

    /** @param matrices 1 forward, 2 for gradients */
    static QueryBlocks of(Launch.Heads heads, int matrices) {
        int rows = Math.min(heads.m(), Math.max(ROWS, ScoreRows.LANES));
        return new QueryBlocks(heads, matrices, rows, Math.ceilDiv(rows, ScoreRows.LANES) * ScoreRows.LANES);
    }

    /** Whether there is one query, which needs no products. */
    boolean single() {
        return matrices == 1 && SingleQuery.takes(heads);
    }

    /** Blocks of a head. */
    int count() {
        return rows == 0 ? 0 : Math.ceilDiv(heads.m(), rows);
    }

    /** Queries of a block. */
    int rows(int number) {
        return Math.min(rows, heads.m() - number * rows);
    }

    /** Bytes from the scores of one key to those of the next. */
    long stride() {
        return 4L * columns;
    }

    /** Bytes of the scores of a block. */
    long bytes() {
        return heads.n() * stride();
    }

    /** Bytes of a block of queries, or of what its results are sent, transposed; at least of one vector. */
    private long turnedBytes() {
        return Math.max(1, Math.max(heads.d(), heads.e())) * stride();
    }

    /** Memory that a thread needs: transposed queries, then scores. */
    long scratchBytes() {
        return single()
                ? 4L * Math.ceilDiv(heads.n(), ScoreRows.LANES) * ScoreRows.LANES
                : turnedBytes() + matrices * bytes();
    }

    /** Where in it the scores begin. */
    long scoresAt() {
        return single() ? 0 : turnedBytes();
    }
}
