package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Losses;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every adapter must do: begin as the model is, bit for bit; train nothing of the model; and give weights with which the
 * model alone computes the same.
 *
 * @param <S> the settings record
 */
public abstract class AdapterConformance<S extends Record> {
    private static final String MODEL = "model";
    private static final int BATCH = 4;
    private static final int STEPS = 40;
    private static final double RATE = 0.5;

    protected abstract AdapterFamily<S> family();

    protected abstract S settings();

    /**
     * A language model to be adapted; one of {@code token.weight}, {@code block0.attention.input.weight}, {@code
     * block0.attention.output.weight}, {@code head.weight} and {@code head.bias} where nothing is said.
     */
    protected Model model() {
        int vocab = Toys.text().dimensions().get("vocab");
        int width = 12;
        Initializer normal = new Initializer.Normal(0.4);
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]",
                Dimensions.of("time", 16),
                List.of(
                        Parameter.of("token.weight", normal, vocab, width),
                        Parameter.of("block0.attention.input.weight", normal, width, width),
                        Parameter.of("block0.attention.output.weight", normal, width, width),
                        Parameter.of("head.weight", normal, width, vocab),
                        Parameter.of("head.bias", Initializer.ZEROS, vocab)),
                (weights, inputs, _) -> {
                    Tensor x = weights.get("token.weight").gather(inputs.get("tokens"));
                    Weights attention = weights.in("block0.attention");
                    Tensor inner = x.matmul(attention.get("input.weight")).tanh();
                    Tensor stream = x.add(inner.matmul(attention.get("output.weight")));
                    return Map.of(
                            "logits", stream.matmul(weights.get("head.weight")).add(weights.get("head.bias")));
                });
    }

    protected Backend backend() {
        return new ReferenceBackend();
    }

    /** Settings that {@code create} must refuse, or the adapter when it sees the model. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    private Adapter adapter() {
        return family().create(settings());
    }

    private Bench bench(Model model) {
        return new Bench(backend(), Map.of(MODEL, model), Toys.text(), 1);
    }

    /** One program of a model and what it is fed. */
    private static final class Use implements AutoCloseable {
        private final BoundProgram program;
        private final Batches batches;

        /** The loss and the logits; if {@code rate} is not 0 a step of descent by all that the model calls its parameters. */
        Use(Bench bench, double rate) {
            Model model = bench.model(MODEL);
            int time = model.limits().get("time");
            Shape shape = Shape.of(BATCH, time);
            Tracer tracer = new Tracer();
            Weights weights = model.weights(tracer, MODEL);
            Tensor tokens = tracer.feed("tokens", DType.I32, shape);
            Tensor targets = tracer.feed("targets", DType.I32, shape);
            Tensor logits = model.forward(weights, Map.of("tokens", tokens), Pass.inference())
                    .get("logits");
            Tensor loss = Losses.crossEntropy(logits, targets);
            tracer.output("loss", loss);
            tracer.output("logits", logits);
            if (rate != 0) {
                List<Tensor> leaves = model.parameters().stream()
                        .map(parameter -> weights.get(parameter.name()))
                        .toList();
                List<Tensor> gradients = Gradients.of(loss, leaves);
                for (int i = 0; i < leaves.size(); i++) {
                    tracer.update(
                            leaves.get(i), leaves.get(i).sub(gradients.get(i).mul(rate)));
                }
            }
            program = bench.prepare("use", tracer.program());
            batches = bench.data().batches("train", Map.of("batch", BATCH, "time", time), 1);
        }

        double run(long index) {
            batches.fill(index, Map.of("tokens", program.buffer("tokens"), "targets", program.buffer("targets")));
            program.run();
            return program.scalar("loss");
        }

        float[] logits() {
            run(0);
            float[] logits = new float[program.buffer("logits").shape().size()];
            program.buffer("logits").read(logits);
            return logits;
        }

        @Override
        public void close() {
            program.close();
        }
    }

    private static float[] logits(Bench bench) {
        try (Use use = new Use(bench, 0)) {
            return use.logits();
        }
    }

    private static double train(Bench bench, int steps) {
        try (Use use = new Use(bench, RATE)) {
            double loss = 0;
            for (int i = 0; i < steps; i++) {
                loss = use.run(i);
            }
            return loss;
        }
    }

    private static int[] bits(float[] values) {
        int[] bits = new int[values.length];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        return bits;
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @TestFactory
    Stream<DynamicTest> settingsThatDoNotFitAreRefusedByField() {
        return refused()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.toString(),
                        () -> bad.check(() -> family().create(bad.settings()).parameters(model().parameters()))));
    }

    @Test
    void itsParametersHaveNamesOfTheirOwn() {
        Set<String> names = new HashSet<>();
        model().states().forEach(parameter -> names.add(parameter.name()));
        List<Parameter> own = adapter().parameters(model().parameters());
        assertFalse(own.isEmpty(), "it has nothing that could be trained");
        own.forEach(parameter ->
                assertTrue(names.add(parameter.name()), () -> "two parameters are called '" + parameter.name() + "'"));
    }

    @Test
    void atFirstTheModelComputesTheSameBits() {
        try (Bench plain = bench(model());
                Bench adapted = bench(adapter().around(model()))) {
            assertArrayEquals(bits(logits(plain)), bits(logits(adapted)));
        }
    }

    @Test
    void trainingIsOfItsOwnParametersAlone() {
        Model base = model();
        try (Bench bench = bench(adapter().around(base))) {
            BenchState.Snapshot before = bench.state().snapshot();
            double first = train(bench, 1);
            double last = train(bench, STEPS);
            assertTrue(last < 0.98 * first, () -> "the loss goes from " + first + " to " + last + " in " + STEPS);
            BenchState.Snapshot after = bench.state().snapshot();
            for (Parameter parameter : base.states()) {
                String name = MODEL + "/" + parameter.name();
                assertArrayEquals(before.tensors().get(name), after.tensors().get(name), () -> name + " changes");
            }
        }
    }

    @Test
    void theModelAloneComputesTheSameWithTheWeightsItMakes() {
        Model base = model();
        Adapter adapter = adapter();
        try (Bench bench = bench(adapter.around(base));
                Bench plain = bench(base)) {
            float[] untrained = logits(bench);
            train(bench, STEPS);
            Tracer tracer = new Tracer();
            Weights made = adapter.adapt(base.parameters(), bench.model(MODEL).weights(tracer, MODEL));
            List<Parameter> parameters = base.parameters();
            parameters.forEach(parameter -> tracer.output(parameter.name(), made.get(parameter.name())));
            try (BoundProgram merging = bench.prepare("merge", tracer.program())) {
                merging.run();
                for (Parameter parameter : parameters) {
                    float[] values = new float[parameter.shape().size()];
                    merging.buffer(parameter.name()).read(values);
                    plain.state().buffer(MODEL + "/" + parameter.name()).write(values);
                }
            }
            float[] expected = logits(bench);
            assertArrayEquals(expected, logits(plain), 1e-5f, "merged weights compute something else");
            List<Integer> moved = new ArrayList<>();
            for (int i = 0; i < expected.length; i++) {
                if (Math.abs(expected[i] - untrained[i]) > 1e-3) {
                    moved.add(i);
                }
            }
            assertFalse(moved.isEmpty(), "training changes nothing of what the model computes");
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        try (Bench one = bench(adapter().around(model()));
                Bench other = bench(adapter().around(model()))) {
            train(one, 5);
            train(other, 5);
            assertEquals("", one.state().snapshot().difference(other.state().snapshot()));
        }
    }
}
