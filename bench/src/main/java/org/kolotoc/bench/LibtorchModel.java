package org.kolotoc.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import org.bytedeco.javacpp.Loader;
import org.bytedeco.mkl.global.mkl_rt;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
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

    record Block(Norm norm1, Linear input, Linear output, Norm norm2, Linear up, Linear down) {}

    /** Matrices, which decay, */
    final List<Tensor> matrices = new ArrayList<>();

    /** and vectors, which don't. */
    final List<Tensor> vectors = new ArrayList<>();

    final Tensor token;
    final Tensor position;
    final List<Block> blocks = new ArrayList<>();
    final Norm last;

    LibtorchModel(GptConfig config) {
        long width = config.width();
        token = matrix(config.vocab(), width);
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
