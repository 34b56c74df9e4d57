package org.kolotoc.backend.cpu.attention;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.backend.cpu.gemm.Epilogue;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.gemm.MatmulShape;
import org.kolotoc.backend.cpu.gemm.Strides;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * How the queries of a head are cut into blocks, and the products of each block, compiled once: equal layers of a model,
 * steps and threads share them. The cut follows from the shape alone; where only a run says which keys are seen, the
 * products of a block are there for some numbers of keys.
 */
public final class QueryBlocks {
    private static final int ROWS = 64;
    /** Up to so many queries blocks are half as high, which skips more of what a causal mask hides. */
    private static final int FEW_QUERIES = 64;
    /** Bytes of scores that stay in a core's own cache beside queries, keys and values. */
    private static final long CACHE = 256 << 10;

    private static final int LEAST_ROWS = 16;
    /** Keys that products are for where only a run says how many are seen; then twice as many, and so on. */
    private static final int FEWEST_KEYS = 64;

    private final int count;
    private final long stride;
    private final int rows;
    private final int group;
    private final int matrices;
    private final boolean single;
    private final Arena arena;
    private final Map<MatmulShape, Gemm> compiled = new HashMap<>();
    private final List<Block> blocks = new ArrayList<>();
    /** Where the blocks of each number begin in that list; there, those for few keys come first. */
    private final int[] begins;

    /**
     * A block's place and its products.
     *
     * @param index among all blocks
     * @param first number of its first query
     * @param limit keys that its last query sees at most
     */
    record Block(int index, int first, int rows, int limit, Products<Gemm> products) {}

    /**
     * The products of a block. The last block of a head writes what keys and values are sent, the blocks before it add to
     * it. One that is not wanted, or has nothing to write, is null.
     *
     * @param scores queries times keys
     * @param result weights times values
     * @param toWeights cotangent times values
     * @param toQueries gradient of the scores times keys
     * @param toKeys gradient of the scores, transposed, times queries
     * @param toValues weights, transposed, times cotangent
     */
    record Products<P>(P scores, P result, P toWeights, P toQueries, P toKeys, P toValues) {
        private Stream<P> wanted() {
            return Stream.of(scores, result, toWeights, toQueries, toKeys, toValues)
                    .filter(Objects::nonNull);
        }

        private <Q> Products<Q> each(Function<P, Q> function) {
            Function<P, Q> orNull = product -> product == null ? null : function.apply(product);
            return new Products<>(
                    orNull.apply(scores),
                    orNull.apply(result),
                    orNull.apply(toWeights),
                    orNull.apply(toQueries),
                    orNull.apply(toKeys),
                    orNull.apply(toValues));
        }
    }

    private QueryBlocks(Launch.Heads heads, int matrices, Arena arena) {
        int high = heads.m() <= FEW_QUERIES && heads.causal() ? ROWS / 2 : ROWS;
        long lanes = ScoreRows.LANES;
        this.stride = (heads.n() + lanes - 1) / lanes * lanes * Float.BYTES;
        while (high > LEAST_ROWS && high * stride > CACHE) {
            high /= 2;
        }
        this.count = Math.ceilDiv(heads.m(), high);
        this.rows = count == 0 ? 0 : Math.ceilDiv(heads.m(), count);
        int inner = heads.batch().get(1);
        int together = inner;
        while (together > 1 && (inner % together != 0 || together * rows * stride > CACHE)) {
            together--;
        }
        boolean alike = Stream.of(heads.starts(), heads.lengths())
                .allMatch(matrix -> matrix == null || matrix.batchStrides().get(1) == 0);
        this.group = alike ? Math.max(1, together) : 1;
        this.single = matrices == 1 && SingleQuery.takes(heads);
        this.begins = new int[count];
        this.matrices = matrices;
        this.arena = arena;
    }

    /** The blocks of a forward launch; what they hold outside the heap lives as long as the arena. */
    public static QueryBlocks of(Launch.Attention launch, Arena arena) {
        QueryBlocks blocks = new QueryBlocks(launch.heads(), 1, arena);
        blocks.fill(launch.heads(), launch.out(), null, Map.of());
        return blocks;
    }

    /** The blocks of a backward launch. */
    public static QueryBlocks of(Launch.AttentionGradient launch, Arena arena) {
        QueryBlocks blocks = new QueryBlocks(launch.heads(), 2, arena);
        blocks.fill(launch.heads(), null, launch.cotangent(), launch.gradients());
        return blocks;
    }

    /** Whether each block is one query of each head, which needs no products. */
    boolean single() {
        return single;
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

    /** What the calls of a thread take to work in. */
    public long callBytes() {
        return blocks.stream()
                .flatMap(block -> block.products().wanted())
                .mapToLong(Gemm::callBytes)
                .sum();
    }

    /**
     * A block of queries with products for at least so many keys; where the shape says what is seen there is but one.
     *
     * @param seen keys that its last query sees
     */
    Block block(int number, int seen) {
        int index = begins[number];
        while (blocks.get(index).limit() < seen) {
            index++;
        }
        return blocks.get(index);
    }

    int first(int number) {
        return blocks.get(begins[number]).first();
    }

    int rows(int number) {
        return blocks.get(begins[number]).rows();
    }

    /** Operands for the products of all blocks, for a step. */
    public Calls calls(int threads, Arena memory) {
        return new Calls(IntStream.range(0, threads)
                .mapToObj(_ -> blocks.stream()
                        .map(block -> block.products().each(gemm -> gemm.call(memory)))
                        .toList())
                .toList());
    }

    /** Calls of the products, each thread its own: by the number of its scratch memory, then by block. */
    public record Calls(List<List<Products<Gemm.Call>>> calls) {
        Products<Gemm.Call> of(int slot, int block) {
            return calls.get(slot).get(block);
        }
    }

    private void fill(Launch.Heads h, Matrix out, Matrix cotangent, Map<AttentionPart, Matrix> gradients) {
        if (single) {
            blocks.add(new Block(0, 0, 1, h.n(), new Products<>(null, null, null, null, null, null)));
            return;
        }
        Strides scores = Strides.rowMajor(stride / Float.BYTES).batched(0, headBytes() / Float.BYTES);
        Matrix toQueries = gradients.get(AttentionPart.QUERIES);
        Matrix toKeys = gradients.get(AttentionPart.KEYS);
        Matrix toValues = gradients.get(AttentionPart.VALUES);
        boolean throughScores = toQueries != null || toKeys != null;
        Strides q = strides(h.queries());
        Strides k = strides(h.keys());
        Strides v = strides(h.values());
        for (int i = 0; i < count; i++) {
            int first = i * rows;
            int high = Math.min(rows, h.m() - first);
            boolean adds = i < count - 1;
            begins[i] = blocks.size();
            for (int limit : limits(h, first + high)) {
                blocks.add(new Block(
                        blocks.size(),
                        first,
                        high,
                        limit,
                        new Products<>(
                                gemm(high, limit, h.d(), q, k.transposed(), scores, false),
                                out == null ? null : gemm(high, h.e(), limit, scores, v, strides(out), false),
                                throughScores
                                        ? gemm(high, limit, h.e(), strides(cotangent), v.transposed(), scores, false)
                                        : null,
                                toQueries == null
                                        ? null
                                        : gemm(high, h.d(), limit, scores, k, strides(toQueries), false),
                                toKeys == null
                                        ? null
                                        : gemm(limit, h.d(), high, scores.transposed(), q, strides(toKeys), adds),
                                toValues == null
                                        ? null
                                        : gemm(
                                                limit,
                                                h.e(),
                                                high,
                                                scores.transposed(),
                                                strides(cotangent),
                                                strides(toValues),
                                                adds))));
            }
        }
    }

    /** For how many keys a block has products, the last for all that the query before {@code end} may see. */
    private static List<Integer> limits(Launch.Heads h, int end) {
        int most = h.causal() && h.starts() == null ? Math.min(h.n(), end) : h.n();
        List<Integer> limits = new ArrayList<>();
        for (int limit = FEWEST_KEYS; h.isRagged() && limit < most; limit *= 2) {
            limits.add(limit);
        }
        limits.add(most);
        return limits;
    }

    private static Strides strides(Matrix matrix) {
        return Strides.rowMajor(matrix.row()).batched(0, matrix.batchStrides().get(1));
    }

    /** Null where there is nothing to write. */
    private Gemm gemm(int m, int n, int k, Strides a, Strides b, Strides c, boolean adds) {
        return m == 0 || n == 0
                ? null
                : compiled.computeIfAbsent(
                        new MatmulShape(m, n, k, 1, group, a, b, c, adds, Epilogue.NONE),
                        shape -> Gemm.whole(shape, arena));
    }
}
