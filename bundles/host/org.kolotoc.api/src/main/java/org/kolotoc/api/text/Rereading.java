package org.kolotoc.api.text;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * A causal language model that remembers its tokens and nothing of what it made of them. What lies behind the last token is
 * what a causal model does not see.
 */
record Rereading(Model model) implements IncrementalModel {
    private static final Signature NEEDED = Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");

    private static final String TEXT = "text";

    static Rereading of(Model model) {
        if (!model.signature().offers(NEEDED)) {
            throw InputError.of(
                    "the model can't write text: expected the signature '" + NEEDED + "', it has '" + model.signature()
                            + "'",
                    "choose a language model");
        }
        if (readsBothWays(model.signature())) {
            throw InputError.of(
                    "the model can't go on from a text: it reads to both sides, by the signature '" + model.signature()
                            + "', so what it holds for likely at a token was computed with the tokens behind",
                    "choose a model that reads to the left alone, such as \"gpt\"");
        }
        return new Rereading(model);
    }

    /** Nobody has to tell a causal model which of its tokens only pad: these are behind all that it sees. */
    private static boolean readsBothWays(Signature signature) {
        return signature.inputs().stream()
                .anyMatch(port -> port.name().equals("present") && port.axes().equals(List.of("batch", "time")));
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public List<Parameter> parameters() {
        return model.parameters();
    }

    @Override
    public List<Parameter> statistics() {
        return model.statistics();
    }

    @Override
    public Dimensions limits() {
        return model.limits();
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        return model.forward(weights, inputs, pass);
    }

    @Override
    public List<Parameter> cache(int rows, int length) {
        return List.of(new Parameter(TEXT, DType.I32, Shape.of(rows, length), Initializer.ZEROS));
    }

    @Override
    public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
        Tensor text = cache.get(TEXT).dynamicUpdate(1, tokens, positions);
        int time = limits().getOr("time", text.shape().extent(1));
        Tensor window = text.slice(1, 0, Math.min(time, text.shape().extent(1)));
        Tensor logits = model.forward(weights, Map.of("tokens", window), Pass.inference())
                .get("logits");
        Tensor last = logits.dynamicSlice(1, positions.add(counts).sub(1), 1);
        return new Extension(last.reshape(last.shape().extent(0), last.shape().extent(2)), Map.of(TEXT, text));
    }
}
