package org.kolotoc.compiler;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/** Finds sums that cost no pass of their own, because one side can be added while the other is written. */
final class EpilogueFusion {
    private final CongruenceClasses<Tensor> likeness;
    /** What is read from outside the program, or is like it. */
    private final Set<Tensor> results = new HashSet<>();

    /** A product and what is added to each of its rows. */
    record Bias(Tensor product, Tensor vector) {}

    EpilogueFusion(Program program) {
        likeness = new CongruenceClasses<>(
                program.nodes(),
                node -> List.of(node.op(), node.shape(), node.dtype()),
                Tensor::operands,
                node -> node.op() instanceof Op.OptimizationBarrier ? node.operand(0) : null,
                Tensor::segment);
        program.outputs().values().forEach(value -> results.add(likeness.first(value)));
        program.updates().values().forEach(value -> results.add(likeness.first(value)));
    }

    /**
     * Which operand of a sum is a scatter that can add to the other one, a product, instead of to zeros; -1 if none.
     * Nobody else may read either. The gradient of a table that is embedding and output layer at once is such a sum.
     */
    int scatter(Tensor sum) {
        for (int i = 0; i < 2 && isSum(sum); i++) {
            Tensor scatter = sum.operand(i);
            Tensor base = sum.operand(1 - i);
            while (isAlone(base) && base.op() instanceof Op.Transpose) {
                base = base.operand(0);
            }
            if (isAlone(base)
                    && base.op() instanceof Op.MatMul
                    && scatter.op() instanceof Op.ScatterAdd
                    && isAlone(scatter)) {
                return i;
            }
        }
        return -1;
    }

    /**
     * The parts of a sum that is a product plus one vector for all its rows, if no kernel reads it that could add the
     * vector as well: queries, keys and values on their way to attention.
     */
    Optional<Bias> bias(Tensor sum) {
        for (int i = 0; i < 2 && isSum(sum) && !isResult(sum) && leavesKernels(sum); i++) {
            Tensor product = sum.operand(i);
            Tensor repeated = sum.operand(1 - i);
            while (isAlone(product) && product.op() instanceof Op.Reshape) {
                product = product.operand(0);
            }
            int columns = sum.shape().rank() == 0 ? 0 : sum.shape().extent(-1);
            boolean rows = isAlone(product)
                    && product.op() instanceof Op.MatMul
                    && product.shape().extent(-1) == columns
                    && product.operand(0).shape().extent(-1) > 0;
            boolean vector = repeated.op() instanceof Op.Broadcast
                    && repeated.operand(0).shape().size() == columns
                    && repeated.operand(0).shape().extent(-1) == columns;
            if (rows && vector) {
                return Optional.of(new Bias(product, repeated.operand(0)));
            }
        }
        return Optional.empty();
    }

    private static boolean isSum(Tensor node) {
        return node.op() instanceof Op.Binary binary && binary.kind() == Op.BinaryKind.ADD;
    }

    private boolean isResult(Tensor node) {
        return results.contains(likeness.first(node));
    }

    private boolean isAlone(Tensor node) {
        return likeness.isReadOnce(node) && !isResult(node);
    }

    /** Whether no kernel reads a value, nor any movement of it. */
    private boolean leavesKernels(Tensor node) {
        Deque<Tensor> open = new ArrayDeque<>(List.of(node));
        while (!open.isEmpty()) {
            Tensor moved = open.pop();
            Set<Tensor> readers = likeness.readers(moved);
            if (readers.isEmpty() || moved != node && isResult(moved)) {
                return false;
            }
            for (Tensor reader : readers) {
                switch (reader.op()) {
                    case Op.MatMul _, Op.Attention _, Op.AttentionGradient _ -> {}
                    case Op.Reshape _, Op.Transpose _, Op.Slice _ -> open.push(reader);
                    default -> {
                        return false;
                    }
                }
            }
        }
        return true;
    }
}
