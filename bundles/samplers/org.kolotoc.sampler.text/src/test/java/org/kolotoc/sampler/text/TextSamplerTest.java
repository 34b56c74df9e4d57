package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tensor.reference.ReferenceBackend;

class TextSamplerTest extends SamplerConformance<TextSettings> {
    /** Draws from what the model thinks likely. */
    static final Decoder DRAWING = Decoder.of((logits, random, index) -> {
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int token = 0; token < logits.length; token++) {
            double noisy = logits[token] + Math.sin(1000 * random.uniform(index) * (token + 1));
            best = noisy > highest ? token : best;
            highest = Math.max(highest, noisy);
        }
        return best;
    });

    private Bench bench() {
        return new Bench(new ReferenceBackend(), models(), data(), 1);
    }

    @Override
    protected Sampler<TextSettings> sampler() {
        return new TextSampler();
    }

    @Override
    protected TextSettings settings() {
        return new TextSettings(12, "a", List.of(), List.of(), 16, DRAWING);
    }

    @Test
    void promptsAreTakenInTurn() {
        Decoder telling = (_, prompts, _, _) ->
                prompts.stream().map(Decoder.Prompt::tokens).toArray(int[][]::new);
        TextSettings two = new TextSettings(3, "a", List.of("the", "mat"), List.of(), 2, telling);
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(two, bench)) {
            assertEquals(
                    List.of("the", "mat", "the"),
                    sampling.draw(3, "sample/1", (_, _) -> {}).stream()
                            .map(Sample::text)
                            .toList());
        }
    }

    /** Prompts of different lengths, in batches that are full and not. */
    @Test
    void whatIsWrittenBesideASampleDoesNotChangeIt() {
        List<List<String>> drawn = new ArrayList<>();
        for (int batch : new int[] {1, 2, 3, 16}) {
            TextSettings settings = new TextSettings(9, "a", List.of("the", "m", "cat sat"), List.of(), batch, DRAWING);
            try (Bench bench = bench();
                    Sampling sampling = sampler().prepare(settings, bench)) {
                List<long[]> told = new ArrayList<>();
                drawn.add(sampling.draw(7, "sample/1", (done, all) -> told.add(new long[] {done, all})).stream()
                        .map(Sample::text)
                        .toList());
                assertArrayEquals(new long[] {63, 63}, told.getLast());
            }
        }
        assertEquals(7, new HashSet<>(drawn.getFirst()).size(), () -> "samples repeat: " + drawn.getFirst());
        drawn.forEach(samples -> assertEquals(drawn.getFirst(), samples));
    }

    /** The text is the same up to there, whether the stop is one token or several. */
    @Test
    void aSampleEndsBeforeWhatStopsIt() {
        List<String> whole = drawn(new TextSettings(40, "a", List.of("the", "m"), List.of(), 16, DRAWING));
        for (List<String> stop : List.of(List.of("t"), List.of("at"), List.of("c", "he"))) {
            List<String> cut = drawn(new TextSettings(40, "a", List.of("the", "m"), stop, 16, DRAWING));
            for (int i = 0; i < cut.size(); i++) {
                String text = cut.get(i);
                assertTrue(whole.get(i).startsWith(text) && stop.stream().noneMatch(text::contains), text);
                int next = text.length();
                String rest = whole.get(i).substring(next);
                assertTrue(rest.isEmpty() || stop.stream().anyMatch(rest::startsWith), rest);
            }
            assertTrue(cut.stream().anyMatch(text -> text.length() < 40), cut::toString);
        }
    }

    private List<String> drawn(TextSettings settings) {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings, bench)) {
            return sampling.draw(6, "sample/1", (_, _) -> {}).stream()
                    .map(Sample::text)
                    .toList();
        }
    }

    /** A decoder that draws nothing is told which of its texts a sample is, and has the rows that it wants. */
    @Test
    void moreSamplesOfAPromptAreTheNextBest() {
        Decoder ranking = new Decoder() {
            @Override
            public int rows(List<Prompt> prompts) {
                return 3 * prompts.size();
            }

            @Override
            public int[][] decode(LanguageSession session, List<Prompt> prompts, int count, IntPredicate ends) {
                assertEquals(3 * prompts.size(), session.rows());
                return prompts.stream().map(prompt -> new int[] {prompt.rank()}).toArray(int[][]::new);
            }
        };
        List<String> drawn = drawn(new TextSettings(1, "a", List.of("the", "m"), List.of(), 2, ranking));
        assertEquals(drawn.get(0), drawn.get(1));
        assertEquals(3, new HashSet<>(drawn).size(), drawn::toString);
    }

    /** Memory is for the samples that there are, not for those that may be side by side. */
    @Test
    void fewSamplesTakeTheMemoryOfFew() {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings(), bench)) {
            long one = sampling.bytes(1);
            long most = sampling.bytes(16);
            assertTrue(one < most, one + " bytes for one, " + most + " for sixteen");
            assertEquals(most, sampling.bytes(32));
            assertEquals(one, sampling.bytes(1));
        }
    }

    @Test
    void aPromptThatIsNoneIsNamed() {
        Map<String, TextSettings> all = Map.of(
                "prompt", new TextSettings(2, "ß", List.of(), List.of(), 16, DRAWING),
                "stop[1]", new TextSettings(2, "a", List.of(), List.of("a", ""), 16, DRAWING),
                "prompts[1]", new TextSettings(2, "a", List.of("a", ""), List.of(), 16, DRAWING));
        all.forEach((field, bad) -> {
            try (Bench bench = bench()) {
                InputError error =
                        assertThrows(InputError.class, () -> sampler().prepare(bad, bench));
                assertEquals(field, error.field());
            }
        });
    }

    @Test
    void controlsAreWhatTheyAreCalled() {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings(), bench)) {
            Map<String, List<Sample>> controls = sampling.controls(List.of(Sample.text("the cat sat")));
            assertEquals("[shuffled, constant, replayed]", controls.keySet().toString());
            assertEquals(
                    sorted("the cat sat"),
                    sorted(controls.get("shuffled").getFirst().text()));
            assertTrue(controls.get("constant").getFirst().text().startsWith("the the"));
            String replayed = controls.get("replayed").getFirst().text();
            assertTrue("the cat sat on the mat. ".repeat(20).contains(replayed), replayed);
        }
    }

    private static String sorted(String text) {
        char[] letters = text.toCharArray();
        Arrays.sort(letters);
        return new String(letters);
    }
}
