package org.kolotoc.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an operation costs: the floating-point operations of products, two for each multiply-add. Counted are matrix products,
 * convolutions with what meets their padding, attention with what its mask hides, and the gradients of both; of the gradients of
 * attention what they are made of, 2 products for each of the forward pass as is usual (Kaplan et al., arXiv:2001.08361), and
 * not the weights that a backend may compute again instead of keeping them. Everything else (elementwise functions, sums, moves,
 * random numbers) counts nothing: it is bound by memory. So the number depends on the program alone, not on the backend, its
 * fusion or its threads.
 */
final class FlopRules {
    private static final long MULTIPLY_ADD = 2;

    private FlopRules() {}

    /** Operations of a program's nodes; of a loop those of its body, as often as it runs, whatever results of it are wanted. */
    static double of(List<Tensor> nodes) {
        double sum = 0;
        Map<List<Object>, Map<String, Tensor>> loops = new LinkedHashMap<>();
        for (Tensor node : nodes) {
            if (node.op() instanceof Op.Scan(Loop _, Loop.Part part)) {
                Map<String, Tensor> stacked = loops.computeIfAbsent(ScanResults.key(node), _ -> new LinkedHashMap<>());
                if (part instanceof Loop.Part.Stacked(Tensor value)) {
                    stacked.put("stacked " + stacked.size(), value);
                }
            } else {
                sum += of(node);
            }
        }
        for (Map.Entry<List<Object>, Map<String, Tensor>> entry : loops.entrySet()) {
            Loop loop = (Loop) entry.getKey().getFirst();
            sum += loop.steps() * loop.giving(entry.getValue()).flops();
        }
        return sum;
    }

    /** Operations of a node; of a loop none, since its results share them. */
    static double of(Tensor node) {
        List<Tensor> operands = node.operands();
        return MULTIPLY_ADD
                * switch (node.op()) {
                    case Op.MatMul _ ->
                        multiplyAdds(node.shape(), operands.get(0).shape());
                    case Op.Conv2d _ -> windows(node.shape(), operands.get(1).shape());
                    case Op.Conv2dInputGradient _ ->
                        windows(operands.get(0).shape(), operands.get(1).shape());
                    case Op.Conv2dWeightGradient _ -> windows(operands.get(1).shape(), node.shape());
                    case Op.Attention _ -> attention(operands, true, true);
                    // The cotangent of the weights, d v^T, is counted once, with that of the queries.
                    case Op.AttentionGradient gradient ->
                        switch (gradient.part()) {
                            case QUERIES -> attention(operands, true, true);
                            case KEYS -> attention(operands, true, false);
                            case VALUES -> attention(operands, false, true);
                        };
                    case Op.Input _,
                            Op.Constant _,
                            Op.Literal _,
                            Op.Iota _,
                            Op.RandomUniform _,
                            Op.RandomNormal _,
                            Op.Unary _,
                            Op.Binary _,
                            Op.Compare _,
                            Op.Select _,
                            Op.Cast _,
                            Op.Reduce _,
                            Op.Broadcast _,
                            Op.Reshape _,
                            Op.Transpose _,
                            Op.Slice _,
                            Op.Pad _,
                            Op.Concat _,
                            Op.DynamicSlice _,
                            Op.DynamicUpdate _,
                            Op.Gather _,
                            Op.ScatterAdd _,
                            Op.GatherAlong _,
                            Op.ScatterAddAlong _,
                            Op.CumulativeSum _,
                            Op.ArgSort _,
                            Op.Scan _,
                            Op.StopGradient _,
                            Op.OptimizationBarrier _ -> 0;
                };
    }

    private static double multiplyAdds(Shape result, Shape left) {
        return (double) result.size() * left.extent(-1);
    }

    /**
     * Of each element of a result the channels and places that a filter sees.
     *
     * @param result {@code [batch, filters, rows, columns]}
     * @param weights {@code [filters, channels / groups, height, width]}
     */
    private static double windows(Shape result, Shape weights) {
        return (double) result.size() * weights.extent(1) * weights.extent(2) * weights.extent(3);
    }

    /** Of the weights {@code [batch..., m, n]} the products that are as wide as keys, as wide as values, or both. */
    private static double attention(List<Tensor> operands, boolean keys, boolean values) {
        Shape queries = operands.get(0).shape();
        double weights = (double) queries.size()
                / Math.max(1, queries.extent(-1))
                * operands.get(1).shape().extent(-2);
        return weights
                * ((keys ? queries.extent(-1) : 0)
                        + (values ? operands.get(2).shape().extent(-1) : 0));
    }
}
