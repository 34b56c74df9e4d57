package org.kolotoc.tensor;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A program with attention spelled out; equal parts of it, the weights above all, are computed once. */
final class AttentionDecomposition {
    private AttentionDecomposition() {}

    /** @param which attentions, and gradients of attention */
    static Program of(Program program, Predicate<Tensor> which) {
        Tracer tracer = new Tracer();
        Map<Tensor, Tensor> made = new HashMap<>();
        for (Tensor node : program.nodes()) {
            List<Tensor> operands = node.operands().stream().map(made::get).toList();
            try (Tracer.Scope _ = tracer.at(node.origin())) {
                made.put(
                        node,
                        switch (node.op()) {
                            case Op.Attention a
                            when which.test(node) ->
                                Functions.softmaxAttention(
                                        operands.get(0),
                                        operands.get(1),
                                        operands.get(2),
                                        a.scale(),
                                        AttentionMask.of(a.mask(), operands.subList(3, operands.size())));
                            case Op.AttentionGradient a when which.test(node) -> gradient(a, operands);
                            default -> tracer.copy(node, operands);
                        });
            }
        }
        program.outputs().forEach((name, value) -> tracer.output(name, made.get(value)));
        program.updates()
                .forEach(
                        (name, value) -> tracer.update(made.get(program.inputs().get(name)), made.get(value)));
        return tracer.program();
    }

    /** Through the softmax, the cotangent of a weight loses the mean of its row, and is scaled by the weight. */
    private static Tensor gradient(Op.AttentionGradient op, List<Tensor> operands) {
        Tensor queries = operands.get(0);
        Tensor keys = operands.get(1);
        Tensor values = operands.get(2);
        Tensor cotangent = operands.get(3);
        AttentionMask mask = AttentionMask.of(op.mask(), operands.subList(4, operands.size()));
        Tensor weights = Functions.attentionWeights(queries, keys, op.scale(), mask);
        if (op.part() == Op.AttentionPart.VALUES) {
            return weights.matrixTranspose().matmul(cotangent);
        }
        Tensor sent = cotangent.matmul(values.matrixTranspose());
        Tensor mean = sent.mul(weights).sumKeepDims(-1);
        Tensor scores = weights.mul(sent.sub(mean)).mul(op.scale());
        return op.part() == Op.AttentionPart.QUERIES
                ? scores.matmul(keys)
                : scores.matrixTranspose().matmul(queries);
    }
}
