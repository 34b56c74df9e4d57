package org.kolotoc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.pytorch.AutoGradMode;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.GenericList;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.ScalarOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorList;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/**
 * GPT-2's training step on libtorch, written as a PyTorch user would for speed: fused attention, fused AdamW, gradients
 * dropped instead of zeroed.
 */
final class LibtorchGpt implements StepWorker {
    private static final double NORM_EPSILON = 1e-5;
    private static final double INITIAL_DEVIATION = 0.02;

    private record Linear(Tensor weight, TensorOptional bias) {
        Tensor apply(Tensor x) {
            return torch.linear(x, weight, bias);
        }
    }

    private record Norm(long[] width, TensorOptional weight, TensorOptional bias) {
        Tensor apply(Tensor x) {
            return torch.layer_norm(x, width, weight, bias, NORM_EPSILON, true);
        }
    }

    private record Block(Norm norm1, Linear input, Linear output, Norm norm2, Linear up, Linear down) {}

    /** Parameters with one weight decay, and what the fused operator wants of them as ready-made arguments. */
    private static final class Group {
        final double decay;
        final List<Tensor> parameters = new ArrayList<>();
        private final List<Tensor> steps = new ArrayList<>();
        private IValue self;
        private IValue first;
        private IValue second;
        private IValue counts;

        Group(double decay) {
            this.decay = decay;
        }

        void ready() {
            List<Tensor> means = new ArrayList<>();
            List<Tensor> squares = new ArrayList<>();
            for (Tensor parameter : parameters) {
                means.add(torch.zeros_like(parameter));
                squares.add(torch.zeros_like(parameter));
                steps.add(torch.zeros(1).select(0, 0));
            }
            self = list(parameters);
            first = list(means);
            second = list(squares);
            counts = list(steps);
        }

        void update(OperatorHandle adamw, List<Tensor> gradients) {
            Scalar one = new Scalar(1f);
            steps.forEach(count -> count.add_(one));
            IValueVector stack = new IValueVector();
            stack.put(
                    self,
                    list(gradients),
                    first,
                    second,
                    list(List.of()),
                    counts,
                    new IValue(GptConfig.LEARNING_RATE),
                    new IValue(GptConfig.BETA1),
                    new IValue(GptConfig.BETA2),
                    new IValue(decay),
                    new IValue(GptConfig.EPSILON),
                    new IValue(false),
                    new IValue(false),
                    new IValue(),
                    new IValue());
            adamw.callBoxed(stack);
        }

        /** A list of tensors is a list of anything in memory; only the operator looks at the type of its elements. */
        private static IValue list(List<Tensor> tensors) {
            TensorList list = new TensorList(new TensorVector(tensors.toArray(Tensor[]::new)));
            return new IValue(new GenericList(list));
        }
    }

    private final GptConfig config;
    private final PointerScope lifetime = new PointerScope();
    private final Group decayed = new Group(GptConfig.WEIGHT_DECAY);
    private final Group spared = new Group(0);
    private final Tensor token;
    private final Tensor position;
    private final List<Block> blocks = new ArrayList<>();
    private final Norm last;
    private final OperatorHandle adamw;
    private final int[] tokens;
    private final int[] targets;

    LibtorchGpt(GptConfig config, int threads) {
        this.config = config;
        this.tokens = new int[config.tokens()];
        this.targets = new int[config.tokens()];
        Loader.load(mkl_rt.class);
        torch.set_num_threads(threads);
        torch.set_num_interop_threads(1);
        torch.manual_seed(1);
        long width = config.width();
        token = weight(config.vocab(), width);
        position = weight(config.context(), width);
        for (int layer = 0; layer < config.layers(); layer++) {
            blocks.add(new Block(
                    norm(width),
                    linear(width, 3 * width),
                    linear(width, width),
                    norm(width),
                    linear(width, 4 * width),
                    linear(4 * width, width)));
        }
        last = norm(width);
        decayed.ready();
        spared.ready();
        adamw = Dispatcher.singleton().findSchemaOrThrow("aten::_fused_adamw_", "");
    }

    private Tensor weight(long... shape) {
        Tensor weight = torch.empty(shape).normal_(0, INITIAL_DEVIATION, null);
        decayed.parameters.add(weight.requires_grad_(true));
        return weight;
    }

    private TensorOptional vector(Tensor vector) {
        spared.parameters.add(vector.requires_grad_(true));
        return new TensorOptional(vector);
    }

    private Linear linear(long in, long out) {
        return new Linear(weight(out, in), vector(torch.zeros(out)));
    }

    private Norm norm(long width) {
        return new Norm(new long[] {width}, vector(torch.ones(width)), vector(torch.zeros(width)));
    }

    @Override
    public String name() {
        try {
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            return "libtorch " + version.substring(0, version.indexOf('-'));
        } catch (IOException e) {
            throw new UncheckedIOException("the version of libtorch can't be read", e);
        }
    }

    @Override
    public float step(long index) {
        config.fill(index, tokens, targets);
        try (PointerScope _ = new PointerScope()) {
            Tensor loss = loss();
            loss.backward();
            try (AutoGradMode _ = new AutoGradMode(false)) {
                update();
            }
            return loss.item_float();
        }
    }

    private Tensor loss() {
        Tensor ids = torch.tensor(tokens).to(torch.ScalarType.Long).view(config.batch(), config.context());
        Tensor x = torch.embedding(token, ids).add(position);
        for (Block block : blocks) {
            x = x.add(attention(block, block.norm1().apply(x)));
            x = x.add(block.down()
                    .apply(torch.gelu(block.up().apply(block.norm2().apply(x)), "tanh")));
        }
        Tensor logits = torch.linear(last.apply(x), token, new TensorOptional());
        return torch.cross_entropy_loss(
                logits.view(config.tokens(), config.vocab()),
                torch.tensor(targets).to(torch.ScalarType.Long));
    }

    private Tensor attention(Block block, Tensor x) {
        long headWidth = config.width() / config.heads();
        TensorVector parts = block.input()
                .apply(x)
                .view(config.batch(), config.context(), 3, config.heads(), headWidth)
                .permute(2, 0, 3, 1, 4)
                .unbind(0);
        Tensor gathered = torch.scaled_dot_product_attention(
                parts.get(0), parts.get(1), parts.get(2), new TensorOptional(), 0, true, new DoubleOptional(), false);
        return block.output().apply(gathered.transpose(1, 2).reshape(config.batch(), config.context(), config.width()));
    }

    /** Clips by the norm of all gradients and moves the weights, without waiting for a number. */
    private void update() {
        List<Tensor> decayedGradients = gradients(decayed);
        List<Tensor> sparedGradients = gradients(spared);
        List<Tensor> all = new ArrayList<>(decayedGradients);
        all.addAll(sparedGradients);
        TensorVector norms = new TensorVector(all.size());
        for (int i = 0; i < all.size(); i++) {
            norms.put(i, torch.linalg_vector_norm(all.get(i)));
        }
        Tensor norm = torch.linalg_vector_norm(torch.stack(norms));
        Tensor scale = norm.add(new Scalar(1e-6f)).reciprocal_().mul_(new Scalar((float) GptConfig.CLIP));
        scale.clamp_(new ScalarOptional(), new ScalarOptional(new Scalar(1f)));
        all.forEach(gradient -> gradient.mul_(scale));
        decayed.update(adamw, decayedGradients);
        spared.update(adamw, sparedGradients);
        for (Group group : List.of(decayed, spared)) {
            group.parameters.forEach(parameter -> parameter.mutable_grad().reset());
        }
    }

    private static List<Tensor> gradients(Group group) {
        return group.parameters.stream().map(Tensor::grad).toList();
    }

    @Override
    public void close() {
        lifetime.close();
    }
}
