package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Clipping;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Embedding;
import org.kolotoc.nn.LayerNorm;
import org.kolotoc.nn.Losses;
import org.kolotoc.nn.TransformerBlock;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Whole training steps of small language models: forward, backward, clipping and AdamW in one program. */
final class TrainingCases {
    /** Sizes of one model. */
    private record Sizes(
            int layers,
            int heads,
            int width,
            int vocab,
            int batch,
            int time,
            double dropout,
            boolean recomputing,
            Op.Precision precision) {
        Sizes(int layers, int heads, int width, int vocab, int batch, int time, double dropout, boolean recomputing) {
            this(layers, heads, width, vocab, batch, time, dropout, recomputing, Op.Precision.F32);
        }
    }

    private TrainingCases() {}

    static Stream<Case> all() {
        return Stream.of(
                        new Sizes(1, 1, 1, 2, 1, 1, 0, false),
                        new Sizes(1, 3, 15, 7, 2, 5, 0, false),
                        new Sizes(2, 2, 32, 65, 3, 17, 0, false),
                        new Sizes(2, 4, 24, 33, 2, 9, 0.2, false),
                        new Sizes(3, 4, 24, 33, 2, 9, 0.2, true),
                        new Sizes(2, 2, 32, 65, 3, 17, 0, false, Op.Precision.BF16),
                        new Sizes(2, 2, 32, 65, 3, 17, 0, false, Op.Precision.TF32),
                        new Sizes(1, 4, 128, 65, 12, 64, 0, false))
                .map(TrainingCases::step);
    }

    private static Case step(Sizes sizes) {
        Case test = Case.of("training step of " + sizes, t -> trace(t, sizes))
                .with("tokens", Values.integers(0, sizes.vocab()))
                .with("targets", Values.integers(0, sizes.vocab()))
                .with("rate", Values.of(1e-3))
                .with("step", Values.of(2))
                .times(sizes.width() > 100 ? 1 : 3);
        for (Parameter parameter : parameters(sizes)) {
            test = test.with(parameter.name(), content(parameter));
            test = test.with("first." + parameter.name(), Values.of(0));
            test = test.with("second." + parameter.name(), Values.of(0));
        }
        return test;
    }

    /** As initialised, but wider, so that gradients stand out from rounding. */
    private static Values content(Parameter parameter) {
        return parameter.name().contains("norm") && parameter.name().endsWith("weight")
                ? Values.of(1)
                : Values.normal(0.1);
    }

    private static List<Parameter> parameters(Sizes sizes) {
        List<Parameter> parameters = new ArrayList<>();
        parameters.addAll(
                new Embedding(sizes.vocab(), sizes.width()).in("token").toList());
        parameters.addAll(
                new Embedding(sizes.time(), sizes.width()).in("position").toList());
        for (int layer = 0; layer < sizes.layers(); layer++) {
            parameters.addAll(block(sizes).in("block" + layer).toList());
        }
        parameters.addAll(new LayerNorm(sizes.width()).in("norm").toList());
        return parameters;
    }

    /** Without biases: a bias of keys has gradient 0 but for rounding, which AdamW would blow up to a whole step. */
    private static TransformerBlock block(Sizes sizes) {
        return TransformerBlock.of(sizes.width(), sizes.heads(), 4, sizes.layers(), false, true);
    }

    private static void trace(Tracer t, Sizes sizes) {
        try (Tracer.Scope _ = t.products(sizes.precision())) {
            step(t, sizes);
        }
    }

    private static void step(Tracer t, Sizes sizes) {
        List<Parameter> parameters = parameters(sizes);
        Map<String, Tensor> leaves = new HashMap<>();
        parameters.forEach(p -> leaves.put(p.name(), t.state(p.name(), p.dtype(), p.shape())));
        Weights weights = leaves::get;
        Tensor tokens = t.feed("tokens", DType.I32, Shape.of(sizes.batch(), sizes.time()));
        Tensor targets = t.feed("targets", DType.I32, Shape.of(sizes.batch(), sizes.time()));
        Dropout dropout = new Dropout(sizes.dropout(), t.feed("key", DType.I32, Shape.of(2)));

        Embedding token = new Embedding(sizes.vocab(), sizes.width());
        Tensor x = token.apply(weights.in("token"), tokens).add(weights.get("position.weight"));
        Tensor mask = Functions.causalMask(t, sizes.time(), sizes.time());
        for (int layer = 0; layer < sizes.layers(); layer++) {
            try (Tracer.Scope _ = t.segment("block" + layer)) {
                x = block(sizes).apply(weights.in("block" + layer), x, mask, dropout);
            }
        }
        Tensor last = new LayerNorm(sizes.width()).apply(weights.in("norm"), x);
        Tensor loss = Losses.crossEntropy(token.scores(weights.in("token"), last), targets);

        List<Tensor> wrt = parameters.stream().map(p -> leaves.get(p.name())).toList();
        List<Tensor> gradients = sizes.recomputing() ? Gradients.rematerializing(loss, wrt) : Gradients.of(loss, wrt);
        Clipping clipped = Clipping.globalNorm(gradients, 1);
        // A wide epsilon, so that elements whose gradient is almost 0 do not turn rounding into a step.
        AdamW adamW = new AdamW(0.9, 0.95, 1e-3, 0.1);
        Map<String, Tensor> moments = new HashMap<>();
        adamW.state(parameters).forEach(p -> moments.put(p.name(), t.state(p.name(), p.dtype(), p.shape())));
        adamW.update(
                parameters,
                weights,
                moments::get,
                clipped.gradients(),
                t.feed("rate", DType.F32, Shape.scalar()),
                t.feed("step", DType.F32, Shape.scalar()));
        t.output("loss", loss);
        t.output("norm", clipped.norm());
        IntStream.range(0, wrt.size())
                .forEach(i -> t.output(
                        "gradient of " + parameters.get(i).name(),
                        clipped.gradients().get(i)));
    }
}
