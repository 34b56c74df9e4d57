package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every phase must do, with toy models and data.
 *
 * <pre>
 * class PretrainTest extends PhaseConformance&lt;PretrainSettings&gt; {
 *     protected Phase&lt;PretrainSettings&gt; phase() { return new Pretrain(); }
 *     protected PretrainSettings settings() { return new PretrainSettings(40, ...); }
 * }
 * </pre>
 *
 * @param <S> the settings record
 */
public abstract class PhaseConformance<S extends Record> {
    protected abstract Phase<S> phase();

    /** Settings of at least 10 steps in which the loss falls. */
    protected abstract S settings();

    /** Settings that differ from {@link #settings} in how batches are cut alone: they measure the same on held-out data. */
    protected Stream<S> otherBatches() {
        return Stream.empty();
    }

    /** The models it trains, by role; a bigram table where the phase trains language models. */
    protected Map<String, Model> models() {
        return Map.of("model", Toys.bigram(data().dimensions().get("vocab")));
    }

    /** Those of the {@link #models} that follow others and are no optimiser's: moving averages. */
    protected Set<String> averages() {
        return Set.of();
    }

    protected Dataset data() {
        return Toys.text();
    }

    /** What text became tokens by; that of the data where it is text. */
    protected Optional<Tokenizer> tokenizer() {
        return data() instanceof TextDataset text ? Optional.of(text.tokenizer()) : Optional.empty();
    }

    protected Backend backend() {
        return new ReferenceBackend();
    }

    /** Settings that don't fit each other, the models or the data. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    /**
     * The measure of a step that must get better from the first steps to the last: it falls, or rises where higher is better.
     * The first one declared, if not another.
     */
    protected String falling() {
        return phase().measures(settings()).stream()
                .filter(measure -> measure.taken() == Measure.Taken.STEP)
                .map(Measure::name)
                .findFirst()
                .orElseThrow(() -> new AssertionError("the phase declares no measure of a step"));
    }

    private boolean rises() {
        return phase().measures(settings()).stream()
                .anyMatch(measure -> measure.name().equals(falling()) && measure.better() == Measure.Better.HIGHER);
    }

    private Set<String> declared(Measure.Taken... taken) {
        return phase().measures(settings()).stream()
                .filter(measure -> Set.of(taken).contains(measure.taken()))
                .map(Measure::name)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private Bench bench(long seed) {
        Bench bench = new Bench(backend(), models(), data(), seed).withSteps(steps());
        return tokenizer().map(bench::withTokenizer).orElse(bench);
    }

    /** How many steps it takes to see what it does, at least 10. */
    protected long steps() {
        return Bench.STEPS;
    }

    private BenchState.Snapshot trained(long seed, long steps) {
        try (Bench bench = bench(seed)) {
            bench.train(phase(), settings(), 0, steps);
            return bench.state().snapshot();
        }
    }

    @Test
    void settingsAreARecordOfThePhase() {
        assertTrue(phase().settings().isInstance(settings()));
        assertTrue(steps() >= 10, "the suite needs settings of 10 steps or more");
    }

    @TestFactory
    Stream<DynamicTest> settingsThatDoNotFitAreRefusedByField() {
        return refused()
                .map(bad -> DynamicTest.dynamicTest(bad.toString(), () -> {
                    try (Bench bench = bench(1)) {
                        bad.check(() -> phase().prepare(bad.settings(), bench));
                    }
                }));
    }

    @Test
    void whatItNeedsIsThereAndNothingUnsuitableWillDo() {
        Needs needs = phase().needs(settings());
        assertEquals(models().keySet(), needs.models().keySet(), "models that the phase says it needs");
        needs.models().forEach((formal, signature) -> {
            assertEquals(List.of(), models().get(formal).signature().lacks(signature), formal);
            assertFalse(Toys.unsuitable().signature().offers(signature), () -> formal + " may be anything");
        });
        needs.data()
                .forEach((formal, fields) ->
                        assertEquals(List.of(), Signature.missing("field", data().fields(), fields), formal));
    }

    @Test
    void aModelThatIsNotNeededIsNotAskedFor() {
        Set<String> asked = new TreeSet<>();
        try (Bench bench = bench(1)) {
            phase().prepare(settings(), new Listening(bench, asked)).close();
        }
        assertTrue(phase().needs(settings()).models().keySet().containsAll(asked), () -> "asks for " + asked);
    }

    @Test
    void itTrainsWithTheOptimizerThatIsNamed() {
        if (!phase().needs(settings()).takesOptimizer()) {
            return;
        }
        AtomicInteger updates = new AtomicInteger();
        Optimizer still = Optimizer.perParameter(List.of("seen"), (weight, memory, gradient, rate, _) -> {
            updates.incrementAndGet();
            // Too little to change a weight, and a use of all that it is given.
            Tensor step = gradient.mul(rate).mul(0);
            return List.of(weight.add(step), memory.getFirst().add(1));
        });
        try (Bench bench = bench(1)) {
            Bench named = bench.withOptimizer(still);
            BenchState.Snapshot before = named.state().snapshot();
            named.train(phase(), settings(), 0, 3);
            BenchState.Snapshot after = named.state().snapshot();
            assertTrue(updates.get() > 0, "it never asks the optimiser for an update");
            assertTrue(
                    after.tensors().keySet().stream().anyMatch(name -> name.contains("/seen.")),
                    () -> "what the optimiser remembers is not in the train state: "
                            + after.tensors().keySet());
            // Statistics are no optimiser's.
            Set<String> kept = models().entrySet().stream()
                    .flatMap(model -> model.getValue().statistics().stream()
                            .map(statistic -> model.getKey() + "/" + statistic.name()))
                    .collect(Collectors.toSet());
            before.tensors().forEach((name, bits) -> {
                if (!kept.contains(name) && !averages().contains(name.split("/", 2)[0])) {
                    assertArrayEquals(
                            bits,
                            after.tensors().get(name),
                            () -> name + " changes, though the optimiser changes nothing");
                }
            });
        }
    }

    @Test
    void theSameSeedGivesTheSameBits() {
        assertEquals("", trained(1, 6).difference(trained(1, 6)));
    }

    @Test
    void anotherSeedGivesOthers() {
        assertFalse(trained(1, 6).difference(trained(2, 6)).isEmpty());
    }

    @Test
    void whatMustFallFalls() {
        long steps = steps();
        try (Bench bench = bench(1);
                Training training = phase().prepare(settings(), bench)) {
            Map<String, Double> last = new TreeMap<>();
            double early = 0;
            double late = 0;
            for (long step = 0; step < steps; step++) {
                training.step(step, last::put);
                assertEquals(
                        declared(Measure.Taken.STEP, Measure.Taken.WORK),
                        last.keySet(),
                        "a step puts what is declared");
                early += step < steps / 4 ? last.get(falling()) : 0;
                late += step >= steps - steps / 4 ? last.get(falling()) : 0;
                last.clear();
            }
            double from = early / (steps / 4);
            double to = late / (steps / 4);
            assertTrue(rises() ? to > from : to < from, () -> falling() + " went from " + from + " to " + to);
        }
    }

    @Test
    void stoppedAndResumedAnywhereItEndsWithTheSameBits() {
        BenchState.Snapshot expected = trained(3, 8);
        for (long stop : new long[] {1, 5}) {
            try (Bench resumed = bench(99)) {
                // Another seed initialises what is not restored, so that nothing forgotten goes unseen.
                phase().prepare(settings(), resumed).close();
                resumed.state().restore(trained(3, stop));
                Bench sameSeed = resumed.withSeed(3);
                sameSeed.train(phase(), settings(), stop, 8);
                assertEquals("", expected.difference(resumed.state().snapshot()), "stopped at " + stop);
            }
        }
    }

    @Test
    void whatLivesWithinAStepIsZeroAfterIt() {
        try (Bench bench = bench(7)) {
            bench.train(phase(), settings(), 0, 3);
            assertEquals("", bench.state().leftWithinStep());
        }
    }

    @Test
    void swappedForItselfItEndsWithTheSameBits() {
        BenchState.Snapshot expected = trained(4, 8);
        try (Bench bench = bench(4)) {
            bench.train(phase(), settings(), 0, 3);
            bench.train(phase(), settings(), 3, 8);
            assertEquals("", expected.difference(bench.state().snapshot()));
        }
    }

    @Test
    void evaluationChangesNothingAndIsRepeatable() {
        try (Bench bench = bench(5);
                Training training = phase().prepare(settings(), bench)) {
            training.step(0, (_, _) -> {});
            BenchState.Snapshot before = bench.state().snapshot();
            Map<String, Double> first = Bench.measured(training::evaluate);
            assertEquals("", before.difference(bench.state().snapshot()));
            assertEquals(first, Bench.measured(training::evaluate));
            if (data().splits().contains("validation")) {
                assertEquals(declared(Measure.Taken.EVALUATION), first.keySet(), "an evaluation puts what is declared");
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> heldOutDataCountsTheSameHoweverItIsCut() {
        return otherBatches()
                .map(other -> DynamicTest.dynamicTest(other.toString(), () -> {
                    Map<String, Double> expected = evaluated(settings());
                    Map<String, Double> measured = evaluated(other);
                    assertEquals(expected.keySet(), measured.keySet());
                    expected.forEach(
                            (name, value) -> assertEquals(value, measured.get(name), 1e-6 * Math.abs(value), name));
                }));
    }

    private Map<String, Double> evaluated(S settings) {
        try (Bench bench = bench(8);
                Training training = phase().prepare(settings, bench)) {
            return Bench.measured(training::evaluate);
        }
    }

    @Test
    void anEvaluationAsksBetweenItsPartsAndStops() {
        try (Bench bench = bench(9);
                Training training = phase().prepare(settings(), bench)) {
            Map<String, Double> expected = Bench.measured(training::evaluate);
            if (expected.isEmpty()) {
                return;
            }
            Stopping stopping = new Stopping(1);
            assertThrows(Stopped.class, () -> training.evaluate(stopping), "it goes on");
            assertEquals(1, stopping.asked(), "it stops at once");
            assertEquals(Map.of(), stopping.put(), "what was not measured to its end is no measure");
            assertEquals(expected, Bench.measured(training::evaluate), "and can be taken again");
        }
    }

    @Test
    void everyMeasureIsANumber() {
        try (Bench bench = bench(6)) {
            bench.train(phase(), settings(), 0, 3)
                    .forEach((name, value) -> assertTrue(Double.isFinite(value), name + " is " + value));
        }
    }
}
