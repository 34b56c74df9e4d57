package org.kolotoc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.pytorch.DoubleOptional;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch;

/** Weights of GPT-2 in libtorch's layout, and the layers that use them. */
final class LibtorchModel {
    private static final double NORM_EPSILON = 1e-5;
    private static final double INITIAL_DEVIATION = 0.02;

    /** {@code weight [out, in]}. */
    record Linear(Tensor weight, Tensor vector, TensorOptional bias) {
        Tensor apply(Tensor x) {
            return torch.linear(x, weight, bias);
        }
    }

    record Norm(long[] width, Tensor gain, Tensor shift, TensorOptional weight, TensorOptional bias) {
        Tensor apply(Tensor x) {
            return torch.layer_norm(x, width, weight, bias, NORM_EPSILON, true);
        }
    }

    record Block(Norm norm1, Linear input, Linear output, Norm norm2, Linear up, Linear down) {
        Tensor mlp(Tensor x) {
            return down.apply(torch.gelu(up.apply(norm2.apply(x)), "tanh"));
        }
    }

    /** Matrices, which decay, */
    private final List<Tensor> matrices = new ArrayList<>();

    /** and vectors, which don't. */
    private final List<Tensor> vectors = new ArrayList<>();

    final Tensor token;
    final Tensor position;
    final List<Block> blocks = new ArrayList<>();
    /** Of each recurrent layer the two matrices and the two vectors. */
    private final List<TensorVector> recurrent = new ArrayList<>();

    final Norm last;
    private final GptConfig config;
    private final Linear scalar;

    /** @param scalar whether it has a number for each position beside the logits */
    LibtorchModel(GptConfig config, boolean scalar) {
        this.config = config;
        long width = config.width();
        token = matrix(config.vocab(), width);
        if (config.isRecurrent()) {
            position = null;
            last = null;
            for (int layer = 0; layer < config.layers(); layer++) {
                recurrent.add(gru(width));
            }
            this.scalar = null;
            return;
        }
        position = matrix(config.context(), width);
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
        this.scalar = scalar ? linear(width, 1) : null;
    }

    /** What leaves the last norm, {@code [batch, time, width]}, of tokens {@code [batch, time]}. */
    Tensor hidden(Tensor tokens) {
        long time = tokens.size(1);
        if (config.isRecurrent()) {
            Tensor read = torch.embedding(token, tokens);
            for (TensorVector weights : recurrent) {
                Tensor zeros = torch.zeros(1, read.size(0), config.width());
                read = torch.gru(read, zeros, weights, true, 1, 0, true, false, true)
                        .get0();
            }
            return read;
        }
        Tensor x = torch.embedding(token, tokens).add(position.narrow(0, 0, time));
        for (Block block : blocks) {
            x = x.add(attention(block, block.norm1().apply(x)));
            x = x.add(block.mlp(x));
        }
        return last.apply(x);
    }

    private Tensor attention(Block block, Tensor x) {
        long headWidth = config.width() / config.heads();
        TensorVector parts = block.input()
                .apply(x)
                .view(x.size(0), x.size(1), 3, config.heads(), headWidth)
                .permute(2, 0, 3, 1, 4)
                .unbind(0);
        Tensor gathered = torch.scaled_dot_product_attention(
                parts.get(0), parts.get(1), parts.get(2), new TensorOptional(), 0, true, new DoubleOptional(), false);
        return block.output().apply(gathered.transpose(1, 2).reshape(x.size(0), x.size(1), config.width()));
    }

    /** {@code [..., vocab]}. */
    Tensor logits(Tensor hidden) {
        return torch.linear(hidden, token, new TensorOptional());
    }

    /** {@code [..., 1]}. */
    Tensor rewards(Tensor hidden) {
        return scalar.apply(hidden);
    }

    /** How it learns, as ours does. */
    LibtorchDescent descent() {
        return new LibtorchDescent(GptConfig.ADAMW, GptConfig.LEARNING_RATE, GptConfig.CLIP, matrices, vectors);
    }

    /** Loads libtorch on MKL with so many threads. */
    static void load(int threads) {
        Loader.load(mkl_rt.class);
        torch.set_num_threads(threads);
        torch.set_num_interop_threads(1);
        torch.manual_seed(1);
    }

    /** The library with its version. */
    static String library() {
        try {
            String version = Loader.getVersion("org.bytedeco", "pytorch");
            return "libtorch " + version.substring(0, version.indexOf('-'));
        } catch (IOException e) {
            throw new UncheckedIOException("the version of libtorch can't be read", e);
        }
    }

    /** Uniform up to the root of the width, as torch.nn.GRU begins. */
    private TensorVector gru(long width) {
        double most = 1 / Math.sqrt(width);
        Tensor[] parts = {
            matrix(3 * width, width).uniform_(-most, most, null),
            matrix(3 * width, width).uniform_(-most, most, null),
            vector(torch.empty(3 * width).uniform_(-most, most, null)),
            vector(torch.empty(3 * width).uniform_(-most, most, null))
        };
        return new TensorVector(parts);
    }

    private Tensor matrix(long... shape) {
        Tensor matrix = torch.empty(shape).normal_(0, INITIAL_DEVIATION, null);
        matrices.add(matrix);
        return matrix;
    }

    private Tensor vector(Tensor vector) {
        vectors.add(vector);
        return vector;
    }

    private Linear linear(long in, long out) {
        Tensor bias = vector(torch.zeros(out));
        return new Linear(matrix(out, in), bias, new TensorOptional(bias));
    }

    private Norm norm(long width) {
        Tensor gain = vector(torch.ones(width));
        Tensor shift = vector(torch.zeros(width));
        return new Norm(new long[] {width}, gain, shift, new TensorOptional(gain), new TensorOptional(shift));
    }
}
