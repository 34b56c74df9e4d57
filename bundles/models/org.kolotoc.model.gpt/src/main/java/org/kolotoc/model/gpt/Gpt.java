package org.kolotoc.model.gpt;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.LayerNorm;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * GPT-2 (Radford et al. 2019): token and position vectors, pre-norm transformer blocks with causal attention, a last
 * norm, and logits from the token vectors again or from a head of their own. {@code hidden} is what the logits are
 * computed from, the representation of everything read so far.
 *
 * <p>Parameters correspond one to one to the Hugging Face layout, see {@link HuggingFace}.
 */
public final class Gpt implements IncrementalModel {
    private static final Signature SIGNATURE =
            Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]; f32 hidden[batch,time,width]");

    private final GptSettings settings;
    private final Embedding token;
    private final Embedding position;
    private final TransformerBlock block;
    private final LayerNorm norm;

    Gpt(GptSettings settings, int vocab) {
        this.settings = settings;
        this.token = new Embedding(vocab, settings.width());
        this.position = new Embedding(settings.context(), settings.width());
        this.block = TransformerBlock.of(
                settings.width(),
                settings.heads(),
                settings.mlpRatio(),
                settings.layers(),
                settings.bias(),
                settings.normBias());
        this.norm = block.norm1();
    }

    @Override
    public Signature signature() {
        return SIGNATURE;
    }

    @Override
    public Dimensions limits() {
        return Dimensions.of("time", settings.context());
    }

    @Override
    public List<Parameter> parameters() {
        Stream<Parameter> blocks =
                IntStream.range(0, settings.layers()).boxed().flatMap(layer -> block.in("block" + layer));
        return Stream.of(
                        token.in("token"),
                        position.in("position"),
                        blocks,
                        norm.in("norm"),
                        settings.tied() ? Stream.<Parameter>empty() : token.in("head"))
                .flatMap(parameters -> parameters)
                .toList();
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Tensor hidden = norm.apply(
                weights.in("norm"), stream(weights, inputs.get("tokens"), pass).getLast());
        return Map.of("logits", logits(weights, hidden), "hidden", hidden);
    }

    /** The residual stream {@code [batch, time, width]} before the first block and after each. */
    List<Tensor> stream(Weights weights, Tensor tokens, Pass pass) {
        int time = tokens.shape().extent(-1);
        Tensor mask = Functions.causalMask(tokens.tracer(), time, time);
        Dropout dropout = new Dropout(pass.training() ? settings.dropout() : 0, pass.key());
        Tensor x = dropout.apply(
                token.apply(weights.in("token"), tokens).add(position.first(weights.in("position"), time)));
        List<Tensor> stream = new ArrayList<>(List.of(x));
        for (int layer = 0; layer < settings.layers(); layer++) {
            try (Tracer.Scope _ = tokens.tracer().segment("block" + layer)) {
                x = block.apply(weights.in("block" + layer), x, mask, dropout);
            }
            stream.add(x);
        }
        return stream;
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        List<Parameter> cache = new ArrayList<>();
        for (int layer = 0; layer < settings.layers(); layer++) {
            for (String name : List.of(keys(layer), values(layer))) {
                cache.add(Parameter.of(
                        name,
                        Initializer.ZEROS,
                        rows,
                        settings.heads(),
                        length,
                        block.attention().headWidth()));
            }
        }
        return cache;
    }

    @Override
    public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
        // What pads lies behind everything that its row ever looks at, until tokens take its place.
        AttentionMask mask = AttentionMask.causalFrom(positions);
        Map<String, Tensor> written = new LinkedHashMap<>();
        int rows = tokens.shape().extent(0);
        Tensor at = tokens.tracer().iota(tokens.shape(), 1).add(positions.reshape(rows, 1));
        Tensor x = token.apply(weights.in("token"), tokens).add(position.apply(weights.in("position"), at));
        for (int i = 0; i < settings.layers(); i++) {
            int layer = i;
            Weights own = weights.in("block" + layer);
            try (Tracer.Scope _ = tokens.tracer().scope("block" + layer)) {
                x = block.apply(
                        own,
                        x,
                        normal -> {
                            Attention.Projection read = block.attention().project(own.in("attention"), normal);
                            Tensor keys = cache.get(keys(layer)).dynamicUpdate(2, read.keys(), positions);
                            Tensor values = cache.get(values(layer)).dynamicUpdate(2, read.values(), positions);
                            written.put(keys(layer), keys);
                            written.put(values(layer), values);
                            Attention.Projection all = new Attention.Projection(read.queries(), keys, values);
                            Tensor gathered = block.attention().attend(all, mask);
                            return block.attention().join(own.in("attention"), gathered);
                        },
                        Dropout.NONE);
            }
        }
        Tensor last = x.dynamicSlice(1, counts.sub(1), 1).reshape(rows, settings.width());
        return new Extension(logits(weights, norm.apply(weights.in("norm"), last)), written);
    }

    /** A head of its own has the shape of the token vectors it stands in for. */
    private Tensor logits(Weights weights, Tensor hidden) {
        return settings.tied() ? token.scores(weights.in("token"), hidden) : token.scores(weights.in("head"), hidden);
    }

    private static String keys(int layer) {
        return "block" + layer + ".keys";
    }

    private static String values(int layer) {
        return "block" + layer + ".values";
    }
}
