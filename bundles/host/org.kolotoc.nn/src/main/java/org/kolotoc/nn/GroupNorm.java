package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Group normalisation (Wu and He, arXiv:1803.08494): mean 0 and variance 1 over the pixels of as many neighbouring channels of an
 * image as make a group, then {@code weight [channels]} times plus {@code bias [channels]}. With a group for each channel it is
 * instance normalisation (Ulyanov, Vedaldi and Lempitsky, arXiv:1607.08022), see {@link #instance}.
 */
public record GroupNorm(int groups, int channels, double epsilon) implements Layer {
    private static final double EPSILON = 1e-5;

    /**
     * Checks the sizes.
     *
     * @throws IllegalArgumentException when the groups don't divide the channels
     */
    public GroupNorm {
        if (groups < 1 || channels < 1 || channels % groups != 0) {
            throw new IllegalArgumentException(
                    channels + " channels in " + groups + " groups; expected a number of groups that divides them");
        }
    }

    public GroupNorm(int groups, int channels) {
        this(groups, channels, EPSILON);
    }

    /** Each channel of each image by itself. */
    public static GroupNorm instance(int channels) {
        return new GroupNorm(channels, channels);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.of("weight", Initializer.ONES, channels), Parameter.of("bias", Initializer.ZEROS, channels));
    }

    /**
     * {@code [batch, channels, ...]} to the same shape. What is summed over pixels is summed channel by channel, about the channel's own
     * mean, and put together by groups afterwards (Chan, Golub and LeVeque, 1983, equation 1.5): so each pixel is read once for
     * both moments, while it is near.
     */
    public Tensor apply(Weights weights, Tensor x) {
        int batch = x.shape().extent(0);
        Tensor pixels = x.reshape(batch, channels, -1);
        Tensor means = Functions.meanKeepDims(pixels, -1);
        Tensor variances = Functions.varianceKeepDims(pixels, -1);
        Tensor mean = grouped(means);
        Tensor apart = means.sub(mean);
        Tensor scale =
                grouped(variances.add(apart.mul(apart))).add(epsilon).rsqrt().mul(column(weights.get("weight")));
        return pixels.sub(mean).mul(scale).add(column(weights.get("bias"))).reshape(x.shape());
    }

    /** The mean over the channels of a group, for each of them: {@code [batch, channels, 1]} to the same shape. */
    private Tensor grouped(Tensor values) {
        Tensor each = values.reshape(-1, groups, channels / groups);
        return Functions.meanKeepDims(each, -1).broadcast(each.shape()).reshape(values.shape());
    }

    private Tensor column(Tensor values) {
        return values.reshape(channels, 1);
    }
}
