package org.kolotoc.nn;

import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Attention, in a decoder with an encoder attention to what that read, then an MLP: each is added to the stream, and
 * normalised before ({@code x + attention(norm1(x))}, pre-norm, as in GPT-2) or after ({@code norm1(x + attention(x))},
 * post-norm, as in BERT).
 *
 * @param norm the size of all norms: {@code norm1} of attention, {@code norm2} of the MLP, {@code norm3} of cross attention
 * @param cross {@code cross}, attention to another sequence, if there is one
 */
public record TransformerBlock(Norm norm, Placement placement, Attention attention, Optional<Attention> cross, Mlp mlp)
        implements Layer {
    /** Where a block normalises. */
    public enum Placement {
        /** What attention and the MLP read. */
        PRE,
        /** The stream behind each addition. */
        POST
    }

    /** A pre-norm block without cross attention. */
    public TransformerBlock(Norm norm, Attention attention, Mlp mlp) {
        this(norm, Placement.PRE, attention, Optional.empty(), mlp);
    }

    /**
     * A block of the usual sizes.
     *
     * @param layers how many such blocks add to the stream; the products that do so start smaller by its root
     */
    public static TransformerBlock of(int width, int heads, int mlpRatio, int layers, boolean bias, boolean normBias) {
        return new TransformerBlock(
                new LayerNorm(width, normBias, 1e-5),
                new Attention(width, heads, bias, Layer.residual(2 * layers)),
                new Mlp(width, mlpRatio * width, bias, Layer.residual(2 * layers)));
    }

    @Override
    public List<Parameter> parameters() {
        Stream<Parameter> crossing =
                cross.stream().flatMap(other -> Stream.concat(norm.in("norm3"), other.in("cross")));
        return Stream.of(norm.in("norm1"), attention.in("attention"), crossing, norm.in("norm2"), mlp.in("mlp"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    /**
     * {@code [batch, time, width]} to the same shape.
     *
     * @param mask see {@link Attention#apply}
     * @param dropout of attention weights and of the additions
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
            attended = added(weights.in("norm1"), x, attending::apply, dropout);
        }
        return changed(weights, attended, dropout);
    }

    /** The block of a decoder that looks at what an encoder read. */
    public Tensor apply(Weights weights, Tensor x, Attending attending, Attending crossing, Dropout dropout) {
        Tracer tracer = x.tracer();
        Tensor attended;
        try (Tracer.Scope _ = tracer.scope("attention")) {
            attended = added(weights.in("norm1"), x, attending::apply, dropout);
        }
        Tensor crossed;
        try (Tracer.Scope _ = tracer.scope("cross")) {
            crossed = added(weights.in("norm3"), attended, crossing::apply, dropout);
        }
        return changed(weights, crossed, dropout);
    }

    private Tensor changed(Weights weights, Tensor attended, Dropout dropout) {
        try (Tracer.Scope _ = attended.tracer().scope("mlp")) {
            return added(weights.in("norm2"), attended, x -> mlp.apply(weights.in("mlp"), x), dropout);
        }
    }

    private Tensor added(Weights own, Tensor x, UnaryOperator<Tensor> change, Dropout dropout) {
        return switch (placement) {
            case PRE -> x.add(dropout.apply(change.apply(norm.apply(own, x))));
            case POST -> norm.apply(own, x.add(dropout.apply(change.apply(x))));
        };
    }
}
