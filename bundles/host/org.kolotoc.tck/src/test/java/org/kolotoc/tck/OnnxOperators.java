package org.kolotoc.tck;

import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.tck.OnnxCall.NotCovered;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** ONNX operators as the specification defines them, written with primitives and functions. */
final class OnnxOperators {
    private OnnxOperators() {}

    static List<Tensor> apply(OnnxCall c) {
        return switch (c.op()) {
            case "Split" -> OnnxMoves.split(c);
            case "Adam", "Adagrad", "Momentum" -> throw new NotCovered("another form of the optimiser than ours");
            case "Dropout" ->
                c.outputs() == 1 ? List.of(c.x(0)) : notCovered("training mode has its own random numbers");
            default -> {
                if (c.outputs() != 1
                        && !List.of("LayerNormalization", "SoftmaxCrossEntropyLoss")
                                .contains(c.op())) {
                    throw new NotCovered(c.outputs() + " outputs");
                }
                yield List.of(one(c));
            }
        };
    }

    private static List<Tensor> notCovered(String reason) {
        throw new NotCovered(reason);
    }

    private static Tensor one(OnnxCall c) {
        return switch (c.op()) {
            case "Tanh" -> c.x(0).tanh();
            case "Erf" -> c.x(0).erf();
            case "Relu" -> Functions.relu(c.x(0));
            case "Sigmoid" -> Functions.sigmoid(c.x(0));
            case "Softplus" -> Functions.softplus(c.x(0));
            case "Softsign" -> c.x(0).div(c.x(0).abs().add(1));
            case "Swish" -> c.x(0).mul(Functions.sigmoid(c.x(0).mul(c.number("alpha", 1))));
            case "Gelu" ->
                c.text("approximate", "none").equals("tanh") ? Functions.gelu(c.x(0)) : Functions.geluExact(c.x(0));
            case "Elu" -> piecewise(c.x(0), c.x(0).exp().sub(1).mul(c.number("alpha", 1)));
            case "Selu" ->
                piecewise(c.x(0), c.x(0).exp().sub(1).mul(c.number("alpha", 1.6732632423543772)))
                        .mul(c.number("gamma", 1.0507009873554805));
            case "LeakyRelu" -> piecewise(c.x(0), c.x(0).mul(c.number("alpha", 0.01)));
            case "PRelu" -> piecewise(c.x(0), c.x(0).mul(c.x(1)));
            case "ThresholdedRelu" ->
                c.x(0).gt(c.x(0).constant(c.number("alpha", 1))).select(c.x(0), c.x(0).constant(0));
            case "HardSigmoid" ->
                c.x(0).mul(c.number("alpha", 0.2))
                        .add(c.number("beta", 0.5))
                        .maximum(0)
                        .minimum(1);
            case "HardSwish" ->
                c.x(0).mul(c.x(0).mul(1 / 6.0).add(0.5).maximum(0).minimum(1));
            case "Clip" -> clip(c);
            case "Where" -> c.x(0).select(c.x(1), c.x(2));
            case "Softmax" -> OnnxMoves.onLast(c.x(0), c.integer("axis", -1), Functions::softmax);
            case "LogSoftmax" -> OnnxMoves.onLast(c.x(0), c.integer("axis", -1), Functions::logSoftmax);
            case "ReduceSum", "ReduceMax", "ReduceMean", "ReduceL2", "ReduceSumSquare", "ReduceLogSumExp" -> reduce(c);
            case "Transpose" ->
                c.x(0).transpose(
                                c.integers("perm") != null
                                        ? c.integers("perm")
                                        : reversed(c.x(0).shape().rank()));
            case "Concat" ->
                Tensor.concat(
                        c.integer("axis", 0),
                        IntStream.range(0, c.inputs()).mapToObj(c::x).toList());
            case "Slice" -> OnnxMoves.slice(c);
            case "Pad" -> OnnxMoves.pad(c);
            case "Gather" -> OnnxMoves.gather(c);
            case "Expand" -> OnnxMoves.expand(c);
            case "Tile" -> OnnxMoves.tile(c);
            case "MatMul" -> matmul(c);
            case "Gemm" -> gemm(c);
            case "LayerNormalization" -> layerNormalization(c);
            case "RMSNormalization" -> rmsNormalization(c);
            case "MeanVarianceNormalization" -> normalised(c.x(0), 1e-9, 0, 2, 3);
            case "InstanceNormalization" ->
                perChannel(
                        c,
                        normalised(
                                c.x(0),
                                c.number("epsilon", 1e-5),
                                IntStream.range(2, c.x(0).shape().rank()).toArray()));
            case "BatchNormalization" -> batchNormalization(c);
            case "GlobalAveragePool" ->
                keeping(c.x(0), IntStream.range(2, c.x(0).shape().rank()).toArray());
            case "OneHot" -> OnnxMoves.oneHot(c);
            case "Trilu" -> OnnxMoves.trilu(c);
            case "CumSum" -> OnnxMoves.cumulative(c);
            case "SoftmaxCrossEntropyLoss" -> loss(c, Functions.logSoftmax(classesLast(c.x(0))));
            case "NegativeLogLikelihoodLoss" -> loss(c, classesLast(c.x(0)));
            case "Attention" -> attention(c);
            case "ScatterND" -> OnnxMoves.scatter(c);
            case "Conv", "ConvTranspose", "MaxPool", "AveragePool", "LpPool" ->
                throw new NotCovered("convolution and pooling come with their models");
            case "RNN", "GRU", "LSTM" -> throw new NotCovered("recurrent cells come with their models");
            case "DFT", "STFT", "MelWeightMatrix", "HannWindow", "HammingWindow", "BlackmanWindow" ->
                throw new NotCovered("signal transforms come with their models");
            default -> throw new NotCovered("no primitive or function for it yet");
        };
    }

    private static Tensor piecewise(Tensor x, Tensor negative) {
        return x.lt(x.constant(0)).select(negative, x);
    }

    private static Tensor clip(OnnxCall c) {
        Tensor clipped = c.x(0);
        for (int i = 1; i < c.inputs(); i++) {
            boolean low = c.json(i).get("name").getAsString().equals("min");
            clipped = low ? clipped.maximum(c.x(i)) : clipped.minimum(c.x(i));
        }
        return clipped;
    }

    private static int[] reversed(int rank) {
        return IntStream.range(0, rank).map(i -> rank - 1 - i).toArray();
    }

    private static Tensor keeping(Tensor x, int... axes) {
        Shape kept = x.shape();
        for (int axis : axes) {
            kept = kept.with(axis, 1);
        }
        return Functions.mean(x, axes).reshape(kept);
    }

    private static Tensor reduce(OnnxCall c) {
        c.only("keepdims", "axes", "noop_with_empty_axes");
        Tensor x = c.x(0);
        int[] axes = c.integers("axes") != null ? c.integers("axes") : c.has(1) ? c.constant(1) : new int[0];
        boolean empty = axes.length == 0;
        if (empty && c.integer("noop_with_empty_axes", 0) == 1) {
            return switch (c.op()) {
                case "ReduceSumSquare" -> x.mul(x);
                case "ReduceL2" -> x.abs();
                default -> x;
            };
        }
        int[] chosen = empty ? IntStream.range(0, x.shape().rank()).toArray() : axes;
        if (x.dtype() == DType.BOOL) {
            throw new NotCovered("type bool");
        }
        Tensor reduced = switch (c.op()) {
            case "ReduceSum" -> x.sum(chosen);
            case "ReduceMax" -> x.max(chosen);
            case "ReduceMean" -> Functions.mean(x, chosen);
            case "ReduceL2" -> x.mul(x).sum(chosen).sqrt();
            case "ReduceSumSquare" -> x.mul(x).sum(chosen);
            default -> x.exp().sum(chosen).log();
        };
        return reduced.reshape(Shape.of(c.outputShape()));
    }

    private static Tensor matmul(OnnxCall c) {
        if (c.isInt(0)) {
            throw new NotCovered("type int");
        }
        Tensor a = c.x(0);
        Tensor b = c.x(1);
        Tensor left = a.shape().rank() == 1 ? a.reshape(1, a.shape().extent(0)) : a;
        Tensor right = b.shape().rank() == 1 ? b.reshape(b.shape().extent(0), 1) : b;
        return left.matmul(right).reshape(Shape.of(c.outputShape()));
    }

    private static Tensor gemm(OnnxCall c) {
        Tensor a = c.integer("transA", 0) == 1 ? c.x(0).transpose(1, 0) : c.x(0);
        Tensor b = c.integer("transB", 0) == 1 ? c.x(1).transpose(1, 0) : c.x(1);
        Tensor product = a.matmul(b).mul(c.number("alpha", 1));
        return c.has(2) ? product.add(c.x(2).mul(c.number("beta", 1))) : product;
    }

    private static Tensor normalised(Tensor x, double epsilon, int... axes) {
        Tensor centred = x.sub(keeping(x, axes));
        return centred.mul(keeping(centred.mul(centred), axes).add(epsilon).rsqrt());
    }

    private static Tensor layerNormalization(OnnxCall c) {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", -1));
        int rows = IntStream.range(0, axis).map(x.shape()::extent).reduce(1, (p, q) -> p * q);
        int width = x.shape().size() / rows;
        Tensor shift = c.has(2) ? c.x(2).reshape(width) : x.constant(0).broadcast(Shape.of(width));
        return Functions.layerNorm(x.reshape(rows, width), c.x(1).reshape(width), shift, c.number("epsilon", 1e-5))
                .reshape(x.shape());
    }

    private static Tensor rmsNormalization(OnnxCall c) {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", -1));
        int rows = IntStream.range(0, axis).map(x.shape()::extent).reduce(1, (p, q) -> p * q);
        int width = x.shape().size() / rows;
        return Functions.rmsNorm(x.reshape(rows, width), c.x(1).reshape(width), c.number("epsilon", 1e-5))
                .reshape(x.shape());
    }

    private static Tensor channels(Tensor perChannel, Tensor x) {
        int[] extents = IntStream.generate(() -> 1).limit(x.shape().rank()).toArray();
        extents[1] = x.shape().extent(1);
        return perChannel.reshape(Shape.of(extents));
    }

    private static Tensor perChannel(OnnxCall c, Tensor x) {
        return x.mul(channels(c.x(1), x)).add(channels(c.x(2), x));
    }

    private static Tensor batchNormalization(OnnxCall c) {
        if (c.integer("training_mode", 0) == 1) {
            throw new NotCovered("training mode");
        }
        Tensor x = c.x(0);
        Tensor centred = x.sub(channels(c.x(3), x));
        return perChannel(
                c,
                centred.mul(channels(c.x(4), x).add(c.number("epsilon", 1e-5)).rsqrt()));
    }

    private static Tensor classesLast(Tensor x) {
        int[] order = IntStream.range(0, x.shape().rank()).toArray();
        for (int i = 1; i < order.length - 1; i++) {
            order[i] = i + 1;
        }
        order[order.length - 1] = 1;
        return x.transpose(order);
    }

    private static Tensor loss(OnnxCall c, Tensor logShares) {
        if (c.outputs() != 1) {
            throw new NotCovered("second output");
        }
        int classes = logShares.shape().extent(-1);
        Tensor targets = c.x(1);
        Tensor hot = Functions.oneHot(targets, classes);
        Tensor loss = hot.mul(logShares).sum(-1).neg();
        Tensor weight = c.has(2) ? hot.mul(c.x(2)).sum(-1) : hot.sum(-1);
        if (c.vector.getAsJsonObject("attributes").has("ignore_index")) {
            Tensor ignored = targets.eq(targets.constant(c.integer("ignore_index", 0)));
            weight = ignored.select(weight.constant(0), weight);
        }
        Tensor weighted = weight.eq(weight.constant(0)).select(loss.constant(0), loss.mul(weight));
        return switch (c.text("reduction", "mean")) {
            case "none" -> weighted;
            case "sum" -> weighted.sum();
            default -> weighted.sum().div(weight.sum());
        };
    }

    private static Tensor attention(OnnxCall c) {
        c.only("scale", "is_causal");
        if (c.inputs() > 4 || c.x(0).shape().rank() != 4) {
            throw new NotCovered("caches, packed heads");
        }
        Tensor q = c.x(0);
        Tensor k = c.x(1);
        Tensor v = c.x(2);
        if (q.shape().extent(1) != k.shape().extent(1)) {
            throw new NotCovered("grouped heads");
        }
        double scale = c.number("scale", 1 / Math.sqrt(q.shape().extent(-1)));
        Tensor scores = q.matmul(k.matrixTranspose()).mul(scale);
        if (c.integer("is_causal", 0) == 1) {
            Tensor mask = Functions.causalMask(
                    c.trace, scores.shape().extent(-2), scores.shape().extent(-1));
            scores = mask.select(scores, scores.constant(-1e30));
        }
        if (c.has(3)) {
            if (!c.json(3).get("name").getAsString().equals("attn_mask")) {
                throw new NotCovered("input " + c.json(3).get("name").getAsString());
            }
            Tensor mask = c.x(3);
            if (mask.dtype() == DType.BOOL && c.vector.get("name").getAsString().contains("nan_robustness")) {
                throw new NotCovered("rows without any key");
            }
            scores = mask.dtype() == DType.BOOL ? mask.select(scores, scores.constant(-1e30)) : scores.add(mask);
        }
        return Functions.softmax(scores).matmul(v);
    }
}
