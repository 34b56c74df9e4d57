package org.kolotoc.backend.cpu.attention;

import java.util.Map;
import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.attention.QueryBlocks.Products;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * Runs attention or its gradient. Forward, a piece is a block of queries of a group of heads; backward it is all their
 * queries, so that what a key is sent is added up by one thread, in a fixed order.
 */
public final class AttentionWork implements Runnable, Workers.Task {
    private final QueryBlocks blocks;
    private final QueryBlocks.Calls calls;
    private final Launch.Heads heads;
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
            QueryBlocks.Calls calls,
            Launch.Heads heads,
            Matrix out,
            Matrix cotangent,
            Map<AttentionPart, Matrix> gradients,
            IntToLongFunction address,
            Workers workers,
            ScratchPool scratch) {
        this.blocks = blocks;
        this.calls = calls;
        this.heads = heads;
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
        int groups = heads.batch().get(0) * heads.batch().get(1) / blocks.group();
        this.pieces = out == null ? groups : groups * blocks.count();
    }

    /** Binds a forward launch. */
    public static AttentionWork of(
            Launch.Attention launch,
            QueryBlocks blocks,
            QueryBlocks.Calls calls,
            IntToLongFunction address,
            Workers workers,
            ScratchPool scratch) {
        return new AttentionWork(
                blocks, calls, launch.heads(), launch.out(), null, Map.of(), address, workers, scratch);
    }

    /** Binds a backward launch. */
    public static AttentionWork of(
            Launch.AttentionGradient launch,
            QueryBlocks blocks,
            QueryBlocks.Calls calls,
            IntToLongFunction address,
            Workers workers,
            ScratchPool scratch) {
        return new AttentionWork(
                blocks, calls, launch.heads(), null, launch.cotangent(), launch.gradients(), address, workers, scratch);
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
                int group = piece / blocks.count();
                forward(group, blocks.count() - 1 - piece % blocks.count(), slot);
            } else {
                backward(piece, slot);
            }
        } finally {
            scratch.release(slot);
        }
    }

    private void forward(int group, int number, int slot) {
        int outer = outer(group);
        int inner = inner(group);
        int keys = keys(outer, inner);
        int first = first(outer, inner, keys);
        QueryBlocks.Block block = block(number, first, keys);
        long result = out.of(outer, inner) + block.first() * out.row();
        if (seen(block, first, keys) == 0) {
            for (int head = 0; head < blocks.group(); head++) {
                ScoreRows.clear(result + head * out.inner(), out.row(), block.rows(), heads.e());
            }
            return;
        }
        long weights = scratch.address(slot);
        if (blocks.single()) {
            for (int head = inner; head < inner + blocks.group(); head++) {
                SingleQuery.attend(
                        heads,
                        queries.of(outer, head),
                        this.keys.of(outer, head),
                        this.keys.row(),
                        values.of(outer, head),
                        values.row(),
                        seen(block, first, keys),
                        weights,
                        out.of(outer, head));
            }
            return;
        }
        Products<Gemm.Call> products = calls.of(slot, block.index());
        weights(block, products, outer, inner, first, keys, weights);
        if (products.result() != null) {
            products.result().run(weights, values.of(outer, inner), result, workers);
        }
    }

    /** How many keys are there at all. */
    private int keys(int outer, int inner) {
        return lengths == null ? heads.n() : Math.clamp(ScoreRows.whole(lengths.of(outer, inner)), 0, heads.n());
    }

    /** How many keys query 0 sees, if there are so many; less than none where the first queries see nothing. */
    private int first(int outer, int inner, int keys) {
        if (!heads.causal()) {
            return keys;
        }
        return starts == null ? 1 : Math.clamp(ScoreRows.whole(starts.of(outer, inner)), -heads.m(), heads.n()) + 1;
    }

    private QueryBlocks.Block block(int number, int first, int keys) {
        int last = blocks.first(number) + blocks.rows(number) - 1;
        return blocks.block(number, Math.min(keys, first + last * more()));
    }

    /** Keys that the last query of a block sees. */
    private int seen(QueryBlocks.Block block, int first, int keys) {
        return Math.clamp((long) first + (block.first() + block.rows() - 1) * more(), 0, keys);
    }

    /** Keys that each query sees more than the one before. */
    private int more() {
        return heads.causal() ? 1 : 0;
    }

    private void weights(
            QueryBlocks.Block block,
            Products<Gemm.Call> products,
            int outer,
            int inner,
            int first,
            int keys,
            long weights) {
        long query = queries.of(outer, inner) + block.first() * queries.row();
        products.scores().run(query, this.keys.of(outer, inner), weights, workers);
        for (int head = 0; head < blocks.group(); head++) {
            ScoreRows.softmax(
                    weights + head * blocks.headBytes(),
                    blocks.stride(),
                    block.rows(),
                    block.limit(),
                    keys,
                    first + block.first() * more(),
                    more(),
                    (float) heads.scale());
        }
    }

    private int outer(int group) {
        return group * blocks.group() / heads.batch().get(1);
    }

    /** The first head of a group. */
    private int inner(int group) {
        return group * blocks.group() % heads.batch().get(1);
    }

    private void backward(int group, int slot) {
        int outer = outer(group);
        int inner = inner(group);
        long weights = scratch.address(slot);
        long scores = weights + blocks.bytes();
        int keys = keys(outer, inner);
        int first = first(outer, inner, keys);
        int covered = 0;
        for (int number = blocks.count() - 1; number >= 0; number--) {
            QueryBlocks.Block block = block(number, first, keys);
            if (seen(block, first, keys) > 0) {
                backward(block, calls.of(slot, block.index()), outer, inner, first, keys, weights, scores);
                covered = Math.max(covered, block.limit());
            } else {
                // Queries that see nothing are sent nothing.
                clear(AttentionPart.QUERIES, outer, inner, block.first(), block.first() + block.rows(), heads.d());
            }
        }
        // Keys that no query sees are sent nothing.
        clear(AttentionPart.KEYS, outer, inner, covered, heads.n(), heads.d());
        clear(AttentionPart.VALUES, outer, inner, covered, heads.n(), heads.e());
    }

    /** Of all heads of a group. */
    private void clear(AttentionPart part, int outer, int inner, int from, int to, int columns) {
        Place place = gradients[part.ordinal()];
        for (int head = inner; place != null && from < to && head < inner + blocks.group(); head++) {
            ScoreRows.clear(place.of(outer, head) + from * place.row(), place.row(), to - from, columns);
        }
    }

    private void backward(
            QueryBlocks.Block block,
            Products<Gemm.Call> products,
            int outer,
            int inner,
            int first,
            int keys,
            long weights,
            long scores) {
        weights(block, products, outer, inner, first, keys, weights);
        long sent = cotangent.of(outer, inner) + block.first() * cotangent.row();
        Place toQueries = gradients[AttentionPart.QUERIES.ordinal()];
        Place toKeys = gradients[AttentionPart.KEYS.ordinal()];
        Place toValues = gradients[AttentionPart.VALUES.ordinal()];
        if (products.toValues() != null) {
            products.toValues().run(weights, sent, toValues.of(outer, inner), workers);
        }
        if (products.toQueries() == null && products.toKeys() == null) {
            return;
        }
        products.toWeights().run(sent, values.of(outer, inner), scores, workers);
        for (int head = 0; head < blocks.group(); head++) {
            long offset = head * blocks.headBytes();
            ScoreRows.softmaxGradient(
                    weights + offset, scores + offset, blocks.stride(), block.rows(), block.limit(), (float)
                            heads.scale());
        }
        if (products.toQueries() != null) {
            long to = toQueries.of(outer, inner) + block.first() * toQueries.row();
            products.toQueries().run(scores, this.keys.of(outer, inner), to, workers);
        }
        if (products.toKeys() != null) {
            long query = queries.of(outer, inner) + block.first() * queries.row();
            products.toKeys().run(scores, query, toKeys.of(outer, inner), workers);
        }
    }
}
