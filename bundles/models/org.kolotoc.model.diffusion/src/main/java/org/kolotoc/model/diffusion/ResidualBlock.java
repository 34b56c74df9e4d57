package org.kolotoc.model.diffusion;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.nn.Conv2d;
import org.kolotoc.nn.GroupNorm;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Two convolutions that add to what is there, told of the step and the class in between (Ho et al., arXiv:2006.11239, appendix B;
 * residual as in He et al., arXiv:1603.05027):
 *
 * <pre>
 * y = conv1(silu(norm1(x))) + time(e)
 * y = conv2(silu(norm2(y))) + skip(x)       skip of one pixel, where the channels change
 * </pre>
 *
 * @param told width of {@code e}
 */
record ResidualBlock(int in, int out, int told, int groups) implements Layer {
    private Conv2d first() {
        return Conv2d.of(in, out, 3, 1, new Initializer.Normal(1 / Math.sqrt(9.0 * in)));
    }

    /** In the beginning what it adds is little. */
    private Conv2d second() {
        return Conv2d.of(out, out, 3, 1, new Initializer.Normal(0.5 / Math.sqrt(9.0 * out)));
    }

    private Conv2d skip() {
        return Conv2d.of(in, out, 1, 1, new Initializer.Normal(1 / Math.sqrt(in)));
    }

    private Linear time() {
        return new Linear(told, out, true, new Initializer.Normal(1 / Math.sqrt(told)));
    }

    private GroupNorm norm(int channels) {
        return new GroupNorm(groups, channels);
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(
                        norm(in).in("norm1"),
                        first().in("conv1"),
                        time().in("time"),
                        norm(out).in("norm2"),
                        second().in("conv2"),
                        in == out ? Stream.<Parameter>empty() : skip().in("skip"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    /**
     * {@code [batch, in, height, width]} to {@code [batch, out, height, width]}.
     *
     * @param e {@code [batch, told]}
     */
    Tensor apply(Weights weights, Tensor x, Tensor e) {
        Tensor y = first().apply(weights.in("conv1"), Functions.silu(norm(in).apply(weights.in("norm1"), x)));
        y = y.add(time().apply(weights.in("time"), e).reshape(-1, out, 1, 1));
        y = second().apply(weights.in("conv2"), Functions.silu(norm(out).apply(weights.in("norm2"), y)));
        return y.add(in == out ? x : skip().apply(weights.in("skip"), x));
    }
}
