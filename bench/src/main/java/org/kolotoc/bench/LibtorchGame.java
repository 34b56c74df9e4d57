package org.kolotoc.bench;

import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** An update of DCGAN's discriminator and one of its generator on libtorch, by non-saturating losses. */
final class LibtorchGame implements StepWorker {
    private static final Scalar SLOPE = new Scalar(0.2f);

    private final PointerScope lifetime = new PointerScope();
    private final Pictures pictures;
    private final LibtorchWeights generator;
    private final LibtorchWeights discriminator;
    private final LibtorchDescent generatorDescent;
    private final LibtorchDescent discriminatorDescent;

    LibtorchGame(int batch, int threads) {
        LibtorchModel.load(threads);
        pictures = new Pictures(batch);
        generator = new LibtorchWeights("generator", Pictures.generator());
        discriminator = new LibtorchWeights("discriminator", Pictures.discriminator());
        generatorDescent = new LibtorchDescent(Pictures.GAME, Pictures.RATE, 0, generator.all(), List.of());
        discriminatorDescent = new LibtorchDescent(Pictures.GAME, Pictures.RATE, 0, discriminator.all(), List.of());
    }

    /** @param keep whether statistics of its norms move on */
    private Tensor made(boolean keep) {
        Tensor noise = torch.randn(pictures.batch(), Pictures.LATENT);
        long channels = Pictures.CHANNELS.getLast();
        long side = Pictures.SIDE / 4;
        Tensor x = LibtorchWeights.channelsLast(
                generator.linear("linear", noise).view(pictures.batch(), channels, side, side));
        x = torch.relu(generator.batchNorm("norm0", x, keep));
        x = torch.relu(generator.batchNorm("norm1", generator.doubled("up1", x), keep));
        return torch.tanh(generator.doubled("up2", x));
    }

    /** {@code [batch]}. */
    private Tensor logit(Tensor x) {
        for (int i = 1; i <= Pictures.CHANNELS.size(); i++) {
            x = torch.leaky_relu(discriminator.convolved("down" + i, x, 2, 1), SLOPE);
        }
        return x.reshape(pictures.batch(), -1)
                .matmul(discriminator.get("linear.weight"))
                .view(pictures.batch());
    }

    @Override
    public String name() {
        return LibtorchModel.library();
    }

    @Override
    public float step(long index) {
        try (PointerScope _ = new PointerScope()) {
            Tensor sample = torch.tensor(pictures.batch(index)).view(pictures.batch(), 1, Pictures.SIDE, Pictures.SIDE);
            Tensor made;
            try (AutoGradMode _ = new AutoGradMode(false)) {
                made = made(false);
            }
            discriminatorDescent.step(torch.softplus(logit(sample).neg())
                    .add(torch.softplus(logit(made)))
                    .mean());
            discriminator.requireGradients(false);
            Tensor loss = torch.softplus(logit(made(true)).neg()).mean();
            generatorDescent.step(loss);
            discriminator.requireGradients(true);
            return loss.item_float();
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
