package org.kolotoc.bench;

import java.util.Arrays;
import java.util.function.LongFunction;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/** A training step on libtorch, written as a PyTorch user would for speed. */
final class LibtorchStep implements StepWorker {
    private static final int IGNORED = -100;

    private final PointerScope lifetime = new PointerScope();
    private final LibtorchDescent descent;
    private final LongFunction<Tensor> loss;

    private LibtorchStep(LibtorchModel model, LongFunction<Tensor> loss) {
        this.descent = model.descent();
        this.loss = loss;
    }

    /** The next token. */
    static LibtorchStep pretrain(GptConfig config, int threads) {
        return nextToken(config, threads, false);
    }

    /** The next token where it is one of an answer. */
    static LibtorchStep finetune(GptConfig config, int threads) {
        return nextToken(config, threads, true);
    }

    private static LibtorchStep nextToken(GptConfig config, int threads, boolean answers) {
        LibtorchModel.load(threads);
        LibtorchModel model = new LibtorchModel(config, false);
        int[] tokens = new int[config.tokens()];
        int[] targets = new int[config.tokens()];
        return new LibtorchStep(model, index -> {
            config.fill(index, tokens, targets);
            if (answers) {
                for (int row = 0; row < config.batch(); row++) {
                    int from = row * config.context();
                    Arrays.fill(targets, from, from + config.prompt() - 1, IGNORED);
                }
            }
            Tensor logits = model.logits(model.hidden(longs(tokens).view(config.batch(), config.context())));
            return torch.cross_entropy_loss(logits.view(config.tokens(), config.vocab()), longs(targets));
        });
    }

    /** Which of two answers is better. */
    static LibtorchStep reward(GptConfig config, int threads) {
        LibtorchModel.load(threads);
        LibtorchModel model = new LibtorchModel(config, true);
        int[] tokens = new int[config.tokens()];
        int[] targets = new int[config.tokens()];
        return new LibtorchStep(model, index -> {
            config.fill(index, tokens, targets);
            Tensor hidden = model.hidden(longs(tokens).view(config.batch(), config.context()));
            Tensor rewards =
                    model.rewards(hidden.select(1, config.context() - 1)).view(config.batch() / 2, 2);
            return torch.log_sigmoid(rewards.select(1, 0).sub(rewards.select(1, 1)))
                    .mean()
                    .neg();
        });
    }

    static Tensor longs(int[] values) {
        return torch.tensor(values).to(torch.ScalarType.Long);
    }

    @Override
    public String name() {
        return LibtorchModel.library();
    }

    @Override
    public float step(long index) {
        try (PointerScope _ = new PointerScope()) {
            Tensor now = loss.apply(index);
            descent.step(now);
            return now.item_float();
        }
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
