package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Op.AttentionPart;

/** The gradient of every operation: what a node sends back to its operands for the cotangent it was sent. */
final class GradientRules {
    private static final double TWO_OVER_ROOT_PI = 2 / Math.sqrt(Math.PI);

    private GradientRules() {}

    /** Takes one part of an operand's cotangent. */
    @FunctionalInterface
    interface Sink {
        void send(Tensor operand, Tensor part);
    }

    static void send(Tensor node, Tensor g, Sink sink) {
        switch (node.op()) {
            case Op.Input _,
                    Op.Constant _,
                    Op.Literal _,
                    Op.Iota _,
                    Op.RandomUniform _,
                    Op.RandomNormal _,
                    Op.StopGradient _,
                    Op.Compare _,
                    Op.ArgSort _ -> {}
            case Op.Unary unary -> unary(unary.kind(), node, g, sink);
            case Op.Binary binary -> binary(binary.kind(), node, g, sink);
            case Op.Select _ -> {
                Tensor zero = g.constant(0);
                sink.send(node.operand(1), node.operand(0).select(g, zero));
                sink.send(node.operand(2), node.operand(0).select(zero, g));
            }
            case Op.Cast _ -> {
                if (node.operand(0).dtype() == DType.F32 && node.dtype() == DType.F32) {
                    sink.send(node.operand(0), g);
                }
            }
            case Op.Reduce reduce -> reduce(reduce, node, g, sink);
            case Op.Broadcast _ ->
                sink.send(node.operand(0), unbroadcast(g, node.operand(0).shape()));
            case Op.Reshape _ ->
                sink.send(node.operand(0), g.reshape(node.operand(0).shape()));
            case Op.Transpose transpose -> sink.send(node.operand(0), g.transpose(inverse(transpose.permutation())));
            case Op.Slice slice -> {
                Tensor padded = g;
                Shape whole = node.operand(0).shape();
                for (int axis = 0; axis < whole.rank(); axis++) {
                    int start = slice.starts().get(axis);
                    padded = padded.pad(
                            axis, start, whole.extent(axis) - slice.limits().get(axis), 0);
                }
                sink.send(node.operand(0), padded);
            }
            case Op.Pad pad -> {
                Tensor inner = g;
                for (int axis = 0; axis < g.shape().rank(); axis++) {
                    int low = pad.low().get(axis);
                    inner = inner.slice(axis, low, low + node.operand(0).shape().extent(axis));
                }
                sink.send(node.operand(0), inner);
            }
            case Op.Concat concat -> {
                int at = 0;
                for (Tensor part : node.operands()) {
                    int extent = part.shape().extent(concat.axis());
                    sink.send(part, g.slice(concat.axis(), at, at + extent));
                    at += extent;
                }
            }
            case Op.DynamicSlice slice -> {
                Tensor whole = g.tracer().constant(0, DType.F32, node.operand(0).shape());
                sink.send(node.operand(0), whole.dynamicUpdate(slice.axis(), g, node.operand(1)));
            }
            case Op.DynamicUpdate update -> {
                Shape window = node.operand(1).shape();
                Tensor start = node.operand(2);
                Tensor nothing = g.tracer().constant(0, DType.F32, window);
                sink.send(node.operand(0), g.dynamicUpdate(update.axis(), nothing, start));
                sink.send(node.operand(1), g.dynamicSlice(update.axis(), start, window.extent(update.axis())));
            }
            case Op.Gather _ ->
                sink.send(
                        node.operand(0),
                        g.scatterAdd(node.operand(1), node.operand(0).shape().extent(0)));
            case Op.ScatterAdd _ -> sink.send(node.operand(1), g.gather(node.operand(0)));
            case Op.GatherAlong along -> {
                int extent = node.operand(0).shape().extent(along.axis());
                sink.send(node.operand(0), g.scatterAddAlong(along.axis(), node.operand(1), extent));
            }
            case Op.ScatterAddAlong along -> sink.send(node.operand(1), g.gatherAlong(along.axis(), node.operand(0)));
            case Op.CumulativeSum sum -> sink.send(node.operand(0), g.cumulativeSum(sum.axis(), !sum.reversed()));
            case Op.MatMul product -> {
                try (Tracer.Scope _ = g.tracer().products(product.precision())) {
                    sink.send(node.operand(0), g.matmul(node.operand(1).matrixTranspose()));
                    sink.send(node.operand(1), node.operand(0).matrixTranspose().matmul(g));
                }
            }
            case Op.Conv2d convolution -> {
                sink.send(
                        node.operand(0),
                        images(convolution.window(), convolution.groups(), g, node.operand(1), node.operand(0)));
                sink.send(
                        node.operand(1),
                        weights(convolution.window(), convolution.groups(), node.operand(0), g, node.operand(1)));
            }
            case Op.Conv2dInputGradient gradient -> {
                sink.send(node.operand(0), convolved(gradient.window(), gradient.groups(), g, node.operand(1)));
                sink.send(
                        node.operand(1),
                        weights(gradient.window(), gradient.groups(), g, node.operand(0), node.operand(1)));
            }
            case Op.Conv2dWeightGradient gradient -> {
                sink.send(
                        node.operand(0),
                        images(gradient.window(), gradient.groups(), node.operand(1), g, node.operand(0)));
                sink.send(node.operand(1), convolved(gradient.window(), gradient.groups(), node.operand(0), g));
            }
            case Op.Attention attention -> {
                for (AttentionPart part : AttentionPart.values()) {
                    Op gradient = new Op.AttentionGradient(attention.scale(), attention.mask(), part);
                    List<Tensor> operands = new ArrayList<>(node.operands());
                    operands.add(AttentionPart.values().length, g);
                    sink.send(node.operand(part.ordinal()), g.tracer().append(gradient, operands));
                }
            }
            case Op.OptimizationBarrier _ -> sink.send(node.operand(0), g);
            case Op.Scan _ -> throw new IllegalStateException("a scan's results are sent on together: ScanGradient");
            case Op.AttentionGradient gradient -> again(gradient, node, g, sink);
        }
    }

    private static Tensor convolved(Window2d window, int groups, Tensor images, Tensor weights) {
        return Nodes.append(new Op.Conv2d(window, groups), images, weights);
    }

    /** @param like what the images that are wanted are as large as */
    private static Tensor images(Window2d window, int groups, Tensor cotangent, Tensor weights, Tensor like) {
        int height = like.shape().extent(2);
        return Nodes.append(
                new Op.Conv2dInputGradient(window, groups, height, like.shape().extent(3)), cotangent, weights);
    }

    /** @param like what the weights that are wanted are as large as */
    private static Tensor weights(Window2d window, int groups, Tensor images, Tensor cotangent, Tensor like) {
        int height = like.shape().extent(2);
        return Nodes.append(
                new Op.Conv2dWeightGradient(window, groups, height, like.shape().extent(3)), images, cotangent);
    }

    /** The second derivative of attention is that of its plain form: the weights are kept, which is slow but rare. */
    private static void again(Op.AttentionGradient gradient, Tensor node, Tensor g, Sink sink) {
        int floats = AttentionPart.values().length + 1;
        AttentionMask mask = AttentionMask.of(
                gradient.mask(), node.operands().subList(floats, node.operands().size()));
        List<Tensor> leaves = IntStream.range(0, floats)
                .mapToObj(i -> apart(node.operand(i), i))
                .toList();
        Tensor plain = Functions.softmaxAttention(leaves.get(0), leaves.get(1), leaves.get(2), gradient.scale(), mask);
        Tensor wanted = leaves.get(gradient.part().ordinal());
        Tensor first = Gradients.vjp(plain, leaves.get(3), List.of(wanted)).getFirst();
        List<Tensor> parts = Gradients.vjp(first, g, leaves);
        for (int i = 0; i < parts.size(); i++) {
            sink.send(node.operand(i), parts.get(i));
        }
    }

    /**
     * The same values as a node of its own, so that a derivative with respect to it is a partial one even where operands
     * are equal or depend on each other.
     */
    private static Tensor apart(Tensor operand, int number) {
        Shape shape = operand.shape();
        int[] extents = new int[shape.rank() + number + 1];
        Arrays.fill(extents, 1);
        System.arraycopy(shape.extents(), 0, extents, number + 1, shape.rank());
        return operand.reshape(Shape.of(extents)).reshape(shape);
    }

    private static void unary(Op.UnaryKind kind, Tensor node, Tensor g, Sink sink) {
        Tensor x = node.operand(0);
        switch (kind) {
            case SIGN, FLOOR, NOT -> {}
            case NEG -> sink.send(x, g.neg());
            case ABS -> sink.send(x, g.mul(x.sign()));
            case EXP -> sink.send(x, g.mul(node));
            case LOG -> sink.send(x, g.div(x));
            case SQRT -> sink.send(x, g.mul(0.5).div(node));
            case RSQRT -> sink.send(x, g.mul(-0.5).mul(node.mul(node)).mul(node));
            case TANH -> sink.send(x, g.mul(node.constant(1).sub(node.mul(node))));
            case ERF -> sink.send(x, g.mul(x.mul(x).neg().exp().mul(TWO_OVER_ROOT_PI)));
            case SIN -> sink.send(x, g.mul(x.cos()));
            case COS -> sink.send(x, g.mul(x.sin()).neg());
        }
    }

    private static void binary(Op.BinaryKind kind, Tensor node, Tensor g, Sink sink) {
        Tensor a = node.operand(0);
        Tensor b = node.operand(1);
        switch (kind) {
            case AND, OR -> {}
            case ADD -> {
                sink.send(a, g);
                sink.send(b, g);
            }
            case SUB -> {
                sink.send(a, g);
                sink.send(b, g.neg());
            }
            case MUL -> {
                sink.send(a, g.mul(b));
                sink.send(b, g.mul(a));
            }
            case DIV -> {
                Tensor part = g.div(b);
                sink.send(a, part);
                sink.send(b, part.mul(node).neg());
            }
            // Of equal operands the first is the larger and the smaller one, as where(a >= b, a, b) has it.
            case MAXIMUM -> choose(a.ge(b), a, b, g, sink);
            case MINIMUM -> choose(a.le(b), a, b, g, sink);
            case POW -> {
                sink.send(a, g.mul(b).mul(a.pow(b.sub(1))));
                // The exponent's derivative is taken as 0 at base 0, where the power does not change with it.
                Tensor zero = g.constant(0);
                Tensor safe = a.eq(zero).select(a.constant(1), a);
                sink.send(b, a.eq(zero).select(zero, g.mul(node).mul(safe.log())));
            }
        }
    }

    private static void choose(Tensor first, Tensor a, Tensor b, Tensor g, Sink sink) {
        Tensor zero = g.constant(0);
        sink.send(a, first.select(g, zero));
        sink.send(b, first.select(zero, g));
    }

    private static void reduce(Op.Reduce reduce, Tensor node, Tensor g, Sink sink) {
        Tensor x = node.operand(0);
        Shape kept = x.shape();
        for (int axis : reduce.axes()) {
            kept = kept.with(axis, 1);
        }
        Tensor back = g.reshape(kept).broadcast(x.shape());
        switch (reduce.kind()) {
            case SUM -> sink.send(x, back);
            case MAX -> {
                // Equal maxima share the gradient evenly.
                Tensor largest = x.eq(node.reshape(kept).broadcast(x.shape())).cast(DType.F32);
                int[] axes = reduce.axes().stream().mapToInt(Integer::intValue).toArray();
                Tensor count = largest.sum(axes).reshape(kept);
                sink.send(x, back.mul(largest).div(count));
            }
        }
    }

    private static Tensor unbroadcast(Tensor g, Shape shape) {
        int[] axes = IntStream.range(0, shape.rank())
                .filter(axis -> shape.extent(axis) != g.shape().extent(axis))
                .toArray();
        return axes.length == 0 ? g : g.sum(axes).reshape(shape);
    }

    private static int[] inverse(List<Integer> permutation) {
        List<Integer> inverse = new ArrayList<>(permutation);
        for (int i = 0; i < permutation.size(); i++) {
            inverse.set(permutation.get(i), i);
        }
        return inverse.stream().mapToInt(Integer::intValue).toArray();
    }
}
