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
    /** The result; null backward. */
    private final Place out;

    private final Place cotangent;
    private final Place[] gradients = new Place[AttentionPart.values().length];

    /** Where the matrices of a batch lie: of index {@code (outer, inner)} at {@code at + outer * .. + inner * ..} bytes. */
    private record Place(long at, long outer, long inner, long row) {
        static Place of(Matrix matrix, IntToLongFunction address) {
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
        this.out = out == null ? null : Place.of(out, address);
        this.cotangent = cotangent == null ? null : Place.of(cotangent, address);
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
        QueryBlocks.Block block = blocks.block(number);
        Products<Gemm.Call> products = calls.of(slot, number);
        long weights = scratch.address(slot);
        long result = out.of(outer, inner) + block.first() * out.row();
        if (block.limit() == 0) {
            for (int head = 0; head < blocks.group(); head++) {
                ScoreRows.clear(result + head * out.inner(), out.row(), block.rows(), heads.e());
            }
            return;
        }
        weights(block, products, outer, inner, weights);
        if (products.result() != null) {
            products.result().run(weights, values.of(outer, inner), result, workers);
        }
    }

    private void weights(QueryBlocks.Block block, Products<Gemm.Call> products, int outer, int inner, long weights) {
        long query = queries.of(outer, inner) + block.first() * queries.row();
        products.scores().run(query, keys.of(outer, inner), weights, workers);
        for (int head = 0; head < blocks.group(); head++) {
            ScoreRows.softmax(
                    weights + head * blocks.headBytes(),
                    blocks.stride(),
                    block.rows(),
                    block.limit(),
                    heads.causal() ? block.first() + 1 : block.limit(),
                    heads.causal() ? 1 : 0,
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
        int covered = 0;
        for (int number = blocks.count() - 1; number >= 0; number--) {
            QueryBlocks.Block block = blocks.block(number);
            if (block.limit() > 0) {
                backward(block, calls.of(slot, number), outer, inner, weights, scores);
                covered = Math.max(covered, block.limit());
            }
        }
        for (int head = inner; head < inner + blocks.group(); head++) {
            // Keys that no query sees are sent nothing, and so are queries without keys.
            clear(AttentionPart.KEYS, outer, head, covered, heads.n(), heads.d());
            clear(AttentionPart.VALUES, outer, head, covered, heads.n(), heads.e());
            clear(AttentionPart.QUERIES, outer, head, heads.n() == 0 ? 0 : heads.m(), heads.m(), heads.d());
        }
    }

    private void clear(AttentionPart part, int outer, int inner, int from, int to, int columns) {
        Place place = gradients[part.ordinal()];
        if (place != null && from < to) {
            ScoreRows.clear(place.of(outer, inner) + from * place.row(), place.row(), to - from, columns);
        }
    }

    private void backward(
            QueryBlocks.Block block, Products<Gemm.Call> products, int outer, int inner, long weights, long scores) {
        weights(block, products, outer, inner, weights);
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
            products.toQueries().run(scores, keys.of(outer, inner), to, workers);
        }
        if (products.toKeys() != null) {
            long query = queries.of(outer, inner) + block.first() * queries.row();
            products.toKeys().run(scores, query, toKeys.of(outer, inner), workers);
        }
    }
}
