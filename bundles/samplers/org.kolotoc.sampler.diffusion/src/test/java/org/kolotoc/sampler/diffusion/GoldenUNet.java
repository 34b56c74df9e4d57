package org.kolotoc.sampler.diffusion;

import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.nn.diffusion.TimeEmbedding;
import org.kolotoc.tck.GoldenFile;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * The denoiser of pictures that the recorded numbers are of, as their file describes it, with its weights; slow, of slices and
 * products. It shows that a denoiser of pictures is sampled like one of points.
 */
final class GoldenUNet {
    private static final int GROUPS = 2;
    private static final int HEADS = 2;
    private static final int CLASSES = 3;
    private static final double EPSILON = 1e-5;

    private GoldenUNet() {}

    static Model of(GoldenFile golden, NoiseSchedule schedule) {
        JsonObject shapes = golden.json().getAsJsonObject("training").getAsJsonObject("gradients");
        Map<String, float[]> values = GoldenFile.safetensors("diffusion", "model.safetensors");
        List<Parameter> parameters = new ArrayList<>();
        values.forEach((name, elements) -> parameters.add(
                Parameter.of(name, new Initializer.Values(elements), extents(GoldenFile.shape(shapes.get(name))))));
        int timeWidth =
                golden.json().getAsJsonObject("settings").get("time_width").getAsInt();
        return Model.of(
                Prediction.NOISE.denoiser(Layout.PICTURES, true),
                new Dimensions(Map.of("channel", 1, "height", 8, "width", 8, "class", CLASSES)),
                parameters,
                List.of(schedule.statistic()),
                (weights, inputs, _) -> Map.of("noise", forward(weights, inputs, timeWidth)));
    }

    private static int[] extents(Shape shape) {
        int[] extents = new int[shape.rank()];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = shape.extent(i);
        }
        return extents;
    }

    private static Tensor forward(Weights weights, Map<String, Tensor> inputs, int timeWidth) {
        Tensor time = new TimeEmbedding(timeWidth).apply(inputs.get("time"));
        time = linear(weights.in("time.1"), Functions.silu(linear(weights.in("time.0"), time)));
        time = Functions.silu(time.add(weights.get("label.weight").gather(inputs.get("label"))));
        Tensor down = block(weights.in("down"), convolved(weights.in("in"), inputs.get("noisy")), time);
        Tensor x = halved(convolved(weights.in("halve"), down));
        x = block(weights.in("mid1"), x, time);
        x = x.add(attention(weights.in("attention"), x));
        x = block(weights.in("mid2"), x, time);
        x = convolved(weights.in("double"), doubled(x));
        x = block(weights.in("up"), Tensor.concat(1, List.of(down, x)), time);
        return convolved(weights.in("out"), Functions.silu(normed(weights.in("out.norm"), x)));
    }

    private static Tensor block(Weights weights, Tensor x, Tensor time) {
        Tensor y = convolved(weights.in("conv1"), Functions.silu(normed(weights.in("norm1"), x)));
        Tensor added = linear(weights.in("time"), time);
        y = y.add(added.reshape(added.shape().extent(0), added.shape().extent(1), 1, 1));
        y = convolved(weights.in("conv2"), Functions.silu(normed(weights.in("norm2"), y)));
        boolean changes = !x.shape().equals(y.shape());
        return y.add(changes ? convolved(weights.in("skip"), x) : x);
    }

    private static Tensor linear(Weights weights, Tensor x) {
        return x.matmul(weights.get("weight").matrixTranspose()).add(weights.get("bias"));
    }

    /** Of kernels of one and of nine pixels, as products of slices. */
    private static Tensor convolved(Weights weights, Tensor x) {
        Tensor weight = weights.get("weight");
        int side = weight.shape().extent(2);
        int height = x.shape().extent(2);
        int width = x.shape().extent(3);
        Tensor padded = side == 1 ? x : x.pad(2, 1, 1, 0).pad(3, 1, 1, 0);
        List<Tensor> slices = new ArrayList<>();
        for (int row = 0; row < side; row++) {
            for (int column = 0; column < side; column++) {
                slices.add(padded.slice(2, row, row + height).slice(3, column, column + width));
            }
        }
        Tensor kernel = weight.transpose(2, 3, 1, 0).reshape(-1, weight.shape().extent(0));
        return Tensor.concat(1, slices)
                .transpose(0, 2, 3, 1)
                .matmul(kernel)
                .add(weights.get("bias"))
                .transpose(0, 3, 1, 2);
    }

    /** Every second row and column. */
    private static Tensor halved(Tensor x) {
        Shape s = x.shape();
        return x.reshape(s.extent(0), s.extent(1), s.extent(2) / 2, 2, s.extent(3) / 2, 2)
                .slice(3, 0, 1)
                .slice(5, 0, 1)
                .reshape(s.extent(0), s.extent(1), s.extent(2) / 2, s.extent(3) / 2);
    }

    private static Tensor doubled(Tensor x) {
        Shape s = x.shape();
        return x.reshape(s.extent(0), s.extent(1), s.extent(2), 1, s.extent(3), 1)
                .broadcast(Shape.of(s.extent(0), s.extent(1), s.extent(2), 2, s.extent(3), 2))
                .reshape(s.extent(0), s.extent(1), 2 * s.extent(2), 2 * s.extent(3));
    }

    private static Tensor normed(Weights weights, Tensor x) {
        Shape s = x.shape();
        Tensor groups = x.reshape(s.extent(0), GROUPS, -1);
        Tensor even = groups.sub(Functions.meanKeepDims(groups, 2))
                .mul(Functions.varianceKeepDims(groups, 2).add(EPSILON).rsqrt())
                .reshape(s);
        return even.mul(weights.get("weight").reshape(1, -1, 1, 1))
                .add(weights.get("bias").reshape(1, -1, 1, 1));
    }

    private static Tensor attention(Weights weights, Tensor x) {
        Shape s = x.shape();
        int channels = s.extent(1);
        int pixels = s.extent(2) * s.extent(3);
        Tensor rows = normed(weights.in("norm"), x).reshape(s.extent(0), channels, pixels);
        Tensor all = linear(weights.in("qkv"), rows.matrixTranspose());
        List<Tensor> parts = new ArrayList<>();
        for (int part = 0; part < 3; part++) {
            parts.add(all.slice(2, part * channels, (part + 1) * channels)
                    .reshape(s.extent(0), pixels, HEADS, channels / HEADS)
                    .transpose(0, 2, 1, 3));
        }
        double scale = 1 / Math.sqrt(channels / (double) HEADS);
        Tensor seen = Functions.attention(parts.get(0), parts.get(1), parts.get(2), scale, false)
                .transpose(0, 2, 1, 3)
                .reshape(s.extent(0), pixels, channels);
        return linear(weights.in("out"), seen).matrixTranspose().reshape(s);
    }
}
