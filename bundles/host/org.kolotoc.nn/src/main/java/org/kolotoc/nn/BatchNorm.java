package org.kolotoc.nn;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.ShapeError;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Batch normalisation (Ioffe and Szegedy, arXiv:1502.03167): mean 0 and variance 1 of each channel, of a batch in training, of
 * what was seen until then elsewhere; then {@code weight [channels]} times plus {@code bias [channels]}. Inputs are {@code
 * [batch, channels, ...]}.
 *
 * <p>What was seen are the {@link #statistics}, {@code running = (1 - momentum) running + momentum batch}. The variance enters
 * there divided by one number less than there are, as an estimate of that of all data.
 */
public record BatchNorm(int channels, double momentum, double epsilon) implements Layer {
    private static final String MEAN = "mean";
    private static final String VARIANCE = "variance";

    /** With the momentum and epsilon that are usual. */
    public BatchNorm(int channels) {
        this(channels, 0.1, 1e-5);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.of("weight", Initializer.ONES, channels), Parameter.of("bias", Initializer.ZEROS, channels));
    }

    /** {@code mean [channels]} and {@code variance [channels]}, kept beside the parameters. */
    public List<Parameter> statistics() {
        return List.of(
                Parameter.of(MEAN, Initializer.ZEROS, channels), Parameter.of(VARIANCE, Initializer.ONES, channels));
    }

    /** The statistics named {@code name.statistic}. */
    public Stream<Parameter> statisticsIn(String name) {
        return statistics().stream().map(statistic -> statistic.in(name));
    }

    /**
     * By the statistics of the batch.
     *
     * @param keep told each statistic by its name, and what it is after this batch
     * @throws ShapeError when a channel has one number, which has no variance
     */
    public Tensor training(Weights weights, Tensor x, BiConsumer<String, Tensor> keep) {
        int count = x.shape().size() / channels;
        if (count < 2) {
            throw new ShapeError("batch norm of " + x.shape() + ": each channel has " + count
                    + " number, which has no variance; expected 2 or more, by a larger batch");
        }
        int[] others =
                IntStream.range(0, x.shape().rank()).filter(axis -> axis != 1).toArray();
        Tensor mean = Functions.mean(x, others);
        Tensor centred = x.sub(perChannel(mean, x));
        Tensor variance = Functions.mean(centred.mul(centred), others);
        keep.accept(MEAN, moved(weights.get(MEAN), mean));
        keep.accept(VARIANCE, moved(weights.get(VARIANCE), variance.mul(count / (count - 1.0))));
        return scaled(weights, centred, variance);
    }

    private Tensor moved(Tensor running, Tensor batch) {
        return running.mul(1 - momentum).add(batch.mul(momentum));
    }

    /** By the statistics that were kept. */
    public Tensor evaluation(Weights weights, Tensor x) {
        return scaled(weights, x.sub(perChannel(weights.get(MEAN), x)), weights.get(VARIANCE));
    }

    private Tensor scaled(Weights weights, Tensor centred, Tensor variance) {
        Tensor scale = variance.add(epsilon).rsqrt().mul(weights.get("weight"));
        return centred.mul(perChannel(scale, centred)).add(perChannel(weights.get("bias"), centred));
    }

    /** {@code [channels]} to {@code [1, channels, 1, ...]}. */
    private Tensor perChannel(Tensor values, Tensor like) {
        int[] extents = IntStream.range(0, like.shape().rank())
                .map(axis -> axis == 1 ? channels : 1)
                .toArray();
        return values.reshape(Shape.of(extents));
    }
}
