package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * A step of learning from rewards on libtorch: answers are drawn with keys and values in tensors made once, scored by a
 * reward model and a reference, and learned from by their whitened rewards less the divergence.
 */
final class LibtorchRlhf implements StepWorker {
    private final GptConfig config;
    private final PointerScope lifetime = new PointerScope();
    private final LibtorchModel policy;
    private final LibtorchModel reference;
    private final LibtorchModel reward;
    private final LibtorchDescent descent;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final int[] tokens;

    LibtorchRlhf(GptConfig config, int threads) {
        this.config = config;
        this.tokens = new int[config.tokens()];
        LibtorchModel.load(threads);
        policy = new LibtorchModel(config, false);
        reference = new LibtorchModel(config, false);
        reward = new LibtorchModel(config, true);
        descent = policy.descent();
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(cache());
            values.add(cache());
        }
    }

    private Tensor cache() {
        return torch.zeros(config.batch(), config.heads(), config.context(), config.width() / config.heads());
    }

    @Override
    public String name() {
        return LibtorchModel.library();
    }

    @Override
    public float step(long index) {
        config.fill(index, tokens, new int[tokens.length]);
        int prompt = config.prompt();
        int answer = config.answer();
        try (PointerScope _ = new PointerScope()) {
            Tensor row = LibtorchStep.longs(tokens).view(config.batch(), config.context());
            Tensor inputs;
            Tensor targets;
            Tensor whitened;
            float entropy;
            try (AutoGradMode _ = new AutoGradMode(false)) {
                Tensor written = written(row.narrow(1, 0, prompt), answer);
                inputs = written.narrow(1, 0, prompt + answer - 1);
                targets = written.narrow(1, prompt, answer).unsqueeze(-1);
                Tensor all = answers(policy, inputs);
                entropy = all.exp().mul(all).sum(-1).neg().mean().item_float();
                Tensor old = picked(all, targets);
                Tensor cost =
                        old.sub(picked(answers(reference, inputs), targets)).sum(1);
                Tensor hidden = reward.hidden(written).select(1, prompt + answer - 1);
                Tensor scores = reward.rewards(hidden).squeeze(-1).sub(cost.mul(new Scalar(0.05f)));
                whitened = scores.sub(scores.mean()).div(scores.std().add(new Scalar(1e-8f)));
            }
            Tensor now = picked(answers(policy, inputs), targets).sum(1);
            descent.step(now.mul(whitened).mean().neg());
            return entropy;
        }
    }

    /** Log-probabilities of all tokens where answers are written, {@code [batch, answer, vocab]}. */
    private Tensor answers(LibtorchModel model, Tensor inputs) {
        Tensor hidden = model.hidden(inputs).narrow(1, config.prompt() - 1, config.answer());
        return torch.log_softmax(model.logits(hidden), -1);
    }

    /** Those of the tokens that were written, {@code [batch, answer]}. */
    private static Tensor picked(Tensor all, Tensor targets) {
        return all.gather(-1, targets).squeeze(-1);
    }

    /** Prompts and the answers that the policy draws. */
    private Tensor written(Tensor prompts, int answer) {
        List<Tensor> all = new ArrayList<>(List.of(prompts));
        Tensor next = prompts;
        int from = 0;
        for (int i = 0; i < answer; i++) {
            Tensor logits = extend(next, from);
            from += (int) next.size(1);
            next = torch.multinomial(torch.softmax(logits, -1), 1);
            all.add(next);
        }
        return torch.cat(new TensorVector(all.toArray(Tensor[]::new)), 1);
    }

    /** Reads tokens from a position on; logits behind the last, {@code [batch, vocab]}. */
    private Tensor extend(Tensor next, int from) {
        long count = next.size(1);
        Tensor x = torch.embedding(policy.token, next).add(policy.position.narrow(0, from, count));
        for (int layer = 0; layer < policy.blocks.size(); layer++) {
            LibtorchModel.Block block = policy.blocks.get(layer);
            x = x.add(attention(layer, from, block.norm1().apply(x)));
            x = x.add(block.mlp(x));
        }
        return policy.logits(policy.last.apply(x.select(1, count - 1)));
    }

    private Tensor attention(int layer, int from, Tensor x) {
        long count = x.size(1);
        TensorVector parts = policy.blocks
                .get(layer)
                .input()
                .apply(x)
                .view(x.size(0), count, 3, config.heads(), config.width() / config.heads())
                .permute(2, 0, 3, 1, 4)
                .unbind(0);
        keys.get(layer).narrow(2, from, count).copy_(parts.get(1));
        values.get(layer).narrow(2, from, count).copy_(parts.get(2));
        Tensor gathered = torch.scaled_dot_product_attention(
                parts.get(0),
                keys.get(layer).narrow(2, 0, from + count),
                values.get(layer).narrow(2, 0, from + count),
                new TensorOptional(),
                0,
                from == 0,
                new DoubleOptional(),
                false);
        return policy.blocks
                .get(layer)
                .output()
                .apply(gathered.transpose(1, 2).reshape(x.size(0), count, config.width()));
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
