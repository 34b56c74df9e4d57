package org.kolotoc.bench.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.kolotoc.bench.GptConfig;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Attention;
import org.kolotoc.nn.Dropout;
import org.kolotoc.nn.Layer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * A piece of the training step alone.
 *
 * @param name the piece and the configuration whose sizes it has; {@code gradient} where it is the way back
 * @param what shapes, for a person
 * @param indices size of the table that {@code i32} feeds point into
 */
record KernelCase(String name, String what, int indices, Function<Tracer, Program> trace) {
    Program program() {
        return trace.apply(new Tracer());
    }

    /** All of them, in the order of a step. */
    static List<KernelCase> all() {
        List<KernelCase> all = new ArrayList<>();
        for (GptConfig config : GptConfig.ALL) {
            int tokens = config.tokens();
            int width = config.width();
            product(all, "qkv", config, tokens, width, 3 * width);
            product(all, "out", config, tokens, width, width);
            product(all, "up", config, tokens, width, 4 * width);
            product(all, "down", config, tokens, 4 * width, width);
            product(all, "logits", config, tokens, width, config.vocab());
            attention(all, config);
        }
        for (GptConfig config : GptConfig.ALL) {
            rows(all, config);
        }
        ConvolutionCases.add(all);
        RecurrentCases.add(all);
        GptConfig large = GptConfig.ALL.getLast();
        embedding(all, large);
        adamw(all, large);
        return all;
    }

    private static void product(List<KernelCase> all, String name, GptConfig config, int m, int k, int n) {
        both(all, name + "-" + config.name(), "[" + m + ", " + k + "] . [" + k + ", " + n + "]", tracer -> {
            Tensor x = tracer.feed("x", DType.F32, Shape.of(m, k));
            Tensor weight = tracer.feed("weight", DType.F32, Shape.of(k, n));
            return new Way(x.matmul(weight), List.of(x, weight));
        });
    }

    /** Scores, causal softmax and what it gathers. */
    private static void attention(List<KernelCase> all, GptConfig config) {
        int headWidth = config.width() / config.heads();
        Shape shape = Shape.of(config.batch(), config.heads(), config.context(), headWidth);
        Attention attention = new Attention(config.width(), config.heads(), true, Layer.NORMAL);
        both(all, "attention-" + config.name(), "causal, " + shape, tracer -> {
            Tensor queries = tracer.feed("queries", DType.F32, shape);
            Tensor keys = tracer.feed("keys", DType.F32, shape);
            Tensor values = tracer.feed("values", DType.F32, shape);
            Tensor mask = Functions.causalMask(tracer, config.context(), config.context());
            Attention.Projection read = new Attention.Projection(queries, keys, values);
            return new Way(attention.attend(read, mask, Dropout.NONE), List.of(queries, keys, values));
        });
    }

    private static void rows(List<KernelCase> all, GptConfig config) {
        Shape hidden = Shape.of(config.tokens(), 4 * config.width());
        both(all, "gelu-" + config.name(), hidden.toString(), tracer -> {
            Tensor x = tracer.feed("x", DType.F32, hidden);
            return new Way(Functions.gelu(x), List.of(x));
        });
        Shape scores = Shape.of(config.batch() * config.heads() * config.context(), config.context());
        both(all, "softmax-" + config.name(), scores.toString(), tracer -> {
            Tensor x = tracer.feed("x", DType.F32, scores);
            return new Way(Functions.softmax(x), List.of(x));
        });
        Shape stream = Shape.of(config.tokens(), config.width());
        both(all, "layerNorm-" + config.name(), stream.toString(), tracer -> {
            Tensor x = tracer.feed("x", DType.F32, stream);
            Tensor scale = tracer.feed("scale", DType.F32, Shape.of(config.width()));
            Tensor shift = tracer.feed("shift", DType.F32, Shape.of(config.width()));
            return new Way(Functions.layerNorm(x, scale, shift, 1e-5), List.of(x, scale, shift));
        });
        Shape logits = Shape.of(config.tokens(), config.vocab());
        both(all, "crossEntropy-" + config.name(), logits.toString(), config.vocab(), tracer -> {
            Tensor x = tracer.feed("x", DType.F32, logits);
            Tensor targets = tracer.feed("targets", DType.I32, Shape.of(config.tokens()));
            return new Way(Functions.crossEntropy(x, targets), List.of(x));
        });
    }

    /** The gradient of looking rows up is to add to them. */
    private static void embedding(List<KernelCase> all, GptConfig config) {
        Shape table = Shape.of(config.vocab(), config.width());
        Shape rows = Shape.of(config.tokens(), config.width());
        Shape indices = Shape.of(config.tokens());
        all.add(new KernelCase("gather-" + config.name(), config.tokens() + " of " + table, config.vocab(), tracer -> {
            Tensor from = tracer.feed("table", DType.F32, table);
            tracer.output("rows", from.gather(tracer.feed("indices", DType.I32, indices)));
            return tracer.program();
        }));
        all.add(new KernelCase(
                "scatterAdd-" + config.name(), config.tokens() + " into " + table, config.vocab(), tracer -> {
                    Tensor from = tracer.feed("rows", DType.F32, rows);
                    tracer.output("table", from.scatterAdd(tracer.feed("indices", DType.I32, indices), config.vocab()));
                    return tracer.program();
                }));
    }

    private static void adamw(List<KernelCase> all, GptConfig config) {
        Parameter weight = Parameter.of("weight", Initializer.ZEROS, config.width(), 4 * config.width());
        AdamW adamw = new AdamW(0.9, 0.99, 1e-8, 0.1);
        all.add(new KernelCase("adamw-" + config.name(), weight.shape().toString(), 1, tracer -> {
            adamw.update(
                    List.of(weight),
                    name -> tracer.state(name, DType.F32, weight.shape()),
                    name -> tracer.state(name, DType.F32, weight.shape()),
                    List.of(tracer.feed("gradient", DType.F32, weight.shape())),
                    tracer.constant(1e-3),
                    tracer.feed("step", DType.F32, Shape.scalar()));
            return tracer.program();
        }));
    }

    /** What comes out, and what its gradient is wanted of. */
    private record Way(Tensor value, List<Tensor> from) {}

    private static void both(List<KernelCase> all, String name, String what, Function<Tracer, Way> way) {
        both(all, name, what, 1, way);
    }

    private static void both(List<KernelCase> all, String name, String what, int indices, Function<Tracer, Way> way) {
        all.add(new KernelCase(name, what, indices, tracer -> {
            tracer.output("value", way.apply(tracer).value());
            return tracer.program();
        }));
        all.add(new KernelCase(name + "-gradient", what, indices, tracer -> {
            Way forward = way.apply(tracer);
            Tensor cotangent =
                    tracer.feed("cotangent", DType.F32, forward.value().shape());
            List<Tensor> gradients = Gradients.vjp(forward.value(), cotangent, forward.from());
            for (int i = 0; i < gradients.size(); i++) {
                tracer.output("gradient" + i, gradients.get(i));
            }
            return tracer.program();
        }));
    }
}
