package org.kolotoc.tensor;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.TreeSet;

/**
 * The nodes of a segment made again, from what enters it. A barrier on what enters holds them back until the gradient
 * has come to the segment; without it they would be the nodes of before.
 */
final class Rematerialization {
    private final Tracer tracer;
    private final int segment;
    private final Tensor due;
    private final Map<Tensor, Tensor> copies = new HashMap<>();
    private final Map<Tensor, Tensor> originals = new HashMap<>();

    /**
     * Nothing is repeated yet.
     *
     * @param due what is known when the gradient has come to the segment
     */
    Rematerialization(Tracer tracer, int segment, Tensor due) {
        this.tracer = tracer;
        this.segment = segment;
        this.due = due;
    }

    /** A node of the segment, or one that enters it, as it is known here. */
    Tensor of(Tensor node) {
        for (Tensor missing : missing(node)) {
            Tensor copy = made(missing);
            copies.put(missing, copy);
            originals.put(copy, missing);
        }
        return copies.get(node);
    }

    /** What a node was repeated from. */
    Tensor original(Tensor copy) {
        return originals.getOrDefault(copy, copy);
    }

    /** What is not known yet of a node and what it is made of, operands first; without recursion, segments may be long. */
    private Collection<Tensor> missing(Tensor node) {
        NavigableSet<Tensor> missing = new TreeSet<>(Comparator.comparingInt(Tensor::id));
        Deque<Tensor> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            Tensor next = open.pop();
            if (!copies.containsKey(next) && missing.add(next) && isRepeated(next)) {
                next.operands().forEach(open::push);
            }
        }
        return missing;
    }

    /** A constant may stay what it is, and so may a state, which is there anyway. */
    private boolean stays(Tensor node) {
        return tracer.isConstant(node) || node.op() instanceof Op.Input input && input.state();
    }

    /** A feed enters the segment, wherever it was named first. */
    private boolean isRepeated(Tensor node) {
        return !stays(node) && !(node.op() instanceof Op.Input) && tracer.segmentOf(node) == segment;
    }

    private Tensor made(Tensor node) {
        if (stays(node)) {
            return node;
        }
        if (!isRepeated(node)) {
            return node.optimizationBarrier(due);
        }
        List<Tensor> operands = node.operands().stream().map(copies::get).toList();
        try (Tracer.Scope _ = tracer.scopeOf(node.origin(), "again")) {
            return tracer.copy(node, operands);
        }
    }
}
