package org.kolotoc.compiler;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;

/**
 * Which nodes compute the same, once for what comes after them and once more, behind a barrier, for the backward pass (see
 * {@link org.kolotoc.tensor.Gradients#rematerializing}).
 *
 * <p>Where a product lies, and what is added to it as it is written, follows from who reads it, and its bits follow from
 * that: a library adds up in another order when it writes another way. So such a decision is taken for all that are alike
 * together, from all that read any of them, and only if those are of the same segment, where nothing is read across a
 * barrier. Then it is the decision of the program that computes nothing again.
 *
 * @param <N> a node of a program or of a graph
 */
final class CongruenceClasses<N> {
    private final ToIntFunction<N> segment;
    private final Map<N, N> first = new HashMap<>();
    private final Map<N, Set<N>> readers = new HashMap<>();

    /**
     * Compares nodes.
     *
     * @param nodes operands before those that read them
     * @param kind all that says what a node computes from its operands
     * @param held the operand of a node that only holds it back; null for all others
     * @param segment in which a node was made
     */
    CongruenceClasses(
            List<N> nodes,
            Function<N, Object> kind,
            Function<N, List<N>> operands,
            UnaryOperator<N> held,
            ToIntFunction<N> segment) {
        this.segment = segment;
        Map<List<Object>, N> known = new HashMap<>();
        for (N node : nodes) {
            N inside = held.apply(node);
            if (inside != null) {
                first.put(node, first.get(inside));
                continue;
            }
            List<N> read = operands.apply(node).stream().map(first::get).toList();
            N like = known.computeIfAbsent(List.of(kind.apply(node), read), _ -> node);
            first.put(node, like);
            read.forEach(operand ->
                    readers.computeIfAbsent(operand, _ -> new LinkedHashSet<>()).add(like));
        }
    }

    /** The first of those that are like a node. */
    N first(N node) {
        return first.get(node);
    }

    /** The first of each kind of nodes that read it, or one like it. */
    Set<N> readers(N node) {
        return readers.getOrDefault(first.get(node), Set.of());
    }

    /** Whether one kind of node reads it and those like it, all in its own segment. */
    boolean isReadOnce(N node) {
        Set<N> all = readers(node);
        return all.size() == 1 && segment.applyAsInt(all.iterator().next()) == segment.applyAsInt(first.get(node));
    }
}
