package org.kolotoc.backend.cpu.attention;

import java.util.Map;
import org.kolotoc.backend.cpu.gemm.Epilogue;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.gemm.MatmulShape;
import org.kolotoc.backend.cpu.gemm.Strides;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * How the queries of a head are cut into blocks, and the products of each block, once for every thread. Equal layers of a
 * model share one. The cut follows from the shape alone.
 */
public final class QueryBlocks implements AutoCloseable {
    private static final int ROWS = 64;
    /** Up to so many queries blocks are half as high, which skips more of what a causal mask hides. */
    private static final int FEW_QUERIES = 64;
    /** Bytes of scores that stay in a core's own cache beside queries, keys and values. */
    private static final long CACHE = 256 << 10;

    private static final int LEAST_ROWS = 16;

    private final int count;
    private final long stride;
    private final int rows;
    private final int group;
    private final int matrices;
    /** By thread, then by block. */
    private final Block[][] blocks;

    /**
     * A block's place and its products. The last block of a head writes what keys and values are sent, the blocks before
     * it add to it.
     *
     * <p>A product that is not wanted, or has nothing to write, is null.
     *
     * @param first number of its first query
     * @param limit keys that its last query sees
     * @param scores queries times keys
     * @param result weights times values
     * @param toWeights cotangent times values
     * @param toQueries gradient of the scores times keys
     * @param toKeys gradient of the scores, transposed, times queries
     * @param toValues weights, transposed, times cotangent
     */
    record Block(
            int first,
            int rows,
            int limit,
            Gemm scores,
            Gemm result,
            Gemm toWeights,
            Gemm toQueries,
            Gemm toKeys,
            Gemm toValues) {}

    private QueryBlocks(Launch.Heads heads, int matrices, int threads) {
        int high = heads.m() <= FEW_QUERIES && heads.causal() ? ROWS / 2 : ROWS;
        long lanes = ScoreRows.LANES;
        this.stride = (heads.n() + lanes - 1) / lanes * lanes * Float.BYTES;
        while (high > LEAST_ROWS && high * stride > CACHE) {
            high /= 2;
        }
        this.count = (heads.m() + high - 1) / high;
        this.rows = count == 0 ? 0 : (heads.m() + count - 1) / count;
        int inner = heads.batch().get(1);
        int together = inner;
        while (together > 1 && (inner % together != 0 || together * rows * stride > CACHE)) {
            together--;
        }
        this.group = Math.max(1, together);
        this.matrices = matrices;
        this.blocks = new Block[threads][count];
    }

    /** The blocks of a forward launch for so many threads. */
    public static QueryBlocks of(Launch.Attention launch, int threads) {
        QueryBlocks blocks = new QueryBlocks(launch.heads(), 1, threads);
        blocks.fill(launch.heads(), launch.out(), null, Map.of());
        return blocks;
    }

    /** The blocks of a backward launch for so many threads. */
    public static QueryBlocks of(Launch.AttentionGradient launch, int threads) {
        QueryBlocks blocks = new QueryBlocks(launch.heads(), 2, threads);
        blocks.fill(launch.heads(), null, launch.cotangent(), launch.gradients());
        return blocks;
    }

    int count() {
        return count;
    }

    /** Heads whose blocks are computed by the same calls; neighbours of the inner batch axis. */
    int group() {
        return group;
    }

    /** Bytes from the scores of one head of a group to those of the next. */
    long headBytes() {
        return rows * stride;
    }

    /** Bytes from one row of scores to the next. */
    long stride() {
        return stride;
    }

    /** Bytes of the scores of one block of a group. */
    long bytes() {
        return group * headBytes();
    }

    /** Scratch memory that a thread needs. */
    public long scratchBytes() {
        return matrices * bytes();
    }

    Block block(int number, int slot) {
        return blocks[slot][number];
    }

    private void fill(Launch.Heads h, Matrix out, Matrix cotangent, Map<AttentionPart, Matrix> gradients) {
        Strides scores = Strides.rowMajor(stride / Float.BYTES).batched(0, headBytes() / Float.BYTES);
        Matrix toQueries = gradients.get(AttentionPart.QUERIES);
        Matrix toKeys = gradients.get(AttentionPart.KEYS);
        Matrix toValues = gradients.get(AttentionPart.VALUES);
        boolean throughScores = toQueries != null || toKeys != null;
        for (Block[] own : blocks) {
            for (int i = 0; i < count; i++) {
                int first = i * rows;
                int high = Math.min(rows, h.m() - first);
                int limit = h.causal() ? Math.min(h.n(), first + high) : h.n();
                boolean adds = i < count - 1;
                Strides q = strides(h.queries());
                Strides k = strides(h.keys());
                Strides v = strides(h.values());
                own[i] = new Block(
                        first,
                        high,
                        limit,
                        gemm(high, limit, h.d(), q, k.transposed(), scores, false),
                        out == null ? null : gemm(high, h.e(), limit, scores, v, strides(out), false),
                        throughScores
                                ? gemm(high, limit, h.e(), strides(cotangent), v.transposed(), scores, false)
                                : null,
                        toQueries == null ? null : gemm(high, h.d(), limit, scores, k, strides(toQueries), false),
                        toKeys == null ? null : gemm(limit, h.d(), high, scores.transposed(), q, strides(toKeys), adds),
                        toValues == null
                                ? null
                                : gemm(
                                        limit,
                                        h.e(),
                                        high,
                                        scores.transposed(),
                                        strides(cotangent),
                                        strides(toValues),
                                        adds));
            }
        }
    }

    private static Strides strides(Matrix matrix) {
        return Strides.rowMajor(matrix.row()).batched(0, matrix.batchStrides().get(1));
    }

    /** Null where there is nothing to write. */
    private Gemm gemm(int m, int n, int k, Strides a, Strides b, Strides c, boolean adds) {
        return m == 0 || n == 0 ? null : Gemm.whole(new MatmulShape(m, n, k, 1, group, a, b, c, adds, Epilogue.NONE));
    }

    @Override
    public void close() {
        for (Block[] own : blocks) {
            for (Block block : own) {
                close(block.scores());
                close(block.result());
                close(block.toWeights());
                close(block.toQueries());
                close(block.toKeys());
                close(block.toValues());
            }
        }
    }

    private static void close(Gemm gemm) {
        if (gemm != null) {
            gemm.close();
        }
    }
}
