package org.kolotoc.model.seq2seq;

import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.LayerNorm;
import org.kolotoc.nn.Mlp;
import org.kolotoc.nn.Norm;
import org.kolotoc.nn.RelativeBias;
import org.kolotoc.nn.RmsNorm;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * The encoder or the decoder: how tokens enter its stream, its blocks, and how they leave. Its parameters are below {@code
 * encoder} or {@code decoder}.
 *
 * @param positions of BART, from row {@value #FIRST_POSITION} on
 * @param relative of T5
 */
record Side(
        int layers, Optional<Embedding> positions, Optional<RelativeBias> relative, Norm norm, TransformerBlock block) {
    /** BART's, which keeps the two rows before for what it once padded with. */
    private static final int FIRST_POSITION = 2;

    static Side encoder(Seq2SeqSettings settings) {
        return of(settings, settings.layers(), true);
    }

    static Side decoder(Seq2SeqSettings settings) {
        return of(settings, settings.decoderLayers() == 0 ? settings.layers() : settings.decoderLayers(), false);
    }

    private static Side of(Seq2SeqSettings settings, int layers, boolean encoder) {
        boolean t5 = settings.style() == Style.T5;
        int width = settings.width();
        int heads = settings.heads();
        int headWidth = settings.headWidth() == 0 ? width / heads : settings.headWidth();
        int hidden = settings.mlpWidth() == 0 ? settings.mlpRatio() * width : settings.mlpWidth();
        Initializer output = t5 ? Layer.residual((encoder ? 2 : 3) * layers) : Layer.NORMAL;
        Norm norm = t5 ? new RmsNorm(width, settings.epsilon()) : new LayerNorm(width, true, settings.epsilon());
        Attention attention = new Attention(width, heads, heads, headWidth, !t5, !t5, output);
        return new Side(
                layers,
                t5 ? Optional.empty() : Optional.of(new Embedding(settings.context() + FIRST_POSITION, width)),
                t5
                        ? Optional.of(new RelativeBias(heads, settings.buckets(), settings.distance(), encoder))
                        : Optional.empty(),
                norm,
                new TransformerBlock(
                        norm,
                        t5 ? Placement.PRE : Placement.POST,
                        attention,
                        encoder ? Optional.empty() : Optional.of(attention),
                        new Mlp(width, hidden, settings.activation(), !t5, output)));
    }

    Stream<Parameter> in(String name) {
        return Stream.of(
                        positions.stream().flatMap(layer -> layer.in("position")),
                        relative.stream().flatMap(layer -> layer.in("relative")),
                        IntStream.range(0, layers).boxed().flatMap(layer -> block.in("block" + layer)),
                        norm.in("norm"))
                .flatMap(parameters -> parameters)
                .map(parameter -> parameter.in(name));
    }

    /**
     * Token vectors {@code [batch, time, width]} as the first block takes them.
     *
     * @param at {@code i32 [time]}, or {@code [batch, time]} where each row has its own
     */
    Tensor enter(Weights weights, Tensor vectors, Tensor at, Dropout dropout) {
        return dropout.apply(positions
                .map(rows -> norm.apply(
                        weights.in("norm"), vectors.add(rows.apply(weights.in("position"), at.add(FIRST_POSITION)))))
                .orElse(vectors));
    }

    /** What blocks add to the scores of their tokens among themselves; null where that is nothing. */
    Tensor bias(Weights weights, Tensor at, int keys) {
        return relative.map(layer -> layer.apply(weights.in("relative"), at, keys))
                .orElse(null);
    }

    /** What is read of the stream behind the last block. */
    Tensor leave(Weights weights, Tensor x, Dropout dropout) {
        return positions.isPresent() ? x : dropout.apply(norm.apply(weights.in("norm"), x));
    }
}
