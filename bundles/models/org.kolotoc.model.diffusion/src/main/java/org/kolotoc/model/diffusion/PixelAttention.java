package org.kolotoc.model.diffusion;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.nn.GroupNorm;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.Linear;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Attention of each pixel of a picture to all others, added to what is there (Ho et al., arXiv:2006.11239, appendix B); heads are
 * neighbouring channels.
 */
record PixelAttention(int channels, int heads, int groups) implements Layer {
    private GroupNorm norm() {
        return new GroupNorm(groups, channels);
    }

    private Linear all() {
        return new Linear(channels, 3 * channels, true, new Initializer.Normal(1 / Math.sqrt(channels)));
    }

    /** In the beginning what it adds is little. */
    private Linear out() {
        return new Linear(channels, channels, true, new Initializer.Normal(0.5 / Math.sqrt(channels)));
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(norm().in("norm"), all().in("qkv"), out().in("out"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    /** {@code [batch, channels, height, width]} to the same shape. */
    Tensor apply(Weights weights, Tensor x) {
        Shape shape = x.shape();
        int batch = shape.extent(0);
        int pixels = shape.extent(2) * shape.extent(3);
        Tensor rows = norm().apply(weights.in("norm"), x).reshape(batch, channels, pixels);
        Tensor parts = all().apply(weights.in("qkv"), rows.matrixTranspose());
        Tensor seen = Functions.attention(
                        part(parts, 0), part(parts, 1), part(parts, 2), 1 / Math.sqrt(channels / (double) heads), false)
                .transpose(0, 2, 1, 3)
                .reshape(batch, pixels, channels);
        return x.add(out().apply(weights.in("out"), seen).matrixTranspose().reshape(shape));
    }

    /** Queries, keys or values of each head, {@code [batch, heads, pixels, channels / heads]}. */
    private Tensor part(Tensor parts, int number) {
        Shape shape = parts.shape();
        return parts.slice(2, number * channels, (number + 1) * channels)
                .reshape(shape.extent(0), shape.extent(1), heads, channels / heads)
                .transpose(0, 2, 1, 3);
    }
}
