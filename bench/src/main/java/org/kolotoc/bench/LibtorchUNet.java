package org.kolotoc.bench;

import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** The U-Net of {@link Pictures#denoiser} on libtorch, as a PyTorch user would write it. */
final class LibtorchUNet {
    private static final double LONGEST = 10_000;

    private final LibtorchWeights weights = new LibtorchWeights("model", Pictures.denoiser());
    private final Tensor frequencies;

    LibtorchUNet() {
        float[] values = new float[Pictures.WAVES / 2];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) StrictMath.pow(LONGEST, -2.0 * i / Pictures.WAVES);
        }
        frequencies = torch.tensor(values).view(1, values.length);
    }

    LibtorchWeights weights() {
        return weights;
    }

    /** @param time {@code [batch]} */
    Tensor noise(Tensor noisy, Tensor time) {
        Tensor told = told(time);
        Tensor wide = block("down0", convolved("in", noisy), told);
        Tensor narrow = block("down1", weights.convolved("halve0", wide, 2, 1), told);
        Tensor x = block("mid1", weights.convolved("halve1", narrow, 2, 1), told);
        x = block("mid2", attention(x), told);
        x = block("up1", beside(narrow, convolved("double1", twice(x))), told);
        x = block("up0", beside(wide, convolved("double0", twice(x))), told);
        return convolved("out", torch.silu(weights.groupNorm("out.norm", x)));
    }

    private Tensor told(Tensor time) {
        Tensor angles = time.view(-1, 1).mul(frequencies);
        Tensor waves = torch.cat(new TensorVector(angles.sin(), angles.cos()), 1);
        Tensor told = torch.silu(weights.linear("time.0", waves));
        return torch.silu(weights.linear("time.1", told));
    }

    private Tensor convolved(String name, Tensor x) {
        return weights.convolved(name, x, 1, 1);
    }

    private static Tensor twice(Tensor x) {
        return torch.upsample_nearest2d(x, 2 * x.size(2), 2 * x.size(3));
    }

    private static Tensor beside(Tensor one, Tensor other) {
        return torch.cat(new TensorVector(one, other), 1);
    }

    private Tensor block(String name, Tensor x, Tensor told) {
        Tensor y = convolved(name + ".conv1", torch.silu(weights.groupNorm(name + ".norm1", x)));
        y = y.add(weights.linear(name + ".time", told).view(y.size(0), y.size(1), 1, 1));
        y = convolved(name + ".conv2", torch.silu(weights.groupNorm(name + ".norm2", y)));
        return y.add(x.size(1) == y.size(1) ? x : weights.convolved(name + ".skip", x, 1, 0));
    }

    private Tensor attention(Tensor x) {
        long batch = x.size(0);
        long channels = x.size(1);
        long pixels = x.size(2) * x.size(3);
        Tensor rows = weights.groupNorm("attention.norm", x)
                .view(batch, channels, pixels)
                .transpose(1, 2)
                .reshape(batch * pixels, channels);
        TensorVector parts = weights.linear("attention.qkv", rows)
                .view(batch, pixels, 3, Pictures.HEADS, channels / Pictures.HEADS)
                .permute(2, 0, 3, 1, 4)
                .unbind(0);
        Tensor seen = torch.scaled_dot_product_attention(
                parts.get(0), parts.get(1), parts.get(2), new TensorOptional(), 0, false, new DoubleOptional(), false);
        Tensor out = weights.linear("attention.out", seen.transpose(1, 2).reshape(batch * pixels, channels));
        return x.add(out.view(batch, x.size(2), x.size(3), channels).permute(0, 3, 1, 2));
    }
}
