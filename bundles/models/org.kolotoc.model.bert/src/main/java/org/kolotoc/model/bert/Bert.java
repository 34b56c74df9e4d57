package org.kolotoc.model.bert;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.model.bert.BertSettings.Pooling;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.LayerNorm;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.Masks;
import org.kolotoc.nn.Mlp;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * BERT (Devlin et al., arXiv:1810.04805): token, position and type vectors, normalised, then post-norm blocks in which every
 * token looks at all that are present. Logits are of the token vectors behind one more layer; classes are of the first token
 * behind a pooler. With positions from 2 on it is RoBERTa (Liu et al., arXiv:1907.11692). With norms before what they belong to
 * there is one more at the end.
 */
public final class Bert implements Model {
    private static final Set<String> HEADS = Set.of("head", "pooler", "classes");

    private final BertSettings settings;
    private final Embedding token;
    private final Embedding position;
    private final Embedding type;
    private final LayerNorm norm;
    private final TransformerBlock block;
    private final Linear dense;
    private final Linear classes;

    Bert(BertSettings settings, Dimensions data) {
        int width = settings.width();
        int hidden = settings.mlpWidth() == 0 ? settings.mlpRatio() * width : settings.mlpWidth();
        this.settings = settings;
        this.token = new Embedding(data.get("vocab"), width);
        this.position = new Embedding(settings.context() + settings.firstPosition(), width);
        this.type = new Embedding(settings.types(), width);
        this.norm = new LayerNorm(width, true, settings.normEpsilon());
        this.block = new TransformerBlock(
                norm,
                settings.placement(),
                new Attention(width, settings.heads(), true, Layer.NORMAL),
                Optional.empty(),
                new Mlp(width, hidden, settings.activation(), true, Layer.NORMAL));
        this.dense = new Linear(width, width);
        this.classes = settings.head() == Head.CLASSIFIER
                ? new Linear(width, settings.classes() == 0 ? data.get("class") : settings.classes())
                : dense;
    }

    @Override
    public Signature signature() {
        String types = settings.types() > 0 ? "; i32 types[batch,time]?" : "";
        String outputs = switch (settings.head()) {
            case MASKED -> "f32 logits[batch,time,vocab]; ";
            case CLASSIFIER -> "f32 classes[batch,class]; f32 pooled[batch,width]; ";
            case NONE -> "";
        };
        return Signature.parse("i32 tokens[batch,time]; bool present[batch,time]?" + types + " -> " + outputs
                + "f32 hidden[batch,time,width]");
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
        return Dimensions.of("time", settings.context());
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(
                        token.in("token"),
                        position.in("position"),
                        settings.types() > 0 ? type.in("type") : Stream.<Parameter>empty(),
                        norm.in("norm"),
                        IntStream.range(0, settings.layers()).boxed().flatMap(layer -> block.in("block" + layer)),
                        settings.placement() == Placement.PRE ? norm.in("last") : Stream.<Parameter>empty(),
                        switch (settings.head()) {
                            case MASKED ->
                                Stream.of(
                                                dense.in("head.dense"),
                                                norm.in("head.norm"),
                                                Stream.of(Parameter.of("head.bias", Initializer.ZEROS, token.rows())))
                                        .flatMap(parameters -> parameters);
                            case CLASSIFIER ->
                                settings.pooling() == Pooling.FIRST
                                        ? Stream.concat(dense.in("pooler"), classes.in("classes"))
                                        : classes.in("classes");
                            case NONE -> Stream.<Parameter>empty();
                        })
                .flatMap(parameters -> parameters)
                .map(this::begun)
                .toList();
    }

    private Parameter begun(Parameter parameter) {
        return parameter.initializer().equals(Layer.NORMAL)
                ? new Parameter(
                        parameter.name(),
                        parameter.dtype(),
                        parameter.shape(),
                        new Initializer.Normal(settings.deviation()))
                : parameter;
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Dropout dropout = new Dropout(pass.training() ? settings.dropout() : 0, pass.key());
        Tensor hidden = last(weights, stream(weights, inputs, dropout).getLast());
        return switch (settings.head()) {
            case MASKED -> Map.of("logits", logits(weights, hidden), "hidden", hidden);
            case CLASSIFIER -> {
                Tensor pooled = pooled(weights, hidden, inputs.get("present"));
                yield Map.of(
                        "classes",
                        classes.apply(weights.in("classes"), dropout.apply(pooled)),
                        "pooled",
                        pooled,
                        "hidden",
                        hidden);
            }
            case NONE -> Map.of("hidden", hidden);
        };
    }

    /** The stream behind the last block as heads read it; that of a post-norm block is normalised already. */
    private Tensor last(Weights weights, Tensor x) {
        return settings.placement() == Placement.PRE ? norm.apply(weights.in("last"), x) : x;
    }

    /** What classes are computed from: {@code [batch, width]}. */
    private Tensor pooled(Weights weights, Tensor hidden, Tensor present) {
        int rows = hidden.shape().extent(0);
        if (settings.pooling() == Pooling.FIRST) {
            Tensor first = hidden.slice(1, 0, 1).reshape(rows, settings.width());
            return dense.apply(weights.in("pooler"), first).tanh();
        }
        if (present == null) {
            return Functions.mean(hidden, 1);
        }
        Tensor there = present.cast(DType.F32).reshape(rows, hidden.shape().extent(1), 1);
        return hidden.mul(there).sum(1).div(there.sum(1).maximum(1));
    }

    private Tensor logits(Weights weights, Tensor hidden) {
        Tensor changed = settings.activation().apply(dense.apply(weights.in("head.dense"), hidden));
        Tensor scores = token.scores(weights.in("token"), norm.apply(weights.in("head.norm"), changed));
        return scores.add(weights.get("head.bias"));
    }

    /** The residual stream {@code [batch, time, width]} before the first block and after each. */
    List<Tensor> stream(Weights weights, Map<String, Tensor> inputs, Dropout dropout) {
        Tensor tokens = inputs.get("tokens");
        Tensor present = inputs.get("present");
        Tracer tracer = tokens.tracer();
        Tensor sum = token.apply(weights.in("token"), tokens).add(positions(weights.in("position"), tokens, present));
        if (settings.types() > 0) {
            Tensor types = inputs.get("types");
            Weights own = weights.in("type");
            sum = sum.add(types == null ? type.first(own, 1) : type.apply(own, types));
        }
        Tensor x = dropout.apply(norm.apply(weights.in("norm"), sum));
        Tensor mask = present == null ? null : Masks.padding(present);
        List<Tensor> stream = new ArrayList<>(List.of(x));
        for (int layer = 0; layer < settings.layers(); layer++) {
            try (Tracer.Scope _ = tracer.segment("block" + layer)) {
                x = block.apply(weights.in("block" + layer), x, mask, dropout);
            }
            stream.add(x);
        }
        return stream;
    }

    /** RoBERTa counts the tokens that are present; the others have the vector before the first. */
    private Tensor positions(Weights weights, Tensor tokens, Tensor present) {
        int first = settings.firstPosition();
        if (first == 0 || present == null) {
            return position.range(weights, first, tokens.shape().extent(1));
        }
        Tensor there = present.cast(DType.F32);
        Tensor counted = there.cumulativeSum(1).mul(there).cast(DType.I32);
        return position.apply(weights, counted.add(first - 1));
    }
}
