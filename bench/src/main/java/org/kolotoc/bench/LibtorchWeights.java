package org.kolotoc.bench;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch;
import org.kolotoc.api.Model;
import org.kolotoc.tck.BenchState;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * The weights of one of our models in libtorch, with the same names, shapes and first values, and the layers that use them.
 * Pictures and kernels have their channels innermost (channels last), which libtorch is faster with than without.
 */
final class LibtorchWeights {
    private static final double EPSILON = 1e-5;
    private static final double MOMENTUM = 0.1;
    private static final TensorOptional NONE = new TensorOptional();

    private final SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
    private final Map<String, Tensor> statistics = new LinkedHashMap<>();

    /** @param name of the model, by which our first values are drawn */
    LibtorchWeights(String name, Model model) {
        try (BenchState state = new BenchState(new ReferenceBackend(), KolotocPictures.SEED)) {
            state.declare(name, model.states());
            model.parameters().forEach(each -> parameters.put(each.name(), tensor(state, name, each)));
            model.statistics().forEach(each -> statistics.put(each.name(), tensor(state, name, each)));
        }
    }

    private static Tensor tensor(BenchState state, String model, Parameter parameter) {
        float[] values = new float[parameter.shape().size()];
        state.buffer(model + "/" + parameter.name()).read(values);
        return channelsLast(
                torch.tensor(values).view(longs(parameter.shape().extents())).clone());
    }

    /** The same, channels innermost if it is of four axes. */
    static Tensor channelsLast(Tensor x) {
        return x.dim() == 4 ? x.contiguous(torch.MemoryFormat.ChannelsLast) : x;
    }

    private static long[] longs(int[] extents) {
        return Arrays.stream(extents).asLongStream().toArray();
    }

    List<Tensor> all() {
        return List.copyOf(parameters.values());
    }

    void requireGradients(boolean wanted) {
        parameters.values().forEach(parameter -> parameter.requires_grad_(wanted));
    }

    Tensor get(String name) {
        Tensor tensor = parameters.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("no parameter " + name + " of " + parameters.keySet());
        }
        return tensor;
    }

    private TensorOptional optional(String name) {
        return new TensorOptional(get(name));
    }

    /** {@code [rows, in]} by weights {@code [in, out]}. */
    Tensor linear(String name, Tensor x) {
        return torch.addmm(get(name + ".bias"), x, get(name + ".weight"));
    }

    Tensor convolved(String name, Tensor x, long stride, long padding) {
        long[] both = {stride, stride};
        return torch.conv2d(
                x,
                get(name + ".weight"),
                optional(name + ".bias"),
                both,
                new long[] {padding, padding},
                new long[] {1, 1},
                1);
    }

    /** Twice as high and wide, by four places each way. */
    Tensor doubled(String name, Tensor x) {
        boolean biased = parameters.containsKey(name + ".bias");
        return torch.conv_transpose2d(
                x,
                get(name + ".weight"),
                biased ? optional(name + ".bias") : NONE,
                new long[] {2, 2},
                new long[] {1, 1},
                new long[] {0, 0},
                1,
                1,
                1);
    }

    Tensor groupNorm(String name, Tensor x) {
        return torch.group_norm(
                x, Pictures.GROUPS, optional(name + ".weight"), optional(name + ".bias"), EPSILON, true);
    }

    /** @param keep whether what was seen until then moves on */
    Tensor batchNorm(String name, Tensor x, boolean keep) {
        return torch.batch_norm(
                x,
                optional(name + ".weight"),
                optional(name + ".bias"),
                keep ? new TensorOptional(statistics.get(name + ".mean")) : NONE,
                keep ? new TensorOptional(statistics.get(name + ".variance")) : NONE,
                true,
                MOMENTUM,
                EPSILON,
                false);
    }
}
