package org.kolotoc.model.rnn;

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
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.Layer;
import org.kolotoc.nn.Linear;
import org.kolotoc.nn.Recurrent;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A recurrent language model (Mikolov et al. 2010; Sutskever et al. 2011 for characters): token vectors, recurrent layers one
 * on the other, and logits from what the last one gives. What it remembers of a text is the states of its layers, however
 * long the text is. Another head is computed from the same as the logits. {@code positions} say where in its document a token
 * stands: where one is 0 a document begins, and nothing is remembered of the one before.
 */
public final class Rnn implements IncrementalModel {
    private static final String LOGITS =
            "i32 tokens[batch,time]; i32 positions[batch,time]? -> f32 logits[batch,time,vocab];"
                    + " f32 hidden[batch,time,width]";

    private static final String REWARD = "reward";

    private final RnnSettings settings;
    private final Embedding token;
    private final Recurrent recurrent;
    private final Linear reward;

    Rnn(RnnSettings settings, Dimensions data) {
        this.settings = settings;
        this.token = new Embedding(data.get("vocab"), settings.width());
        this.recurrent = settings.cell().layer(settings.width());
        this.reward = new Linear(settings.width(), 1, false, Layer.NORMAL);
    }

    @Override
    public Signature signature() {
        return Signature.parse(
                switch (settings.head()) {
                    case LM -> LOGITS;
                    case SCALAR -> LOGITS + "; f32 reward[batch,time]";
                });
    }

    @Override
    public Set<String> heads() {
        return Set.of(REWARD);
    }

    @Override
    public List<String> adaptable() {
        return List.of("input", "recurrent");
    }

    @Override
    public Dimensions limits() {
        return Dimensions.of("time", settings.context());
    }

    @Override
    public List<Parameter> parameters() {
        return Stream.of(
                        token.in("token"),
                        layers().flatMap(recurrent::in),
                        settings.tied() ? Stream.<Parameter>empty() : token.in("head"),
                        switch (settings.head()) {
                            case LM -> Stream.<Parameter>empty();
                            case SCALAR -> reward.in(REWARD);
                        })
                .flatMap(parameters -> parameters)
                .toList();
    }

    private Stream<String> layers() {
        return IntStream.range(0, settings.layers()).mapToObj(layer -> "layer" + layer);
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Tensor tokens = inputs.get("tokens");
        Optional<Tensor> begins =
                Optional.ofNullable(inputs.get("positions")).map(positions -> positions.eq(positions.constant(0)));
        Dropout dropout = new Dropout(pass.training() ? settings.dropout() : 0, pass.key());
        Tensor x = dropout.apply(token.apply(weights.in("token"), tokens));
        for (String layer : layers().toList()) {
            try (Tracer.Scope _ = tokens.tracer().segment(layer)) {
                x = dropout.apply(recurrent.apply(weights.in(layer), x, begins).outputs());
            }
        }
        Map<String, Tensor> outputs = new HashMap<>(Map.of("logits", logits(weights, x), "hidden", x));
        switch (settings.head()) {
            case LM -> {}
            case SCALAR ->
                outputs.put(REWARD, reward.apply(weights.in(REWARD), x).reshape(tokens.shape()));
        }
        return outputs;
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        return layers().flatMap(this::states)
                .map(name -> Parameter.of(name, Initializer.ZEROS, rows, settings.width()))
                .toList();
    }

    @Override
    public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
        int rows = tokens.shape().extent(0);
        Tensor begins = positions.eq(positions.constant(0)).reshape(rows, 1);
        Tensor present = tokens.tracer().iota(tokens.shape(), 1).lt(counts.reshape(rows, 1));
        Map<String, Tensor> written = new LinkedHashMap<>();
        Tensor x = token.apply(weights.in("token"), tokens);
        for (String layer : layers().toList()) {
            List<String> names = states(layer).toList();
            List<Tensor> remembered = new ArrayList<>();
            for (String name : names) {
                Tensor state = cache.get(name);
                remembered.add(begins.select(state.constant(0), state));
            }
            try (Tracer.Scope _ = tokens.tracer().scope(layer)) {
                Recurrent.Sequence read = recurrent.apply(weights.in(layer), x, remembered, Optional.of(present));
                for (int i = 0; i < names.size(); i++) {
                    written.put(names.get(i), read.states().get(i));
                }
                x = read.outputs();
            }
        }
        // The first state of the last layer is what it gave for the last token that is there.
        Tensor last = written.get(
                states("layer" + (settings.layers() - 1)).findFirst().orElseThrow());
        return new Extension(logits(weights, last), written);
    }

    private Stream<String> states(String layer) {
        return IntStream.range(0, recurrent.states()).mapToObj(state -> layer + ".state" + state);
    }

    private Tensor logits(Weights weights, Tensor hidden) {
        return token.scores(weights.in(settings.tied() ? "token" : "head"), hidden);
    }
}
