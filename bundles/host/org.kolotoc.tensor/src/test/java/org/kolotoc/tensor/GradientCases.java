package org.kolotoc.tensor;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** Functions of one tensor by name, with every operation among them, at points where they are smooth. */
final class GradientCases {
    /** A function of one tensor, at points where it is smooth. */
    record Case(Shape shape, double offset, double scale, UnaryOperator<Tensor> function) {
        Case(UnaryOperator<Tensor> function) {
            this(Shape.of(2, 3), 0, 1, function);
        }
    }

    static Tensor other(Tensor x) {
        // Another tensor of the same shape that does not depend on x.
        return x.tracer()
                .iota(x.shape(), x.shape().rank() - 1)
                .cast(DType.F32)
                .mul(0.37)
                .add(0.81);
    }

    /** Queries, keys and values that all depend on {@code x}, four keys to three queries. */
    private static Tensor attention(Tensor x, boolean causal) {
        return attention(x, causal ? AttentionMask.CAUSAL : AttentionMask.NONE);
    }

    private static Tensor attention(Tensor x, AttentionMask mask) {
        Tensor keys = Tensor.concat(1, List.of(x.sin(), x.slice(1, 0, 1).mul(0.7)));
        Tensor values = Tensor.concat(-1, List.of(keys.mul(keys), keys.slice(2, 0, 1)));
        return Functions.attention(x, keys, values, 0.8, mask);
    }

    /** Images and weights that both depend on {@code x}, in two groups, with everything a window may have. */
    private static Tensor convolution(Tensor x) {
        Tensor weights = x.slice(2, 1, 3).slice(3, 0, 3).sin().reshape(2, 2, 2, 3);
        Window2d window = new Window2d(
                new Window2d.Axis(2, 1, 0, 1),
                Window2d.of(1).padded(1, 1, 1, 2).dilated(2).horizontal());
        return Convolutions.conv2d(x, weights, window, 2);
    }

    private GradientCases() {}

    static Map<String, Case> all() {
        Map<String, Case> cases = new LinkedHashMap<>();
        Case positive = new Case(Shape.of(2, 3), 2, 0.3, x -> x);
        for (Op.UnaryKind kind : Op.UnaryKind.values()) {
            switch (kind) {
                case NEG -> cases.put("neg", new Case(Tensor::neg));
                case ABS ->
                    cases.put(
                            "abs",
                            new Case(Shape.of(2, 3), 2, 0.3, x -> x.sub(4).abs()));
                case SIGN ->
                    cases.put(
                            "sign",
                            new Case(Shape.of(2, 3), 2, 0.3, x -> x.sign().mul(x)));
                case EXP -> cases.put("exp", new Case(Tensor::exp));
                case LOG -> cases.put("log", new Case(positive.shape(), 2, 0.3, Tensor::log));
                case SQRT -> cases.put("sqrt", new Case(positive.shape(), 2, 0.3, Tensor::sqrt));
                case RSQRT -> cases.put("rsqrt", new Case(positive.shape(), 2, 0.3, Tensor::rsqrt));
                case TANH -> cases.put("tanh", new Case(Tensor::tanh));
                case ERF -> cases.put("erf", new Case(Tensor::erf));
                case SIN -> cases.put("sin", new Case(Tensor::sin));
                case COS -> cases.put("cos", new Case(Tensor::cos));
                case FLOOR ->
                    cases.put(
                            "floor",
                            new Case(Shape.of(2, 3), 0.5, 0.1, x -> x.floor().add(x)));
                case NOT ->
                    cases.put(
                            "not",
                            new Case(x -> other(x).lt(x.constant(1)).not().select(x, x.mul(2))));
            }
        }
        for (Op.BinaryKind kind : Op.BinaryKind.values()) {
            switch (kind) {
                case ADD -> cases.put("add", new Case(x -> x.add(other(x)).mul(x)));
                case SUB -> cases.put("sub", new Case(x -> other(x).sub(x).mul(x)));
                case MUL -> cases.put("mul", new Case(x -> x.mul(x).mul(other(x))));
                case DIV ->
                    cases.put(
                            "div",
                            new Case(
                                    positive.shape(),
                                    2,
                                    0.3,
                                    x -> other(x).div(x).div(x.exp())));
                case MAXIMUM ->
                    cases.put("max", new Case(x -> x.maximum(other(x).sub(0.9)).mul(x)));
                case MINIMUM ->
                    cases.put("min", new Case(x -> x.minimum(other(x).sub(0.9)).mul(x)));
                case POW ->
                    cases.put(
                            "pow",
                            new Case(
                                    positive.shape(),
                                    2,
                                    0.3,
                                    x -> x.pow(other(x)).add(other(x).pow(x))));
                case AND ->
                    cases.put(
                            "and",
                            new Case(x -> other(x).lt(x.constant(1))
                                    .and(other(x).gt(x.constant(0)))
                                    .select(x.exp(), x)));
                case OR ->
                    cases.put(
                            "or",
                            new Case(x -> other(x).lt(x.constant(1))
                                    .or(other(x).gt(x.constant(9)))
                                    .select(x.exp(), x)));
            }
        }
        for (Op.CompareKind kind : Op.CompareKind.values()) {
            cases.put(
                    "compare " + kind,
                    new Case(x -> x.tracer()
                            .append(new Op.Compare(kind), List.of(other(x), other(x).mul(1.0)))
                            .select(x.exp(), x.sin())));
        }
        cases.put("reduce sum", new Case(x -> x.sum(0).mul(x.sum(0))));
        cases.put("reduce max", new Case(x -> x.max(1).exp()));
        cases.put("select", new Case(x -> other(x).lt(x.constant(1)).select(x.exp(), x.sin())));
        cases.put("cast", new Case(x -> x.mul(other(x).cast(DType.I32).cast(DType.F32))));
        cases.put(
                "broadcast",
                new Case(
                        Shape.of(2, 1),
                        0,
                        1,
                        x -> x.broadcast(Shape.of(3, 2, 4)).exp()));
        cases.put("reshape", new Case(x -> x.reshape(3, 2).exp()));
        cases.put("transpose", new Case(x -> x.transpose(1, 0).matmul(x)));
        cases.put("slice", new Case(x -> x.slice(1, 1, 3).exp()));
        cases.put("pad", new Case(x -> x.pad(1, 2, 1, 0.5).exp()));
        cases.put(
                "concat",
                new Case(x -> Tensor.concat(1, List.of(x.exp(), x, x.sin())).mul(3)));
        cases.put(
                "three slices of one tensor",
                new Case(x -> Tensor.concat(
                        1, List.of(x.slice(1, 2, 3), x.slice(1, 0, 1).exp(), x.slice(1, 1, 2)))));
        cases.put(
                "dynamic slice",
                new Case(x ->
                        x.dynamicSlice(1, x.tracer().constant(1, DType.I32), 2).exp()));
        cases.put(
                "dynamic update",
                new Case(x -> x.exp()
                        .dynamicUpdate(1, x.slice(1, 0, 1).sin(), x.tracer().constant(1, DType.I32))));
        cases.put(
                "dynamic slice of each row",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.dynamicSlice(1, starts(x), 2)
                                .exp()
                                .matmul(x.slice(1, 0, 2).matrixTranspose())));
        cases.put(
                "dynamic update of each row",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.exp().dynamicUpdate(1, x.slice(1, 0, 2).sin(), starts(x))));
        cases.put("gather", new Case(x -> x.gather(indices(x)).exp()));
        cases.put(
                "scatter add",
                new Case(Shape.of(4, 2), 0, 1, x -> x.scatterAdd(indices(x), 3).exp()));
        cases.put(
                "gather along",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.gatherAlong(1, picked(x, 5)).exp()));
        cases.put(
                "scatter add along",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.scatterAddAlong(0, picked(x, 4), 2).exp()));
        cases.put("cumulative sum", new Case(x -> x.cumulativeSum(1).exp()));
        cases.put(
                "cumulative sum reversed",
                new Case(Shape.of(4, 2), 0, 1, x -> x.cumulativeSum(0, true).exp()));
        cases.put(
                "sorted",
                new Case(
                        Shape.of(2, 5),
                        0,
                        1,
                        x -> Functions.sort(x, true).values().exp()));
        cases.put(
                "top",
                new Case(
                        Shape.of(2, 5), 0, 1, x -> Functions.topK(x, 2).values().exp()));
        cases.put("log sum exp", new Case(x -> Functions.logSumExp(x.mul(3), 0).mul(x.exp())));
        cases.put("matmul", new Case(x -> x.matmul(x.matrixTranspose()).matmul(x)));
        cases.put("batched matmul", new Case(Shape.of(2, 3, 2), 0, 1, x -> x.matmul(x.matrixTranspose())));
        for (boolean causal : new boolean[] {false, true}) {
            String which = causal ? "causal attention" : "attention";
            cases.put(which, new Case(Shape.of(2, 3, 2), 0, 1, x -> attention(x, causal)));
            cases.put(which + " gradient", new Case(Shape.of(2, 3, 2), 0, 1, x -> {
                Tensor y = attention(x, causal);
                return Gradients.vjp(y, other(y).mul(y), List.of(x)).getFirst();
            }));
        }
        cases.put(
                "attention from starts within lengths",
                new Case(Shape.of(2, 3, 2), 0, 1, x -> attention(x, ragged(x))));
        cases.put("attention from starts within lengths gradient", new Case(Shape.of(2, 3, 2), 0, 1, x -> {
            Tensor y = attention(x, ragged(x));
            return Gradients.vjp(y, other(y).mul(y), List.of(x)).getFirst();
        }));
        Shape images = Shape.of(1, 4, 5, 4);
        cases.put("conv2d", new Case(images, 0, 1, GradientCases::convolution));
        cases.put("conv2d gradients", new Case(images, 0, 0.5, x -> {
            Tensor y = convolution(x);
            return Gradients.vjp(y, other(y).mul(y), List.of(x)).getFirst();
        }));
        cases.put(
                "transposed convolution",
                new Case(
                        Shape.of(2, 4, 2, 3),
                        0,
                        1,
                        x -> Convolutions.transposed(
                                x,
                                x.sin().reshape(4, 2, 2, 3),
                                Window2d.of(3).padded(1, 0, 2, 1).dilated(2),
                                2,
                                2,
                                1)));
        cases.put(
                "max pooling",
                new Case(
                        images,
                        0,
                        1,
                        x -> Pooling.max(x, 2, 3, Window2d.of(2).padded(1)).exp()));
        cases.put(
                "max pooling side by side",
                new Case(images, 0, 1, x -> Pooling.max(x, 2, 2, Window2d.of(2)).exp()));
        cases.put(
                "average pooling",
                new Case(
                        images,
                        0,
                        1,
                        x -> Pooling.average(x, 2, 3, Window2d.of(2).padded(1).dilated(2), false)
                                .exp()));
        cases.put(
                "average pooling side by side",
                new Case(
                        images,
                        0,
                        1,
                        x -> Pooling.average(x, 2, 2, Window2d.of(2), true).exp()));
        cases.put(
                "nearest", new Case(images, 0, 1, x -> Resizing.nearest(x, 7, 8).exp()));
        cases.put(
                "doubled and convolved",
                new Case(
                        Shape.of(2, 9, 3, 3),
                        0,
                        1,
                        x -> Convolutions.doubled(x, x.sin()).exp()));
        cases.put(
                "bilinear",
                new Case(images, 0, 1, x -> Resizing.bilinear(x, 7, 3, false).exp()));
        cases.put(
                "stop gradient",
                new Case(x -> x.stopGradient().sub(x.stopGradient()).add(x.exp())));
        cases.put("uniform", new Case(x -> x.mul(x.tracer().uniform(key(x), x.shape(), 3))));
        cases.put("normal", new Case(x -> x.mul(x.tracer().normal(key(x), x.shape(), 3))));
        cases.put("softmax", new Case(x -> Functions.softmax(x).mul(other(x))));
        cases.put("log softmax", new Case(x -> Functions.logSoftmax(x).mul(other(x))));
        cases.put("sigmoid", new Case(Functions::sigmoid));
        cases.put("gelu", new Case(Functions::gelu));
        cases.put("gelu exact", new Case(Functions::geluExact));
        cases.put("silu", new Case(Functions::silu));
        cases.put("softplus", new Case(Shape.of(2, 3), 3, 0.3, Functions::softplus));
        cases.put(
                "relu",
                new Case(Shape.of(2, 3), 3, 0.3, x -> Functions.relu(x.sub(2.7)).mul(x)));
        cases.put(
                "layer norm",
                new Case(x -> Functions.layerNorm(
                                x,
                                other(x).slice(0, 0, 1).reshape(3),
                                other(x).slice(0, 1, 2).reshape(3),
                                1e-3)
                        .mul(other(x))));
        cases.put(
                "rms norm",
                new Case(x -> Functions.rmsNorm(x, other(x).slice(0, 0, 1).reshape(3), 1e-3)
                        .mul(other(x))));
        cases.put(
                "cross entropy",
                new Case(x -> Functions.crossEntropy(x, x.tracer().iota(Shape.of(2), 0))));
        cases.put("barrier", new Case(x -> x.optimizationBarrier(x.exp()).tanh().optimizationBarrier(x)));
        cases.put("dropout", new Case(x -> Functions.dropout(x, 0.4, key(x)).exp()));
        cases.put("literal", new Case(Shape.of(2, 3), 0, 1, x -> {
            Tensor literal = x.tracer().constant(new float[] {1, -2, 0.5f, 3, 0, 7}, x.shape());
            return x.sin().mul(literal).add(literal);
        }));
        cases.putAll(ScanCases.all());
        return cases;
    }

    static Tensor key(Tensor x) {
        return x.tracer().iota(Shape.of(2), 0);
    }

    /** The first query of the first row sees nothing, the third of the second row three of four keys, not all four. */
    static AttentionMask ragged(Tensor x) {
        Tensor row = x.tracer().iota(Shape.of(2), 0);
        return AttentionMask.causalFrom(row.mul(2).sub(1)).within(row.add(2));
    }

    /** 2, 0, 1000: the third row is clamped to the end. */
    private static Tensor starts(Tensor x) {
        Tensor row = x.tracer().iota(Shape.of(x.shape().extent(0)), 0);
        return row.eq(row.constant(2))
                .select(row.constant(1000), row.eq(row.constant(0)).select(row.constant(2), row.constant(0)));
    }

    /** 0, 1, 2, 0, 1, ...: some twice. */
    private static Tensor picked(Tensor x, int count) {
        Tensor number = x.tracer().iota(Shape.of(3, count), 1).add(x.tracer().iota(Shape.of(3, count), 0));
        return number.lt(number.constant(3)).select(number, number.sub(3));
    }

    private static Tensor indices(Tensor x) {
        // 0, 1, 2, 3: row 2 and 3 are outside a tensor of two rows.
        return x.tracer().iota(Shape.of(4), 0);
    }
}
