package org.kolotoc.backend.tornado.kernels;

import java.util.function.BiConsumer;
import java.util.function.BinaryOperator;
import java.util.function.Consumer;

/**
 * The softmax of a tile's rows whose scores come some columns at a time (Milakov and Gimelshein, arXiv:1805.02867): what was
 * summed so far counts less when a larger score comes.
 */
final class RunningSoftmax {
    private static final Operand NOTHING = Operand.of(Float.NEGATIVE_INFINITY);
    private static final Operand ZERO = Operand.of(0f);

    private final Code code;
    private final TileProduct tiles;
    private final int rows;
    /** A number of each item. */
    private final GroupMemory parts;
    /** Numbers of each row: the largest score, and what has to be multiplied. */
    private final GroupMemory largest;

    private final GroupMemory factors;
    private final Operand.Local[] sums;

    RunningSoftmax(Code code, TileProduct tiles, int rows) {
        this.code = code;
        this.tiles = tiles;
        this.rows = rows;
        this.parts = code.shared(true, rows * TileProduct.line(TileProduct.SIDE));
        this.largest = code.shared(true, rows);
        this.factors = code.shared(true, rows);
        this.sums = new Operand.Local[TileProduct.block(rows)];
        for (int i = 0; i < sums.length; i++) {
            sums[i] = code.variable(ZERO);
        }
        ofRows(row -> largest.store(row, NOTHING));
    }

    /** What one item does for each row. */
    void ofRows(Consumer<Operand> work) {
        code.when(code.less(tiles.item(), Operand.of(rows)), () -> work.accept(tiles.item()));
    }

    /**
     * Turns scores into weights, not yet divided by their sum.
     *
     * @param scores {@code -infinity} where a key is hidden: its weight is exactly 0
     * @return by which what was summed of each row has to be multiplied
     */
    Operand[] next(Operand.Local[][] scores) {
        Operand[] own = new Operand[scores.length];
        for (int i = 0; i < own.length; i++) {
            own[i] = scores[i][0];
            for (int j = 1; j < scores[i].length; j++) {
                own[i] = larger(own[i], scores[i][j]);
            }
        }
        fold(own, this::larger, (row, most) -> {
            Operand before = largest.load(row);
            Operand now = larger(before, most);
            largest.store(row, now);
            factors.store(row, code.math("exp", code.sub(before, orZero(now))));
        });
        Operand[] rescale = new Operand[scores.length];
        for (int i = 0; i < scores.length; i++) {
            Operand most = orZero(largest.load(tiles.row(i)));
            rescale[i] = factors.load(tiles.row(i));
            Operand sum = code.mul(sums[i], rescale[i]);
            for (Operand.Local score : scores[i]) {
                code.assign(score, code.math("exp", code.sub(score, most)));
                sum = code.add(sum, score);
            }
            code.assign(sums[i], sum);
        }
        return rescale;
    }

    /** All scores have been there. */
    void end() {
        fold(sums, code::add, (row, total) -> {
            Operand inverse = code.div(Operand.of(1f), total);
            factors.store(row, code.select(code.equal(total, ZERO), ZERO, inverse));
        });
    }

    /** By which weights have to be multiplied for the sum of their row to be 1; 0 where nothing is seen. */
    Operand inverse(Operand row) {
        return factors.load(row);
    }

    /** The largest score of a row; 0 where nothing is seen. */
    Operand largest(Operand row) {
        return orZero(largest.load(row));
    }

    /** Adds a number of each item up over its row, by ascending columns; one item gets the sum, all see what it does. */
    void totals(Operand[] own, BiConsumer<Operand, Operand> rowAndTotal) {
        fold(own, code::add, rowAndTotal);
    }

    private void fold(Operand[] own, BinaryOperator<Operand> combine, BiConsumer<Operand, Operand> then) {
        int line = TileProduct.line(TileProduct.SIDE);
        for (int i = 0; i < own.length; i++) {
            parts.store(code.add(code.mul(tiles.row(i), Operand.of(line)), tiles.column()), own[i]);
        }
        code.barrier();
        ofRows(row -> {
            Operand at = code.mul(row, Operand.of(line));
            Operand all = parts.load(at);
            for (int k = 1; k < TileProduct.SIDE; k++) {
                all = combine.apply(all, parts.load(code.add(at, Operand.of(k))));
            }
            then.accept(row, all);
        });
        code.barrier();
    }

    private Operand larger(Operand a, Operand b) {
        return code.select(code.less(a, b), b, a);
    }

    /** Differences from what is no number would be none. */
    private Operand orZero(Operand most) {
        return code.select(code.equal(most, NOTHING), ZERO, most);
    }
}
