package org.kolotoc.tensor;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which keys a query of {@link Functions#attention(Tensor, Tensor, Tensor, double, AttentionMask) attention} sees. What is
 * hidden has exactly no weight and no gradient; a query that sees nothing gives zeros, not NaN.
 *
 * <p>Sequences of different lengths in one batch: {@code AttentionMask.NONE.within(lengths)}, or {@code CAUSAL.within(lengths)}.
 * New tokens behind those of a cache, as many as one likes, each row behind its own: {@code AttentionMask.causalFrom(starts)}.
 *
 * @param causal whether a query sees no key behind its own position
 * @param starts {@code i32 [rows]}, the position of the first query of each row of the first axis; 0 if empty
 * @param lengths {@code i32 [rows]}, how many keys of each row of the first axis are there at all; all if empty
 */
public record AttentionMask(boolean causal, Optional<Tensor> starts, Optional<Tensor> lengths) {
    /** Every query sees every key. */
    public static final AttentionMask NONE = new AttentionMask(false, Optional.empty(), Optional.empty());

    /** Query {@code i} sees keys 0 to {@code i}. */
    public static final AttentionMask CAUSAL = new AttentionMask(true, Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException when there are starts that hide nothing */
    public AttentionMask {
        new Op.Mask(causal, starts.isPresent(), lengths.isPresent());
    }

    /**
     * Query {@code i} of row {@code b} sees keys 0 to {@code starts[b] + i}: it sits at that position of its sequence. With
     * keys and values in a cache, to which those of the queries were written at {@code starts} (see
     * {@link Tensor#dynamicUpdate}), this reads a prompt and continues it, whatever the lengths of the rows.
     *
     * @param starts {@code i32 [rows]}
     */
    public static AttentionMask causalFrom(Tensor starts) {
        return new AttentionMask(true, Optional.of(starts), Optional.empty());
    }

    /**
     * This mask, with keys at or beyond {@code lengths[b]} hidden from row {@code b}. Queries there are computed like others.
     *
     * @param lengths {@code i32 [rows]}
     */
    public AttentionMask within(Tensor lengths) {
        return new AttentionMask(causal, starts, Optional.of(lengths));
    }

    /** The mask of a node, from the operands behind those of attention itself. */
    static AttentionMask of(Op.Mask kind, List<Tensor> operands) {
        return new AttentionMask(
                kind.causal(),
                kind.starts() ? Optional.of(operands.getFirst()) : Optional.empty(),
                kind.lengths() ? Optional.of(operands.getLast()) : Optional.empty());
    }

    Op.Mask kind() {
        return new Op.Mask(causal, starts.isPresent(), lengths.isPresent());
    }

    List<Tensor> operands() {
        return Stream.of(starts, lengths).flatMap(Optional::stream).toList();
    }

    /** Whether a query may see nothing though there are keys. */
    boolean mayHideAll() {
        return starts.isPresent() || lengths.isPresent();
    }

    /** {@code bool}, which broadcasts to the scores {@code [rows..., queries, keys]}: what is seen. Empty if all is. */
    Optional<Tensor> visible(Tracer tracer, Shape scores) {
        int queries = scores.extent(-2);
        int keys = scores.extent(-1);
        Optional<Tensor> before = !causal
                ? Optional.empty()
                : starts.isEmpty()
                        ? Optional.of(Functions.causalMask(tracer, queries, keys))
                        : starts.map(start -> {
                            // Kept from overflowing: beyond these no start hides more or less.
                            Tensor bounded = perRow(start.maximum(-queries).minimum(keys), scores.rank());
                            return key(tracer, keys).le(bounded.add(tracer.iota(Shape.of(queries, 1), 0)));
                        });
        Optional<Tensor> within = lengths.map(length -> key(tracer, keys).lt(perRow(length, scores.rank())));
        return before.isPresent() && within.isPresent() ? before.map(within.get()::and) : before.or(() -> within);
    }

    private static Tensor key(Tracer tracer, int keys) {
        return tracer.iota(Shape.of(keys), 0);
    }

    private static Tensor perRow(Tensor rows, int rank) {
        int[] extents = new int[rank];
        java.util.Arrays.fill(extents, 1);
        extents[0] = rows.shape().extent(0);
        return rows.reshape(Shape.of(extents));
    }
}
