package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature.Port;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Losses;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every model family must do, on the reference backend.
 *
 * <pre>
 * class GptFamilyTest extends ModelFamilyConformance&lt;GptSettings&gt; {
 *     protected ModelFamily&lt;GptSettings&gt; family() { return new GptFamily(); }
 *     protected GptSettings settings() { return new GptSettings(...); }
 * }
 * </pre>
 *
 * @param <S> the settings record
 */
public abstract class ModelFamilyConformance<S extends Record> {
    private static final int PROBES = 4;
    private static final double STEP = 1e-5;
    private static final String ROLE = "model";

    protected abstract ModelFamily<S> family();

    /** Settings of a small model. */
    protected abstract S settings();

    /** What the data states. */
    protected Dimensions dimensions() {
        return Dimensions.of("vocab", 7);
    }

    /** Extents of the axes of the signature; others are taken from {@link #dimensions}, the rest is 3. */
    protected Map<String, Integer> axes() {
        return Map.of("batch", 2, "time", 5);
    }

    /** Settings whose values do not fit each other. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    /** Of a family that writes checkpoints for another library: whether that has a model of these {@link #settings}. */
    protected boolean written() {
        return true;
    }

    private Model model() {
        return family().create(settings(), dimensions());
    }

    @Test
    void whatIsWrittenForAnotherLibraryIsReadBack() {
        if (family() instanceof ForeignFamily<?> foreign) {
            check(foreign);
        }
    }

    /** Both are one plugin, so that they have the same settings. */
    @SuppressWarnings("unchecked")
    private void check(ForeignFamily<?> foreign) {
        ForeignChecks.check(family(), (ForeignFamily<S>) foreign, settings(), dimensions(), written());
    }

    @Test
    void settingsAreARecordOfTheFamily() {
        assertTrue(family().settings().isInstance(settings()));
    }

    @TestFactory
    Stream<DynamicTest> settingsThatDoNotFitAreRefusedByField() {
        return refused()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.toString(), () -> bad.check(() -> family().create(bad.settings(), dimensions()))));
    }

    @Test
    void parametersHaveDifferentNamesAndStay() {
        List<Parameter> parameters = model().parameters();
        assertFalse(parameters.isEmpty());
        Set<String> names = parameters.stream().map(Parameter::name).collect(Collectors.toSet());
        assertEquals(parameters.size(), names.size(), () -> "names repeat: " + parameters);
        assertEquals(parameters, model().parameters());
    }

    @Test
    void theSeedDecidesTheFirstWeights() {
        assertEquals("", weights(3).difference(weights(3)));
        assertFalse(weights(3).difference(weights(4)).isEmpty(), "another seed gives the same weights");
    }

    private BenchState.Snapshot weights(long seed) {
        try (Bench bench = Bench.of(model(), null, seed)) {
            return bench.state().snapshot();
        }
    }

    @Test
    void outputsAreThoseOfTheSignature() {
        outputsAreRight(_ -> true);
    }

    @Test
    void theyAreSoWithoutWhatMayBeLeftOut() {
        outputsAreRight(port -> !port.optional());
    }

    private void outputsAreRight(Predicate<Port> given) {
        Model model = model();
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = feeds(tracer, model);
        List<Port> ports = model.signature().inputs().stream().filter(given).toList();
        inputs.keySet().retainAll(ports.stream().map(Port::name).toList());
        Map<String, Tensor> outputs = model.forward(model.weights(tracer, ROLE), inputs, Pass.inference());
        Map<String, Integer> extents = new HashMap<>();
        ports.forEach(port -> agree(port, inputs.get(port.name()), extents));
        for (Port port : model.signature().outputs()) {
            assertTrue(outputs.containsKey(port.name()), () -> "no output '" + port.name() + "': " + outputs.keySet());
            agree(port, outputs.get(port.name()), extents);
        }
        dimensions()
                .extents()
                .forEach((axis, extent) ->
                        assertEquals(extent, extents.getOrDefault(axis, extent), () -> "extent of " + axis));
    }

    /** Axes of one name have one extent. */
    private static void agree(Port port, Tensor tensor, Map<String, Integer> extents) {
        assertEquals(port.dtype(), tensor.dtype(), port::toString);
        assertEquals(port.axes().size(), tensor.shape().rank(), port::toString);
        for (int i = 0; i < port.axes().size(); i++) {
            Integer known =
                    extents.putIfAbsent(port.axes().get(i), tensor.shape().extent(i));
            if (known != null) {
                assertEquals(
                        known,
                        tensor.shape().extent(i),
                        port + ", axis " + port.axes().get(i));
            }
        }
    }

    @Test
    void aSavedModelGivesTheSameBits() {
        Model model = model();
        try (Bench bench = Bench.of(model, null, 5);
                Bench other = Bench.of(model(), null, 6)) {
            Map<String, Trial.Result> expected = outputs(bench, model);
            other.state().restore(bench.state().snapshot());
            outputs(other, other.model(ROLE))
                    .forEach((name, result) -> assertTrue(
                            Arrays.equals(expected.get(name).bits(), result.bits()), () -> "output " + name));
        }
    }

    private Map<String, Trial.Result> outputs(Bench bench, Model model) {
        Tracer tracer = new Tracer();
        new TreeMap<>(model.forward(model.weights(tracer, ROLE), feeds(tracer, model), Pass.inference()))
                .forEach(tracer::output);
        try (BoundProgram program = bench.prepare("forward", tracer.program())) {
            fill(program, model);
            program.run();
            return model.signature().outputs().stream()
                    .collect(Collectors.toMap(Port::name, port -> Trial.Result.of(program.buffer(port.name()))));
        }
    }

    /** A use in training says of each statistic what it is after it, with what the optimiser is given apart; no other does. */
    @Test
    void trainingKeepsEveryStatisticAndNothingElseDoes() {
        Model model = model();
        Set<String> names = model.statistics().stream().map(Parameter::name).collect(Collectors.toSet());
        model.parameters()
                .forEach(parameter -> assertFalse(
                        names.contains(parameter.name()), () -> parameter.name() + " is a parameter and a statistic"));
        Tracer tracer = new Tracer();
        Pass training = Pass.training(key(tracer));
        model.forward(model.weights(tracer, ROLE), feeds(tracer, model), training);
        assertEquals(names, training.kept().keySet(), "statistics that a use in training keeps");
        model.statistics().forEach(statistic -> {
            Tensor next = training.kept().get(statistic.name());
            assertEquals(statistic.shape(), next.shape(), statistic::name);
            assertEquals(statistic.dtype(), next.dtype(), statistic::name);
        });
        Pass inference = Pass.inference();
        model.forward(model.weights(tracer, ROLE), feeds(tracer, model), inference);
        assertEquals(Set.of(), inference.kept().keySet(), "statistics that a use beside training keeps");
    }

    @Test
    void gradientsAreThoseOfFiniteDifferences() {
        gradients(_ -> Pass.inference());
    }

    /** With statistics of the batch, and random numbers of one key. */
    @Test
    void gradientsInTrainingAreThoseOfFiniteDifferences() {
        gradients(tracer -> Pass.training(key(tracer)));
    }

    /** Zeros, where nobody fills it. */
    private static Tensor key(Tracer tracer) {
        return tracer.feed("key", DType.I32, Shape.of(2));
    }

    private void gradients(Function<Tracer, Pass> pass) {
        Model model = model();
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, ROLE);
        Tensor loss = distance(tracer, model, weights, pass.apply(tracer));
        List<Parameter> parameters = model.parameters();
        List<Tensor> gradients = Gradients.of(
                loss, parameters.stream().map(p -> weights.get(p.name())).toList());
        tracer.output("loss", loss);
        for (int i = 0; i < parameters.size(); i++) {
            tracer.output("gradient " + parameters.get(i).name(), gradients.get(i));
        }
        try (Bench bench = new Bench(
                        new ReferenceBackend(ReferenceBackend.Precision.DOUBLE), Map.of(ROLE, model), null, 7);
                BoundProgram program = bench.prepare("gradients", tracer.program())) {
            fill(program, model);
            for (Parameter parameter : parameters) {
                compare(parameter, bench, program);
            }
        }
    }

    private static void compare(Parameter parameter, Bench bench, BoundProgram program) {
        double[] weights = ReferenceBackend.elements(bench.state().buffer(ROLE + "/" + parameter.name()));
        CounterRandom random = new CounterRandom(8, parameter.name());
        program.run();
        double[] gradient = ReferenceBackend.elements(program.buffer("gradient " + parameter.name()))
                .clone();
        for (int probe = 0; probe < Math.min(PROBES, weights.length); probe++) {
            int at = random.integer(probe, weights.length);
            double before = weights[at];
            double difference = (loss(program, weights, at, before + STEP) - loss(program, weights, at, before - STEP))
                    / (2 * STEP);
            weights[at] = before;
            assertEquals(
                    difference,
                    gradient[at],
                    1e-3 * Math.abs(difference) + 1e-6,
                    () -> "derivative by element " + at + " of " + parameter.name());
        }
    }

    private static double loss(BoundProgram program, double[] weights, int at, double value) {
        weights[at] = value;
        program.run();
        return ReferenceBackend.elements(program.buffer("loss"))[0];
    }

    @Test
    void itLearns() {
        Model model = model();
        AdamW adamW = new AdamW(0.9, 0.95, 1e-8, 0);
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, ROLE);
        Tensor loss = distance(tracer, model, weights, Pass.inference());
        List<Parameter> parameters = model.parameters();
        Tensor step = tracer.feed("step", DType.F32, Shape.scalar());
        adamW.minimize(loss, parameters, weights, "optimizer", tracer.constant(0.01), step);
        tracer.output("loss", loss);
        try (Bench bench = Bench.of(model, null, 9)) {
            bench.state().declare("optimizer", adamW.state(parameters));
            try (BoundProgram program = bench.prepare("learn", tracer.program())) {
                fill(program, model);
                double first = 0;
                for (int i = 1; i <= 40; i++) {
                    program.buffer("step").write(new float[] {i});
                    program.run();
                    first = i == 1 ? program.scalar("loss") : first;
                }
                double last = program.scalar("loss");
                assertTrue(last < 0.9 * first, "40 steps took the loss from " + first + " to " + last);
            }
        }
    }

    /** Mean square between the outputs and random ones. */
    private Tensor distance(Tracer tracer, Model model, Weights weights, Pass pass) {
        Map<String, Tensor> outputs = model.forward(weights, feeds(tracer, model), pass);
        return model.signature().outputs().stream()
                .filter(port -> port.dtype() == DType.F32)
                .map(port -> {
                    Tensor output = outputs.get(port.name());
                    Tensor wanted = tracer.feed("wanted " + port.name(), DType.F32, output.shape());
                    return Losses.meanSquare(output, wanted);
                })
                .reduce(Tensor::add)
                .orElseThrow();
    }

    /** Of a model that goes on from what it has read; there are none of any other. */
    @TestFactory
    Stream<DynamicTest> whatItReadsInRowsIsWhatItReadsWhole() {
        return model() instanceof IncrementalModel incremental
                ? new IncrementalChecks(incremental, dimensions().get("vocab")).all()
                : Stream.empty();
    }

    private Map<String, Tensor> feeds(Tracer tracer, Model model) {
        Map<String, Tensor> feeds = new HashMap<>();
        for (Port port : model.signature().inputs()) {
            int[] extents = port.axes().stream()
                    .mapToInt(axis -> axes().getOrDefault(axis, dimensions().getOr(axis, 3)))
                    .toArray();
            feeds.put(port.name(), tracer.feed(port.name(), port.dtype(), Shape.of(extents)));
        }
        return feeds;
    }

    /** Whole numbers below the vocabulary for inputs of whole numbers; normal numbers for what is wanted. */
    private void fill(BoundProgram program, Model model) {
        for (Port port : model.signature().inputs()) {
            fill(program.buffer(port.name()), port.name());
        }
        for (Port port : model.signature().outputs()) {
            String wanted = "wanted " + port.name();
            if (hasBuffer(program, wanted)) {
                fill(program.buffer(wanted), wanted);
            }
        }
    }

    private static boolean hasBuffer(BoundProgram program, String name) {
        try {
            return program.buffer(name) != null;
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private void fill(Buffer buffer, String name) {
        CounterRandom random = new CounterRandom(10, name);
        int size = buffer.shape().size();
        if (buffer.dtype() == DType.F32) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.normal(i);
            }
            buffer.write(values);
        } else {
            int bound = buffer.dtype() == DType.BOOL ? 2 : dimensions().getOr("vocab", 2);
            int[] values = new int[size];
            for (int i = 0; i < size; i++) {
                values[i] = random.integer(i, bound);
            }
            buffer.write(values);
        }
    }
}
