package org.kolotoc.bench;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.InferenceMode;
import org.bytedeco.pytorch.LongOptional;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;
import org.kolotoc.tensor.Parameter;

/**
 * GPT-2 writing on libtorch as a PyTorch user would for speed: no autograd, keys and values in tensors made once, fused
 * attention over what is filled, the next token picked without leaving libtorch.
 */
final class LibtorchGeneration implements StepWorker {
    private final GptConfig config;
    private final PointerScope lifetime = new PointerScope();
    private final InferenceMode inference;
    private final LibtorchModel model;
    private final List<Tensor> keys = new ArrayList<>();
    private final List<Tensor> values = new ArrayList<>();
    private final Tensor text;

    LibtorchGeneration(GptConfig config, int threads) {
        this.config = config;
        LibtorchModel.load(threads);
        inference = new InferenceMode(true);
        model = new LibtorchModel(config, false);
        fill();
        long headWidth = config.width() / config.heads();
        for (int layer = 0; layer < config.layers(); layer++) {
            keys.add(torch.zeros(1, config.heads(), config.context(), headWidth));
            values.add(torch.zeros(1, config.heads(), config.context(), headWidth));
        }
        text = torch.zeros(config.context() + 1).to(torch.ScalarType.Long);
    }

    /** Gives the model the weights that the other side has. */
    private void fill() {
        Map<String, Parameter> left = new HashMap<>();
        KolotocGeneration.model(config).parameters().forEach(parameter -> left.put(parameter.name(), parameter));
        copy(left, "token.weight", model.token, false);
        copy(left, "position.weight", model.position, false);
        norm(left, "norm", model.last);
        for (int layer = 0; layer < config.layers(); layer++) {
            LibtorchModel.Block block = model.blocks.get(layer);
            String name = "block" + layer + ".";
            norm(left, name + "norm1", block.norm1());
            linear(left, name + "attention.input", block.input());
            linear(left, name + "attention.output", block.output());
            norm(left, name + "norm2", block.norm2());
            linear(left, name + "mlp.up", block.up());
            linear(left, name + "mlp.down", block.down());
        }
        if (!left.isEmpty()) {
            throw new IllegalStateException("not given to libtorch: " + left.keySet());
        }
    }

    private static void linear(Map<String, Parameter> left, String name, LibtorchModel.Linear linear) {
        copy(left, name + ".weight", linear.weight(), true);
        copy(left, name + ".bias", linear.vector(), false);
    }

    private static void norm(Map<String, Parameter> left, String name, LibtorchModel.Norm norm) {
        copy(left, name + ".weight", norm.gain(), false);
        copy(left, name + ".bias", norm.shift(), false);
    }

    /** @param turned whether libtorch keeps the transposed matrix */
    private static void copy(Map<String, Parameter> left, String name, Tensor to, boolean turned) {
        try (PointerScope _ = new PointerScope()) {
            Tensor values = torch.tensor(KolotocGeneration.content(left.remove(name)));
            to.copy_(turned ? values.view(to.size(1), to.size(0)).t() : values.view(to.sizes()));
        }
    }

    @Override
    public String name() {
        return LibtorchModel.library();
    }

    @Override
    public float step(long index) {
        try (PointerScope _ = new PointerScope()) {
            text.narrow(0, 0, 1).fill_(new Scalar(KolotocGeneration.first(index, config)));
        }
        for (int position = 0; position < config.context(); position++) {
            try (PointerScope _ = new PointerScope()) {
                extend(position);
            }
        }
        try (PointerScope _ = new PointerScope()) {
            int[] written = new int[config.context()];
            for (int i = 0; i < written.length; i++) {
                written[i] = (int) text.select(0, i + 1).item_long();
            }
            return KolotocGeneration.mark(written);
        }
    }

    /** Reads the token at a position and writes the one after it. */
    private void extend(int position) {
        Tensor x = torch.embedding(model.token, text.narrow(0, position, 1)).add(model.position.narrow(0, position, 1));
        for (int layer = 0; layer < model.blocks.size(); layer++) {
            LibtorchModel.Block block = model.blocks.get(layer);
            x = x.add(attention(layer, position, block.norm1().apply(x)));
            x = x.add(block.mlp(x));
        }
        Tensor logits = model.logits(model.last.apply(x));
        text.narrow(0, position + 1, 1).copy_(torch.argmax(logits, new LongOptional(-1), false));
    }

    /** {@code [1, width]} looks at all positions up to its own. */
    private Tensor attention(int layer, int position, Tensor x) {
        long headWidth = config.width() / config.heads();
        TensorVector parts = model.blocks
                .get(layer)
                .input()
                .apply(x)
                .view(3, 1, config.heads(), 1, headWidth)
                .unbind(0);
        keys.get(layer).narrow(2, position, 1).copy_(parts.get(1));
        values.get(layer).narrow(2, position, 1).copy_(parts.get(2));
        Tensor gathered = torch.scaled_dot_product_attention(
                parts.get(0),
                keys.get(layer).narrow(2, 0, position + 1),
                values.get(layer).narrow(2, 0, position + 1),
                new TensorOptional(),
                0,
                false,
                new DoubleOptional(),
                false);
        return model.blocks.get(layer).output().apply(gathered.view(1, config.width()));
    }

    @Override
    public void close() {
        inference.close();
        lifetime.close();
    }
}
