package org.kolotoc.nn;

import java.util.Arrays;
import java.util.List;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
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

    /** {@code [batch, channels, ...]} to the same shape. */
    public Tensor apply(Weights weights, Tensor x) {
        Tensor grouped = x.reshape(x.shape().extent(0), groups, -1);
        Tensor centred = grouped.sub(Functions.meanKeepDims(grouped, -1));
        Tensor even = centred.mul(
                Functions.meanKeepDims(centred.mul(centred), -1).add(epsilon).rsqrt());
        int[] column = new int[x.shape().rank()];
        Arrays.fill(column, 1);
        column[1] = channels;
        return even.reshape(x.shape())
                .mul(weights.get("weight").reshape(Shape.of(column)))
                .add(weights.get("bias").reshape(Shape.of(column)));
    }
}
