package org.kolotoc.nn;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Attention, then an MLP, each normalised before and added to the stream (pre-norm, as in GPT-2):
 * {@code x + attention(norm1(x))}, then {@code x + mlp(norm2(x))}.
 */
public record TransformerBlock(LayerNorm norm1, Attention attention, LayerNorm norm2, Mlp mlp) implements Layer {

    /**
     * A block of the usual sizes.
     *
     * @param layers how many such blocks add to the stream; the products that do so start smaller by its root
     */
    public static TransformerBlock of(int width, int heads, int mlpRatio, int layers, boolean bias, boolean normBias) {
        LayerNorm norm = new LayerNorm(width, normBias, 1e-5);
        return new TransformerBlock(
                norm,
                new Attention(width, heads, bias, Layer.residual(2 * layers)),
                norm,
                new Mlp(width, mlpRatio * width, bias, Layer.residual(2 * layers)));
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(norm1.in("norm1"), attention.in("attention"), norm2.in("norm2"), mlp.in("mlp"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    /**
     * {@code [batch, time, width]} to the same shape.
     *
     * @param mask see {@link Attention#apply}
     * @param dropout of attention weights and of both additions
     */
    public Tensor apply(Weights weights, Tensor x, Tensor mask, Dropout dropout) {
        return apply(weights, x, normal -> attention.apply(weights.in("attention"), normal, mask, dropout), dropout);
    }

    /** How a block attends where it is more than {@link Attention#apply}: with a cache, to another sequence. */
    @FunctionalInterface
    public interface Attending {
        /** {@code [batch, time, width]} to the same shape. */
        Tensor apply(Tensor normal);
    }

    /** The block with another way to attend. */
    public Tensor apply(Weights weights, Tensor x, Attending attending, Dropout dropout) {
        Tracer tracer = x.tracer();
        Tensor attended;
        try (Tracer.Scope _ = tracer.scope("attention")) {
            attended = x.add(dropout.apply(attending.apply(norm1.apply(weights.in("norm1"), x))));
        }
        try (Tracer.Scope _ = tracer.scope("mlp")) {
            Tensor changed = mlp.apply(weights.in("mlp"), norm2.apply(weights.in("norm2"), attended));
            return attended.add(dropout.apply(changed));
        }
    }
}
