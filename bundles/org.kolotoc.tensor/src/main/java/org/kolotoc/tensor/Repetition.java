package org.kolotoc.tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The nodes of a segment made again, from what enters it. A barrier on what enters holds them back until the gradient
 * has come to the segment; without it they would be the nodes of before.
 */
final class Repetition {
    private final Tracer tracer;
    private final int segment;
    private final Tensor due;
    private final Map<Tensor, Tensor> copies = new HashMap<>();
    private final Map<Tensor, Tensor> originals = new HashMap<>();
    /** Whether a node depends on no input: then it may stay what it is. */
    private final Map<Tensor, Boolean> constant = new HashMap<>();

    /**
     * Nothing is repeated yet.
     *
     * @param due what is known when the gradient has come to the segment
     */
    Repetition(Tracer tracer, int segment, Tensor due) {
        this.tracer = tracer;
        this.segment = segment;
        this.due = due;
    }

    /** A node of the segment, or one that enters it, as it is known here. */
    Tensor of(Tensor node) {
        Tensor copy = copies.get(node);
        if (copy == null) {
            copy = made(node);
            copies.put(node, copy);
            originals.put(copy, node);
        }
        return copy;
    }

    /** What a node was repeated from. */
    Tensor original(Tensor copy) {
        return originals.getOrDefault(copy, copy);
    }

    private boolean isConstant(Tensor node) {
        Boolean known = constant.get(node);
        if (known == null) {
            known = !(node.op() instanceof Op.Input) && node.operands().stream().allMatch(this::isConstant);
            constant.put(node, known);
        }
        return known;
    }

    private Tensor made(Tensor node) {
        boolean state = node.op() instanceof Op.Input input && input.state();
        if (state || isConstant(node)) {
            return node;
        }
        if (tracer.segmentOf(node) != segment) {
            return node.after(due);
        }
        List<Tensor> operands = node.operands().stream().map(this::of).toList();
        try (Tracer.Scope _ = tracer.scopeOf(node.origin(), "again")) {
            return tracer.copy(node, operands);
        }
    }
}
