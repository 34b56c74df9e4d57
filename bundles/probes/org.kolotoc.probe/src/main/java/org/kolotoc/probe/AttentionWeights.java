package org.kolotoc.probe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.probe.ProbeContext;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * Weights of attention in a forward pass, however it was traced: as the one primitive, or spelled out, as a softmax that, after
 * dropout perhaps, is the left side of a product.
 */
final class AttentionWeights {
    private AttentionWeights() {}

    /** Of the first sequence, {@code [..., queries, keys]}, by the node that makes or uses them. */
    static Map<Tensor, Tensor> in(ProbeContext context) {
        List<Tensor> forward = context.values().forward();
        Map<Tensor, List<Tensor>> users = new HashMap<>();
        forward.forEach(node -> node.operands()
                .forEach(operand ->
                        users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(node)));
        Map<Tensor, Tensor> weights = new LinkedHashMap<>();
        for (Tensor node : forward) {
            if (node.op() instanceof Op.Attention attention) {
                weights.put(node, ofPrimitive(attention, node, context));
            } else if (isSoftmax(node) && isLeftSide(node, users)) {
                weights.put(node, first(context.of(node)));
            }
        }
        return weights;
    }

    /** What queries gather is their weights, where the values are unit vectors. */
    private static Tensor ofPrimitive(Op.Attention attention, Tensor node, ProbeContext context) {
        List<Tensor> operands = node.operands().stream()
                .map(context::of)
                .map(AttentionWeights::first)
                .toList();
        Tensor queries = operands.get(0);
        Tensor keys = operands.get(1);
        int count = keys.shape().extent(-2);
        Shape square = Shape.of(count, count);
        Tensor unit =
                keys.tracer().iota(square, 0).eq(keys.tracer().iota(square, 1)).cast(DType.F32);
        Tensor values = unit.broadcast(keys.shape().with(keys.shape().rank() - 1, count));
        Op.Mask mask = attention.mask();
        List<Tensor> rows = operands.subList(3, operands.size());
        return Functions.attention(
                queries,
                keys,
                values,
                attention.scale(),
                new AttentionMask(
                        mask.causal(),
                        mask.starts() ? Optional.of(rows.getFirst()) : Optional.empty(),
                        mask.lengths() ? Optional.of(rows.getLast()) : Optional.empty()));
    }

    /** Of a batch {@code [rows, ...]} the first row; a matrix alone as it is. */
    private static Tensor first(Tensor value) {
        return value.shape().rank() == 2 ? value : value.slice(0, 0, 1);
    }

    /** {@code exp(x) / sum(exp(x))} along the last axis. */
    private static boolean isSoftmax(Tensor node) {
        if (!isBinary(node, Op.BinaryKind.DIV) || node.shape().rank() < 2) {
            return false;
        }
        Tensor exp = node.operand(0);
        Tensor sum = node.operand(1);
        while (sum.op() instanceof Op.Broadcast
                || sum.op() instanceof Op.Reshape
                || isBinary(sum, Op.BinaryKind.MAXIMUM)) {
            sum = sum.operand(0);
        }
        return exp.op() instanceof Op.Unary unary
                && unary.kind() == Op.UnaryKind.EXP
                && sum.op() instanceof Op.Reduce reduce
                && reduce.kind() == Op.ReduceKind.SUM
                && reduce.axes().equals(List.of(exp.shape().rank() - 1))
                && sum.operand(0) == exp;
    }

    private static boolean isBinary(Tensor node, Op.BinaryKind kind) {
        return node.op() instanceof Op.Binary binary && binary.kind() == kind;
    }

    /** Whether a product takes it for its left side, as it is or element by element changed. */
    private static boolean isLeftSide(Tensor softmax, Map<Tensor, List<Tensor>> users) {
        Set<Tensor> seen = new HashSet<>();
        Deque<Tensor> open = new ArrayDeque<>(List.of(softmax));
        while (!open.isEmpty()) {
            Tensor next = open.pop();
            for (Tensor user : users.getOrDefault(next, List.of())) {
                if (user.op() instanceof Op.MatMul && user.operand(0) == next) {
                    return true;
                }
                boolean same = user.op() instanceof Op.Select
                        || isBinary(user, Op.BinaryKind.MUL)
                        || isBinary(user, Op.BinaryKind.DIV)
                        || user.op() instanceof Op.Reshape;
                if (same && seen.add(user)) {
                    open.push(user);
                }
            }
        }
        return false;
    }
}
