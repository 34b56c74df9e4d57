package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.Choice;
import org.kolotoc.api.text.ChoiceDataset;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.ScoredChoice;
import org.kolotoc.sampler.text.ChoicesSettings.Normalize;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class ChoicesSamplerTest extends SamplerConformance<ChoicesSettings> {
    private static final List<Choice> CHOICES = List.of(
            new Choice("seat", "the cat sat on the", List.of(" mat", " cat"), ".", 0),
            new Choice("seat", "the mat sat on", List.of(" the cat", " at"), "", 1),
            new Choice("seat", "on", List.of(" me", " the mat.", " a"), " the cat", 2),
            new Choice("verb", "the cat", List.of(" sat", " ate", " at"), " on the mat.", 0),
            new Choice("verb", "a cat", List.of(" eats", " sat"), "", 1));

    @Override
    protected Sampler<ChoicesSettings> sampler() {
        return new ChoicesSampler();
    }

    @Override
    protected ChoicesSettings settings() {
        return settings(Normalize.BYTES);
    }

    private static ChoicesSettings settings(Normalize normalize) {
        return new ChoicesSettings(List.of(), " ", normalize, 4);
    }

    @Override
    protected Dataset data() {
        return ChoiceDataset.of(Toys.text(), CHOICES);
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", Toys.bigram(data().dimensions().get("vocab"), 40));
    }

    @Override
    protected boolean draws() {
        return false;
    }

    private Bench bench() {
        return new Bench(new ReferenceBackend(), models(), data(), 1);
    }

    /** Token by token, as whoever writes reads it. */
    private static double logProbability(Bench bench, String before, String behind) {
        int[] prompt = bench.tokenizer().encode(before);
        double sum = 0;
        try (LanguageSession session = LanguageSession.of(bench, "model", "one by one", 1)) {
            float[] logits = session.prefill(new int[][] {prompt})[0];
            for (int token : bench.tokenizer().encode(behind)) {
                double all = 0;
                for (float logit : logits) {
                    all += Math.exp(logit - (double) logits[token]);
                }
                sum -= Math.log(all);
                logits = session.step(token)[0];
            }
        }
        return sum;
    }

    @Test
    void scoresAreLogProbabilitiesByLength() {
        for (Normalize normalize : Normalize.values()) {
            try (Bench bench = bench();
                    Sampling sampling = sampler().prepare(settings(normalize), bench)) {
                List<ScoredChoice> scored = sampling.draw(2, "sample/1", (_, _) -> {}).stream()
                        .flatMap(sample -> ScoredChoice.read(sample.text()).stream())
                        .toList();
                assertEquals(CHOICES, scored.stream().map(ScoredChoice::choice).toList());
                for (ScoredChoice each : scored) {
                    check(bench, each, normalize);
                }
            }
        }
    }

    private static void check(Bench bench, ScoredChoice scored, Normalize normalize) {
        Choice choice = scored.choice();
        double[] expected = new double[choice.options().size()];
        double sum = 0;
        for (int i = 0; i < expected.length; i++) {
            expected[i] = logProbability(bench, " " + choice.before(), choice.behind(i));
            sum += Math.exp(expected[i]);
        }
        for (int i = 0; i < expected.length; i++) {
            // The toy's tokens are letters, and its letters bytes.
            int length = normalize == Normalize.NONE ? 1 : choice.behind(i).length();
            assertEquals(expected[i] / length, scored.scores().get(i), 2e-6, choice.text(i));
            assertEquals(Math.exp(expected[i]) / sum, scored.probabilities().get(i), 2e-6, choice.text(i));
        }
    }

    @Test
    void controlsAreOfOthersTexts() {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings(Normalize.NONE), bench)) {
            List<Sample> samples = sampling.draw(2, "sample/1", (_, _) -> {});
            Map<String, List<Sample>> controls = sampling.controls(samples);
            assertEquals(Set.of("permuted", "constant", "other-contexts"), controls.keySet());
            ScoredChoice moved = ScoredChoice.read(
                            controls.get("other-contexts").get(0).text())
                    .getFirst();
            assertEquals(CHOICES.getFirst(), moved.choice());
            double found = moved.scores().getFirst();
            assertTrue(
                    Stream.of(CHOICES.get(1), CHOICES.get(2))
                            .mapToDouble(other -> logProbability(bench, " " + other.before(), " mat."))
                            .anyMatch(expected -> Math.abs(expected - found) < 2e-6),
                    () -> "of another's text: " + moved);
            ScoredChoice.read(controls.get("constant").get(1).text()).forEach(each -> assertEquals(0, each.chosen()));
        }
    }

    @Test
    void aKindIsAsked() {
        try (Bench bench = bench();
                Sampling sampling =
                        sampler().prepare(new ChoicesSettings(List.of("verb"), " ", Normalize.BYTES, 64), bench)) {
            List<ScoredChoice> scored = ScoredChoice.read(
                    sampling.draw(1, "sample/1", (_, _) -> {}).getFirst().text());
            assertEquals(
                    CHOICES.subList(3, 5),
                    scored.stream().map(ScoredChoice::choice).toList());
        }
    }

    @Test
    void whatIsNotThereIsRefused() {
        try (Bench bench = bench();
                Bench plain = new Bench(new ReferenceBackend(), models(), Toys.text(), 1)) {
            ChoicesSettings unknown = new ChoicesSettings(List.of("verb", "noun"), " ", Normalize.BYTES, 64);
            InputError kind = assertThrows(InputError.class, () -> sampler().prepare(unknown, bench));
            assertEquals("kinds[1]", kind.field());
            InputError prefix = assertThrows(
                    InputError.class,
                    () -> sampler().prepare(new ChoicesSettings(List.of(), "\n", Normalize.BYTES, 64), bench));
            assertEquals("prefix", prefix.field());
            InputError none = assertThrows(InputError.class, () -> sampler().prepare(settings(), plain));
            assertTrue(none.getMessage().contains("'choices'"), none.getMessage());
        }
    }

    private List<String> noted(List<Choice> choices, int context, int count) {
        List<String> noted = new ArrayList<>();
        Map<String, Model> models =
                Map.of("model", Toys.bigram(data().dimensions().get("vocab"), context));
        try (Bench bench = new Bench(new ReferenceBackend(), models, ChoiceDataset.of(Toys.text(), choices), 1);
                Sampling sampling = sampler()
                        .prepare(
                                settings(),
                                bench.withLedger((kind, field, _) -> noted.add(kind.label() + " " + field)))) {
            assertTrue(sampling.bytes(count) > 0);
        }
        return noted;
    }

    @Test
    void moreSamplesThanKindsAreNoted() {
        assertEquals(List.of("skipped kinds"), noted(CHOICES, 40, 1));
        assertEquals(List.of(), noted(CHOICES, 40, 2));
        assertEquals(List.of("no-effect "), noted(CHOICES, 40, 3));
    }

    /** The longest text and the longest option need not belong to each other. */
    @Test
    void onlyATruncationThatHappensIsNoted() {
        List<Choice> apart = List.of(
                new Choice("seat", "the cat sat on the", List.of(" mat", " hat"), "", 0),
                new Choice("seat", "on", List.of(" the mat the cat", " me"), "", 0));
        assertEquals(List.of(), noted(apart, 22, 1));
        assertEquals(List.of("truncated "), noted(apart, 21, 1));
    }

    @Test
    void aGapThatCanNotBeReadIsNotBlamedOnThePrefix() {
        InputError refused = assertThrows(
                InputError.class,
                () -> noted(List.of(new Choice("seat", "The cat", List.of(" sat", " ate"), "", 0)), 40, 1));
        assertEquals("", refused.field());
        assertTrue(refused.getMessage().contains("'The cat'"), refused.getMessage());
    }
}
