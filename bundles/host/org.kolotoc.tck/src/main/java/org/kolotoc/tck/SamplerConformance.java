package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Reached;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Stopped;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every sampler must do, with toy models and data.
 *
 * @param <S> the settings record
 */
public abstract class SamplerConformance<S extends Record> {
    private static final Reached NOBODY = (_, _) -> {};

    protected abstract Sampler<S> sampler();

    protected abstract S settings();

    /** Whether it draws by random numbers; false for one that finds the same whatever the seed. */
    protected boolean draws() {
        return true;
    }

    /** The models it samples, by its own names; a bigram table where they write text. */
    protected Map<String, Model> models() {
        return Map.of("model", Toys.bigram(data().dimensions().get("vocab")));
    }

    protected Dataset data() {
        return Toys.text();
    }

    private Bench bench(long seed) {
        return new Bench(new ReferenceBackend(), models(), data(), seed);
    }

    private List<Sample> drawn(long seed, int count, String stream) {
        try (Bench bench = bench(seed);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            return sampling.draw(count, stream, NOBODY);
        }
    }

    private static void same(List<Sample> expected, List<Sample> samples) {
        assertEquals(expected.size(), samples.size());
        for (int i = 0; i < expected.size(); i++) {
            assertEquals(expected.get(i).mediaType(), samples.get(i).mediaType());
            assertArrayEquals(expected.get(i).content(), samples.get(i).content(), "sample " + i);
        }
    }

    private static boolean differ(List<Sample> one, List<Sample> other) {
        for (int i = 0; i < one.size(); i++) {
            if (!Arrays.equals(one.get(i).content(), other.get(i).content())) {
                return true;
            }
        }
        return false;
    }

    @Test
    void settingsAreARecordOfTheSampler() {
        assertTrue(sampler().settings().isInstance(settings()));
    }

    @Test
    void whatItNeedsIsThereAndNothingUnsuitableWillDo() {
        Needs needs = sampler().needs(settings());
        assertEquals(models().keySet(), needs.models().keySet(), "models that the sampler says it needs");
        needs.models().forEach((formal, signature) -> {
            assertEquals(List.of(), models().get(formal).signature().lacks(signature), formal);
            assertFalse(Toys.unsuitable().signature().offers(signature), () -> formal + " may be anything");
        });
        needs.data()
                .forEach((formal, fields) ->
                        assertEquals(List.of(), Signature.missing("field", data().fields(), fields), formal));
    }

    @Test
    void itDrawsAsManyAsWanted() {
        for (int count : new int[] {1, 3}) {
            List<Sample> samples = drawn(1, count, "sample/1");
            assertEquals(count, samples.size());
            samples.forEach(sample -> assertTrue(sample.content().length > 0, "an empty sample"));
        }
        try (Bench bench = bench(1);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            assertTrue(sampling.examples() > 0, "a sample of " + sampling.examples() + " examples");
        }
    }

    /** People look at what was drawn, and judges have to read it. */
    @Test
    void aSampleIsWhatItsMediaTypeSays() {
        try (Bench bench = bench(3);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            List<Sample> samples = sampling.draw(2, "sample/1", NOBODY);
            samples.forEach(SamplerConformance::whole);
            sampling.controls(samples)
                    .forEach((name, control) -> control.forEach(sample -> {
                        assertEquals(samples.getFirst().mediaType(), sample.mediaType(), "control " + name);
                        whole(sample);
                    }));
        }
    }

    private static void whole(Sample sample) {
        switch (sample.mediaType()) {
            case "text/plain" -> assertArrayEquals(sample.text().getBytes(StandardCharsets.UTF_8), sample.content());
            case "image/png" -> assertDoesNotThrow(() -> Pictures.of(sample, 1, 1));
            case "image/svg+xml" ->
                assertTrue(
                        sample.text().strip().matches("(?s)<(\\?xml|svg) .*</svg>"),
                        () -> "no SVG: "
                                + sample.text()
                                        .substring(0, Math.min(60, sample.text().length())));
            default -> assertNotEquals("bin", sample.fileEnding(), sample::mediaType);
        }
    }

    @Test
    void theFirstOfMoreAreThoseOfFewer() {
        List<Sample> three = drawn(1, 3, "sample/1");
        for (int count : new int[] {1, 2}) {
            same(three.subList(0, count), drawn(1, count, "sample/1"));
        }
    }

    @Test
    void seedAndStreamDecide() {
        same(drawn(1, 3, "sample/1"), drawn(1, 3, "sample/1"));
        if (!draws()) {
            same(drawn(1, 3, "sample/1"), drawn(1, 3, "sample/2"));
            return;
        }
        assertTrue(differ(drawn(1, 3, "sample/1"), drawn(1, 3, "sample/2")), "another stream draws the same");
        // With the same weights, which begin by a seed too.
        try (Bench bench = bench(1);
                Bench another = bench(2);
                Sampling sampling = sampler().prepare(settings(), bench);
                Sampling other = sampler().prepare(settings(), another)) {
            another.state().restore(bench.state().snapshot());
            assertTrue(
                    differ(sampling.draw(3, "sample/1", NOBODY), other.draw(3, "sample/1", NOBODY)),
                    "another seed draws the same");
        }
    }

    @Test
    void whatWasDrawnBeforeDoesNotMatterAndNoWeightMoves() {
        try (Bench bench = bench(4);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            BenchState.Snapshot before = bench.state().snapshot();
            List<Sample> first = sampling.draw(2, "sample/1", NOBODY);
            sampling.draw(3, "sample/2", NOBODY);
            same(first, sampling.draw(2, "sample/1", NOBODY));
            for (String model : models().keySet()) {
                before.tensors().forEach((name, bits) -> {
                    if (name.startsWith(model + "/")) {
                        assertArrayEquals(
                                bits, bench.state().snapshot().tensors().get(name), name);
                    }
                });
            }
        }
    }

    @Test
    void theWeightsAreThoseOfNow() {
        try (Bench bench = bench(5);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            List<Sample> first = sampling.draw(3, "sample/1", NOBODY);
            try (Bench other = bench(6)) {
                bench.state().restore(other.state().snapshot());
            }
            assertTrue(differ(first, sampling.draw(3, "sample/1", NOBODY)), "other weights draw the same");
        }
    }

    @Test
    void itAsksBetweenItsPartsAndStops() {
        List<Long> parts = new ArrayList<>();
        try (Bench bench = bench(7);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            List<Sample> expected = sampling.draw(2, "sample/1", (done, all) -> {
                parts.add(done);
                assertTrue(done <= all, () -> done + " of " + all + " are done");
            });
            assertFalse(parts.isEmpty(), "it never tells how far it is");
            assertThrows(
                    Stopped.class,
                    () -> sampling.draw(2, "sample/1", (_, _) -> {
                        throw new Stopped();
                    }));
            same(expected, sampling.draw(2, "sample/1", NOBODY));
        }
    }

    /** Whether they say how far they are or not. */
    @Test
    void controlsAreTheSameWhoeverListens() {
        try (Bench bench = bench(8);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            List<Sample> samples = sampling.draw(2, "sample/1", NOBODY);
            Map<String, List<Sample>> told = sampling.controls(samples, NOBODY);
            Map<String, List<Sample>> untold = sampling.controls(samples);
            assertEquals(untold.keySet(), told.keySet());
            untold.forEach((name, control) -> same(control, told.get(name)));
        }
    }

    @Test
    void controlsAreOtherSamples() {
        try (Bench bench = bench(8);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            List<Sample> samples = sampling.draw(3, "sample/1", NOBODY);
            sampling.controls(samples).forEach((name, control) -> {
                assertEquals(samples.size(), control.size(), name);
                assertTrue(differ(samples, control), () -> "control " + name + " is the samples themselves");
            });
        }
    }
}
