package org.kolotoc.model.seq2seq;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Masks;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * An encoder reads {@code source}, all of it at once, and a decoder predicts after each token of {@code target} the next,
 * looking at the tokens before and, by cross attention, at what the encoder read (Vaswani et al., arXiv:1706.03762).
 * {@code memory} is that, {@code hidden} what the logits are computed from.
 */
public final class Seq2Seq implements EncoderDecoder {
    private static final Signature SIGNATURE = Signature.parse(
            "i32 source[batch,from]; bool present[batch,from]?; i32 target[batch,time] -> f32 logits[batch,time,vocab];"
                    + " f32 hidden[batch,time,width]; f32 memory[batch,from,width]");

    private final Seq2SeqSettings settings;
    private final Embedding token;
    private final Side encoder;
    private final Side decoder;

    Seq2Seq(Seq2SeqSettings settings, int vocab) {
        this.settings = settings;
        this.token = new Embedding(vocab, settings.width());
        this.encoder = Side.encoder(settings);
        this.decoder = Side.decoder(settings);
    }

    @Override
    public Signature signature() {
        return SIGNATURE;
    }

    @Override
    public List<String> adaptable() {
        return List.of("attention");
    }

    @Override
    public Dimensions limits() {
        return new Dimensions(Map.of("from", settings.context(), "time", settings.context()));
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(
                        token.in("token"),
                        encoder.in("encoder"),
                        decoder.in("decoder"),
                        settings.tied() ? Stream.<Parameter>empty() : token.in("head"),
                        settings.style() == Style.BART
                                ? Stream.of(Parameter.of("head.bias", Initializer.ZEROS, 1, token.rows()))
                                : Stream.<Parameter>empty())
                .flatMap(parameters -> parameters)
                .toList();
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Dropout dropout = new Dropout(pass.training() ? settings.dropout() : 0, pass.key());
        Tensor present = inputs.get("present");
        Tensor memory = memory(weights, inputs.get("source"), present, dropout);
        Tensor hidden = decoder.leave(
                weights.in("decoder"),
                written(weights, inputs.get("target"), memory, present, dropout).getLast(),
                dropout);
        return Map.of("logits", logits(weights, hidden), "hidden", hidden, "memory", memory);
    }

    /** What the encoder reads: {@code [batch, from, width]}. */
    private Tensor memory(Weights weights, Tensor source, Tensor present, Dropout dropout) {
        Weights side = weights.in("encoder");
        Tracer tracer = source.tracer();
        int from = source.shape().extent(1);
        Tensor at = tracer.iota(Shape.of(from), 0);
        Tensor mask = present == null ? null : Masks.padding(present);
        Tensor bias = encoder.bias(side, at, from);
        Attention attention = encoder.block().attention();
        Tensor x = encoder.enter(side, token.apply(weights.in("token"), source), at, dropout);
        for (int layer = 0; layer < encoder.layers(); layer++) {
            Weights own = side.in("block" + layer);
            Weights self = own.in("attention");
            try (Tracer.Scope _ = tracer.segment("encoder.block" + layer)) {
                x = encoder.block()
                        .apply(
                                own,
                                x,
                                read -> attention.join(
                                        self, attention.attend(attention.project(self, read), mask, bias, dropout)),
                                dropout);
            }
        }
        return encoder.leave(side, x, dropout);
    }

    /** The decoder's stream {@code [batch, to, width]} before the first block and after each. */
    private List<Tensor> written(Weights weights, Tensor target, Tensor memory, Tensor present, Dropout dropout) {
        Weights side = weights.in("decoder");
        Tracer tracer = target.tracer();
        int to = target.shape().extent(1);
        Tensor at = tracer.iota(Shape.of(to), 0);
        Tensor earlier = Functions.causalMask(tracer, to, to);
        Tensor mask = present == null ? null : Masks.padding(present);
        Tensor bias = decoder.bias(side, at, to);
        Attention attention = decoder.block().attention();
        Tensor x = decoder.enter(side, token.apply(weights.in("token"), target), at, dropout);
        List<Tensor> stream = new ArrayList<>(List.of(x));
        for (int layer = 0; layer < decoder.layers(); layer++) {
            Weights own = side.in("block" + layer);
            Weights self = own.in("attention");
            try (Tracer.Scope _ = tracer.segment("decoder.block" + layer)) {
                x = decoder.block()
                        .apply(
                                own,
                                x,
                                read -> attention.join(
                                        self, attention.attend(attention.project(self, read), earlier, bias, dropout)),
                                read -> crossed(attention.cross(own.in("cross"), read, memory, mask, dropout)),
                                dropout);
            }
            stream.add(x);
        }
        return stream;
    }

    /** What cross attention adds to the decoder's stream: nothing of it where that is cut. */
    Tensor crossed(Tensor gathered) {
        return settings.crossAttention() ? gathered : gathered.mul(0);
    }

    /** The decoder's stream, for who compares it. */
    List<Tensor> stream(Weights weights, Map<String, Tensor> inputs) {
        Tensor present = inputs.get("present");
        Tensor memory = memory(weights, inputs.get("source"), present, Dropout.NONE);
        return written(weights, inputs.get("target"), memory, present, Dropout.NONE);
    }

    /** A head of its own has the shape of the token vectors; T5 makes what it shares them with smaller. */
    private Tensor logits(Weights weights, Tensor hidden) {
        boolean t5 = settings.style() == Style.T5;
        Tensor scores = !settings.tied()
                ? token.scores(weights.in("head"), hidden)
                : token.scores(weights.in("token"), t5 ? hidden.mul(1 / Math.sqrt(settings.width())) : hidden);
        return t5 ? scores : scores.add(weights.get("head.bias").reshape(token.rows()));
    }

    @Override
    public int start() {
        return settings.start();
    }

    @Override
    public IncrementalModel behind(int from) {
        return new Decoding(this, from);
    }

    @Override
    public Map<String, Tensor> read(Weights weights, Tensor source, Tensor present) {
        Tensor memory = memory(weights, source, present, Dropout.NONE);
        Map<String, Tensor> parts = new LinkedHashMap<>();
        parts.put(Decoding.PRESENT, present);
        for (int layer = 0; layer < decoder.layers(); layer++) {
            Attention.Memory read = decoder.block()
                    .attention()
                    .remember(weights.in("decoder").in("block" + layer).in("cross"), memory);
            parts.put(Decoding.part(layer, "cross.keys"), read.keys());
            parts.put(Decoding.part(layer, "cross.values"), read.values());
        }
        return parts;
    }

    Side decoder() {
        return decoder;
    }

    /** The vectors of tokens. */
    Tensor vectors(Weights weights, Tensor tokens) {
        return token.apply(weights.in("token"), tokens);
    }

    /** The logits {@code [rows, vocab]} behind one vector {@code [rows, width]} of the decoder's stream. */
    Tensor next(Weights weights, Tensor x) {
        return logits(weights, decoder.leave(weights.in("decoder"), x, Dropout.NONE));
    }
}
