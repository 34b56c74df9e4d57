package org.kolotoc.tck.onnx;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Operators that bring mean and variance to 0 and 1. Epsilon is 1e-5 where the vector names none. */
final class Normalizations {
    private static final double EPSILON = 1e-5;

    static final Map<String, Operator> ROWS = Map.of(
            "LayerNormalization", Normalizations::layer,
            "RMSNormalization", Operator.of(Normalizations::rootMeanSquare),
            "MeanVarianceNormalization", Operator.of(Normalizations::meanVariance),
            "InstanceNormalization", Operator.of(Normalizations::instance),
            "GroupNormalization", Operator.of(Normalizations::group),
            "BatchNormalization", Normalizations::batch,
            "LRN", Operator.of(Normalizations::acrossChannels));

    private Normalizations() {}

    /** What is normalised lies in the last axis: {@code [rows, width]}. */
    private static Tensor rows(Tensor x, int axis) {
        int rows =
                IntStream.range(0, x.shape().axis(axis)).map(x.shape()::extent).reduce(1, (p, q) -> p * q);
        return x.reshape(rows, x.shape().size() / rows);
    }

    private static Tensor flat(Tensor x) {
        return x.reshape(x.shape().size());
    }

    private static List<Tensor> layer(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int axis = x.shape().axis(c.integer("axis", -1));
        double epsilon = c.number("epsilon", EPSILON);
        c.mayName("stash_type");
        Tensor rows = rows(x, axis);
        Tensor bias = c.has(2)
                ? flat(c.x(2))
                : x.constant(0).broadcast(Shape.of(rows.shape().extent(1)));
        Tensor normal = Functions.layerNorm(rows, flat(c.x(1)), bias, epsilon).reshape(x.shape());
        Shape kept = x.shape();
        for (int i = axis; i < kept.rank(); i++) {
            kept = kept.with(i, 1);
        }
        Tensor mean = Functions.meanKeepDims(rows, -1).reshape(kept);
        Tensor deviation =
                Functions.varianceKeepDims(rows, -1).add(epsilon).rsqrt().reshape(kept);
        return List.of(normal, mean, deviation);
    }

    private static Tensor rootMeanSquare(Call c) throws NotCovered {
        Tensor x = c.x(0);
        Tensor rows = rows(x, c.integer("axis", -1));
        c.mayName("stash_type");
        return Functions.rmsNorm(rows, flat(c.x(1)), c.number("epsilon", EPSILON))
                .reshape(x.shape());
    }

    private static Tensor normalised(Tensor x, double epsilon, int... axes) {
        Tensor centred = x.sub(Reductions.mean(x, axes));
        return centred.mul(
                Reductions.mean(centred.mul(centred), axes).add(epsilon).rsqrt());
    }

    private static Tensor meanVariance(Call c) throws NotCovered {
        return normalised(c.x(0), 1e-9, c.integers("axes", 0, 2, 3));
    }

    private static int[] spatial(Tensor x) {
        return IntStream.range(2, x.shape().rank()).toArray();
    }

    private static Tensor instance(Call c) throws NotCovered {
        Tensor x = c.x(0);
        return scaled(normalised(x, c.number("epsilon", EPSILON), spatial(x)), c.x(1), c.x(2));
    }

    private static Tensor group(Call c) throws NotCovered {
        Tensor x = c.x(0);
        Shape shape = x.shape();
        int groups = c.integer("num_groups", 1);
        if (c.x(1).shape().size() != shape.extent(1)) {
            throw new NotCovered("a scale for each group");
        }
        Tensor grouped = x.reshape(shape.extent(0), groups, shape.size() / shape.extent(0) / groups);
        Tensor normal = normalised(grouped, c.number("epsilon", EPSILON), 2).reshape(shape);
        return scaled(normal, c.x(1), c.x(2));
    }

    private static List<Tensor> batch(Call c) throws NotCovered {
        Tensor x = c.x(0);
        double epsilon = c.number("epsilon", EPSILON);
        double momentum = c.number("momentum", 0.9);
        if (!c.flag("training_mode")) {
            Tensor centred = x.sub(channels(c.x(3), x));
            Tensor deviation = channels(c.x(4), x).add(epsilon).rsqrt();
            return List.of(scaled(centred.mul(deviation), c.x(1), c.x(2)));
        }
        int[] axes = IntStream.range(0, x.shape().rank()).filter(a -> a != 1).toArray();
        Tensor mean = Reductions.mean(x, axes);
        Tensor centred = x.sub(mean);
        Tensor variance = Reductions.mean(centred.mul(centred), axes);
        return List.of(
                scaled(centred.mul(variance.add(epsilon).rsqrt()), c.x(1), c.x(2)),
                c.x(3).mul(momentum).add(flat(mean).mul(1 - momentum)),
                c.x(4).mul(momentum).add(flat(variance).mul(1 - momentum)));
    }

    /** Local response normalisation: by the sum of squares of {@code size} channels around each. */
    private static Tensor acrossChannels(Call c) throws NotCovered {
        Tensor x = c.x(0);
        int size = c.integer("size", 1);
        int channels = x.shape().extent(1);
        Tensor padded = x.mul(x).pad(1, (size - 1) / 2, size / 2, 0);
        Tensor sum = IntStream.range(0, size)
                .mapToObj(i -> padded.slice(1, i, i + channels))
                .reduce(Tensor::add)
                .orElseThrow();
        double alpha = c.number("alpha", 1e-4);
        double beta = c.number("beta", 0.75);
        return x.div(sum.mul(alpha / size).add(c.number("bias", 1)).pow(beta));
    }

    private static Tensor channels(Tensor perChannel, Tensor x) {
        int[] extents = IntStream.generate(() -> 1).limit(x.shape().rank()).toArray();
        extents[1] = x.shape().extent(1);
        return perChannel.reshape(Shape.of(extents));
    }

    private static Tensor scaled(Tensor x, Tensor scale, Tensor bias) {
        return x.mul(channels(scale, x)).add(channels(bias, x));
    }
}
