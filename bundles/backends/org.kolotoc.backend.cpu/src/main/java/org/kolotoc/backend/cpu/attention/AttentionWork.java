package org.kolotoc.backend.cpu.attention;

import java.util.Map;
import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * Runs attention or its gradient. Forward, a piece is a block of queries of a head; backward it is all queries of a head, so
 * that what a key is sent is added up by one thread, in a fixed order.
 */
public final class AttentionWork implements Runnable, Workers.Task {
    private final QueryBlocks blocks;
    private final Launch.Heads heads;
    private final float scale;
    private final Workers workers;
    private final ScratchPool scratch;
    private final int pieces;
    private final Place queries;
    private final Place keys;
    private final Place values;
    /** Null where queries begin at 0. */
    private final Place starts;
    /** Null where all keys are there. */
    private final Place lengths;
    /** The result; null backward. */
    private final Place out;

    private final Place cotangent;
    private final Place[] gradients = new Place[AttentionPart.values().length];

    /** Where the matrices of a batch lie: of index {@code (outer, inner)} at {@code at + outer * .. + inner * ..} bytes. */
    private record Place(long at, long outer, long inner, long row) {
        static Place of(Matrix matrix, IntToLongFunction address) {
            if (matrix == null) {
                return null;
            }
            return new Place(
                    address.applyAsLong(matrix.buffer()) + 4L * matrix.offset(),
                    4L * matrix.batchStrides().get(0),
                    4L * matrix.batchStrides().get(1),
                    4L * matrix.row());
        }

        long of(int outerIndex, int innerIndex) {
            return at + outerIndex * outer + innerIndex * inner;
        }
    }

    private AttentionWork(
            QueryBlocks blocks,
            Matrix out,
            Matrix cotangent,
            Map<AttentionPart, Matrix> gradients,
            IntToLongFunction address,
            Workers workers,
            ScratchPool scratch) {
        this.blocks = blocks;
        this.heads = blocks.heads();
        this.scale = (float) heads.scale();
        this.workers = workers;
        this.scratch = scratch;
        this.queries = Place.of(heads.queries(), address);
        this.keys = Place.of(heads.keys(), address);
        this.values = Place.of(heads.values(), address);
        this.starts = Place.of(heads.starts(), address);
        this.lengths = Place.of(heads.lengths(), address);
        this.out = Place.of(out, address);
        this.cotangent = Place.of(cotangent, address);
        gradients.forEach((part, matrix) -> this.gradients[part.ordinal()] = Place.of(matrix, address));
        int all = heads.batch().get(0) * heads.batch().get(1);
        this.pieces = out == null ? all : all * blocks.count();
    }

    /** Binds a forward launch. */
    public static AttentionWork of(
            Launch.Attention launch, IntToLongFunction address, Workers workers, ScratchPool scratch) {
        return new AttentionWork(
                QueryBlocks.of(launch.heads(), 1), launch.out(), null, Map.of(), address, workers, scratch);
    }

    /** Binds a backward launch. */
    public static AttentionWork of(
            Launch.AttentionGradient launch, IntToLongFunction address, Workers workers, ScratchPool scratch) {
        return new AttentionWork(
                QueryBlocks.of(launch.heads(), 2),
                null,
                launch.cotangent(),
                launch.gradients(),
                address,
                workers,
                scratch);
    }

    /** Memory that a thread needs for a forward launch. */
    public static long scratchBytes(Launch.Attention launch) {
        return QueryBlocks.of(launch.heads(), 1).scratchBytes();
    }

    /** Memory that a thread needs for a backward launch. */
    public static long scratchBytes(Launch.AttentionGradient launch) {
        return QueryBlocks.of(launch.heads(), 2).scratchBytes();
    }

    @Override
    public void run() {
        workers.run(this, pieces);
    }

    @Override
    public void run(int piece) {
        int slot = scratch.acquire();
        try {
            if (out != null) {
                // The last blocks of a causal head see most; they come first, so that no thread is left with one.
                int head = piece / blocks.count();
                forward(head, blocks.count() - 1 - piece % blocks.count(), scratch.address(slot));
            } else {
                backward(piece, scratch.address(slot));
            }
        } finally {
            scratch.release(slot);
        }
    }

    private void forward(int head, int number, long memory) {
        int outer = outer(head);
        int inner = inner(head);
        int keys = keys(outer, inner);
        int first = number * blocks.rows();
        int rows = blocks.rows(number);
        int seen = seen(outer, inner, keys) + first * more();
        int limit = ScoreProducts.seen(rows - 1, seen, more(), keys);
        long result = out.of(outer, inner) + first * out.row();
        if (limit == 0) {
            ScoreRows.clear(result, out.row(), rows, heads.e());
            return;
        }
        long scores = memory + blocks.scoresAt();
        long values = this.values.of(outer, inner);
        if (blocks.single()) {
            SingleQuery.attend(
                    heads,
                    queries.of(outer, inner),
                    this.keys.of(outer, inner),
                    this.keys.row(),
                    values,
                    this.values.row(),
                    limit,
                    scores,
                    result);
            return;
        }
        weights(outer, inner, first, rows, seen, limit, memory);
        ScoreProducts.gather(
                scores,
                blocks.columns(),
                values,
                this.values.row(),
                heads.e(),
                result,
                out.row(),
                rows,
                seen,
                more(),
                limit);
    }

    /** How many keys are there at all. */
    private int keys(int outer, int inner) {
        return lengths == null ? heads.n() : Math.clamp(ScoreRows.whole(lengths.of(outer, inner)), 0, heads.n());
    }

    /** How many keys query 0 sees, if there are so many; less than none where the first queries see nothing. */
    private int seen(int outer, int inner, int keys) {
        if (!heads.causal()) {
            return keys;
        }
        return starts == null ? 1 : Math.clamp(ScoreRows.whole(starts.of(outer, inner)), -heads.m(), heads.n()) + 1;
    }

    /** Keys that each query sees more than the one before. */
    private int more() {
        return heads.causal() ? 1 : 0;
    }

    private int outer(int head) {
        return head / heads.batch().get(1);
    }

    private int inner(int head) {
        return head % heads.batch().get(1);
    }

    /** Weights of a block, where its scores are. */
    private void weights(int outer, int inner, int first, int rows, int seen, int limit, long memory) {
        long scores = memory + blocks.scoresAt();
        ScoreProducts.between(
                queries.of(outer, inner) + first * queries.row(),
                queries.row(),
                keys.of(outer, inner),
                keys.row(),
                heads.d(),
                memory,
                scores,
                blocks.columns(),
                rows,
                seen,
                more(),
                limit);
        for (int vector = 0; vector * ScoreRows.LANES < rows; vector++) {
            int lane = vector * ScoreRows.LANES;
            ScoreColumns.softmax(
                    scores + 4L * lane,
                    blocks.stride(),
                    ScoreProducts.keys(vector, rows, seen, more(), limit),
                    ScoreProducts.seen(lane, seen, more(), limit),
                    seen + lane * more(),
                    scale,
                    memory);
        }
    }

    private void backward(int head, long memory) {
        int outer = outer(head);
        int inner = inner(head);
        int keys = keys(outer, inner);
        int covered = 0;
        for (int number = blocks.count() - 1; number >= 0; number--) {
            int first = number * blocks.rows();
            int rows = blocks.rows(number);
            int seen = seen(outer, inner, keys) + first * more();
            int limit = ScoreProducts.seen(rows - 1, seen, more(), keys);
            if (limit > 0) {
                backward(outer, inner, first, rows, seen, limit, covered > 0, memory);
            } else {
                // Queries that see nothing are sent nothing.
                clear(AttentionPart.QUERIES, outer, inner, first, first + rows, heads.d());
            }
            // The last block of a head sees most.
            covered = Math.max(covered, limit);
        }
        // Keys that no query sees are sent nothing.
        clear(AttentionPart.KEYS, outer, inner, covered, heads.n(), heads.d());
        clear(AttentionPart.VALUES, outer, inner, covered, heads.n(), heads.e());
    }

    private void clear(AttentionPart part, int outer, int inner, int from, int to, int columns) {
        Place place = gradients[part.ordinal()];
        if (place != null && from < to) {
            ScoreRows.clear(place.of(outer, inner) + from * place.row(), place.row(), to - from, columns);
        }
    }

    /** @param adds whether keys and values have been sent something by another block */
    private void backward(int outer, int inner, int first, int rows, int seen, int limit, boolean adds, long memory) {
        if (!adds) {
            ScoreRows.fetch(keys.of(outer, inner), keys.row(), limit, heads.d(), memory);
            ScoreRows.fetch(values.of(outer, inner), values.row(), limit, heads.e(), memory);
        }
        weights(outer, inner, first, rows, seen, limit, memory);
        long weights = memory + blocks.scoresAt();
        long scores = weights + blocks.bytes();
        long sent = cotangent.of(outer, inner) + first * cotangent.row();
        Place toQueries = gradients[AttentionPart.QUERIES.ordinal()];
        Place toKeys = gradients[AttentionPart.KEYS.ordinal()];
        Place toValues = gradients[AttentionPart.VALUES.ordinal()];
        if (toValues != null) {
            long to = toValues.of(outer, inner);
            scatter(weights, sent, cotangent.row(), heads.e(), adds, to, toValues.row(), rows, seen, limit);
        }
        if (toQueries == null && toKeys == null) {
            return;
        }
        ScoreProducts.between(
                sent,
                cotangent.row(),
                values.of(outer, inner),
                values.row(),
                heads.e(),
                memory,
                scores,
                blocks.columns(),
                rows,
                seen,
                more(),
                limit);
        for (int vector = 0; vector * ScoreRows.LANES < rows; vector++) {
            long lane = 4L * vector * ScoreRows.LANES;
            int seenByAny = ScoreProducts.keys(vector, rows, seen, more(), limit);
            ScoreColumns.softmaxGradient(weights + lane, scores + lane, blocks.stride(), seenByAny, scale);
        }
        if (toQueries != null) {
            ScoreProducts.gather(
                    scores,
                    blocks.columns(),
                    keys.of(outer, inner),
                    keys.row(),
                    heads.d(),
                    toQueries.of(outer, inner) + first * toQueries.row(),
                    toQueries.row(),
                    rows,
                    seen,
                    more(),
                    limit);
        }
        if (toKeys != null) {
            long query = queries.of(outer, inner) + first * queries.row();
            long to = toKeys.of(outer, inner);
            scatter(scores, query, queries.row(), heads.d(), adds, to, toKeys.row(), rows, seen, limit);
        }
    }

    private void scatter(
            long scores,
            long rowsOfQueries,
            long queryRow,
            int width,
            boolean adds,
            long out,
            long outRow,
            int rows,
            int seen,
            int limit) {
        ScoreProducts.scatter(
                scores, blocks.columns(), rowsOfQueries, queryRow, width, adds, out, outRow, rows, seen, more(), limit);
    }
}
