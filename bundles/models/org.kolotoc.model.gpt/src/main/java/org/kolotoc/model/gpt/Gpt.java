package org.kolotoc.model.gpt;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.LayerNorm;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.Masks;
import org.kolotoc.nn.Mlp;
import org.kolotoc.nn.Norm;
import org.kolotoc.nn.RmsNorm;
import org.kolotoc.nn.Rotary;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A decoder-only transformer: token and position vectors, blocks with causal attention, a last norm, and logits from the
 * token vectors again or from a head of their own. As its settings begin it is GPT-2 (Radford et al. 2019); with rotary
 * positions, root mean square norms and SwiGLU it is Llama (Touvron et al., arXiv:2302.13971). {@code hidden} is what the
 * logits are computed from, the representation of everything read so far; other heads are computed from the same.
 * {@code positions} say where in its document a token stands: where one is 0 a document begins, and none sees another.
 */
public final class Gpt implements IncrementalModel {
    private static final String LOGITS =
            "i32 tokens[batch,time]; i32 positions[batch,time]? -> f32 logits[batch,time,vocab];"
                    + " f32 hidden[batch,time,width]";

    /** The logits' own matrix is none of these: tied or not, a model has its logits from its past. */
    private static final Set<String> HEADS = Set.of("reward", "classes");

    private final GptSettings settings;
    private final Sizes sizes;
    private final Embedding token;
    private final Embedding position;
    private final Optional<Rotary> rotary;
    private final TransformerBlock block;
    private final Norm norm;
    private final Linear reward;
    private final Linear classes;

    Gpt(GptSettings settings, Sizes sizes, Dimensions data) {
        int width = sizes.width();
        int shared = settings.keyValueHeads() == 0 ? sizes.heads() : settings.keyValueHeads();
        int hidden = sizes.hidden(settings);
        Initializer residual = Layer.residual(2 * sizes.layers());
        this.settings = settings;
        this.sizes = sizes;
        this.token = new Embedding(data.get("vocab"), width);
        this.position = new Embedding(sizes.context(), width);
        this.rotary = settings.positions() == Positions.ROTARY
                ? Optional.of(new Rotary(sizes.headWidth(), settings.rotaryBase(), false))
                : Optional.empty();
        this.norm = settings.norm() == NormKind.RMS
                ? new RmsNorm(width, settings.normEpsilon())
                : new LayerNorm(width, settings.normBias(), settings.normEpsilon());
        this.block = new TransformerBlock(
                norm,
                settings.placement(),
                new Attention(width, sizes.heads(), shared, sizes.headWidth(), settings.bias(), true, residual),
                Optional.empty(),
                new Mlp(width, hidden, settings.activation(), settings.bias(), residual));
        this.reward = new Linear(width, 1, false, Layer.NORMAL);
        this.classes = settings.head() == Head.CLASSIFIER
                ? new Linear(
                        width, settings.classes() == 0 ? data.get("class") : settings.classes(), false, Layer.NORMAL)
                : reward;
    }

    @Override
    public Signature signature() {
        return Signature.parse(
                switch (settings.head()) {
                    case LM -> LOGITS;
                    case SCALAR -> LOGITS + "; f32 reward[batch,time]";
                    case CLASSIFIER -> LOGITS + "; f32 classes[batch,time,class]";
                });
    }

    @Override
    public Set<String> heads() {
        return HEADS;
    }

    @Override
    public List<String> adaptable() {
        return List.of("attention");
    }

    @Override
    public Dimensions limits() {
        return Dimensions.of("time", sizes.context());
    }

    @Override
    public List<Parameter> parameters() {
        Stream<Parameter> blocks =
                IntStream.range(0, sizes.layers()).boxed().flatMap(layer -> block.in("block" + layer));
        return Stream.of(
                        token.in("token"),
                        rotary.isEmpty() ? position.in("position") : Stream.<Parameter>empty(),
                        blocks,
                        settings.placement() == Placement.PRE ? norm.in("norm") : Stream.<Parameter>empty(),
                        settings.tied() ? Stream.<Parameter>empty() : token.in("head"),
                        switch (settings.head()) {
                            case LM -> Stream.<Parameter>empty();
                            case SCALAR -> reward.in("reward");
                            case CLASSIFIER -> classes.in("classes");
                        })
                .flatMap(parameters -> parameters)
                .toList();
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Tensor hidden = last(
                weights,
                stream(weights, inputs.get("tokens"), inputs.get("positions"), pass)
                        .getLast());
        Map<String, Tensor> outputs = new HashMap<>(Map.of("logits", logits(weights, hidden), "hidden", hidden));
        switch (settings.head()) {
            case LM -> {}
            case SCALAR -> {
                Shape rows = inputs.get("tokens").shape();
                outputs.put("reward", reward.apply(weights.in("reward"), hidden).reshape(rows));
            }
            case CLASSIFIER -> outputs.put("classes", classes.apply(weights.in("classes"), hidden));
        }
        return outputs;
    }

    /** The residual stream {@code [batch, time, width]} before the first block and after each. */
    List<Tensor> stream(Weights weights, Tensor tokens, Pass pass) {
        return stream(weights, tokens, null, pass);
    }

    /** @param places of tokens in their documents; null for one document a row */
    private List<Tensor> stream(Weights weights, Tensor tokens, Tensor places, Pass pass) {
        int time = tokens.shape().extent(-1);
        Tracer tracer = tokens.tracer();
        Tensor causal = Functions.causalMask(tracer, time, time);
        Tensor mask = places == null ? causal : causal.and(Masks.documents(places));
        Tensor positions = places == null ? tracer.iota(Shape.of(time), 0) : places;
        Dropout dropout = new Dropout(pass.training() ? settings.dropout() : 0, pass.key());
        Tensor vectors = token.apply(weights.in("token"), tokens);
        Tensor x = dropout.apply(
                rotary.isPresent()
                        ? vectors
                        : vectors.add(
                                places == null
                                        ? position.first(weights.in("position"), time)
                                        : position.apply(weights.in("position"), places)));
        List<Tensor> stream = new ArrayList<>(List.of(x));
        for (int layer = 0; layer < sizes.layers(); layer++) {
            Weights own = weights.in("block" + layer);
            Weights attention = own.in("attention");
            try (Tracer.Scope _ = tracer.segment("block" + layer)) {
                x = block.apply(
                        own,
                        x,
                        normal -> block.attention()
                                .join(
                                        attention,
                                        block.attention().attend(project(attention, normal, positions), mask, dropout)),
                        dropout);
            }
            stream.add(x);
        }
        return stream;
    }

    private Attention.Projection project(Weights attention, Tensor normal, Tensor positions) {
        Attention.Projection read = block.attention().project(attention, normal);
        return rotary.map(turning -> turning.apply(read, positions)).orElse(read);
    }

    /** The stream behind the last block as heads read it; that of a post-norm block is normalised already. */
    private Tensor last(Weights weights, Tensor x) {
        return settings.placement() == Placement.PRE ? norm.apply(weights.in("norm"), x) : x;
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        List<Parameter> cache = new ArrayList<>();
        for (int layer = 0; layer < sizes.layers(); layer++) {
            for (String name : List.of(keys(layer), values(layer))) {
                cache.add(Parameter.of(
                        name,
                        Initializer.ZEROS,
                        rows,
                        block.attention().keyValueHeads(),
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
        Tensor vectors = token.apply(weights.in("token"), tokens);
        Tensor x = rotary.isPresent() ? vectors : vectors.add(position.apply(weights.in("position"), at));
        for (int i = 0; i < sizes.layers(); i++) {
            int layer = i;
            Weights own = weights.in("block" + layer);
            try (Tracer.Scope _ = tokens.tracer().scope("block" + layer)) {
                x = block.apply(
                        own,
                        x,
                        normal -> {
                            Attention.Projection read = project(own.in("attention"), normal, at);
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
        Tensor behind = x.dynamicSlice(1, counts.sub(1), 1).reshape(rows, sizes.width());
        return new Extension(logits(weights, last(weights, behind)), written);
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
