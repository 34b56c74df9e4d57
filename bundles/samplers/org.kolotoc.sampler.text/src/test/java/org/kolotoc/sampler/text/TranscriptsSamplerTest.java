package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.Transcript;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class TranscriptsSamplerTest extends SamplerConformance<TranscriptsSettings> {
    private static final ChatTemplate TEMPLATE = new ChatTemplate("th", "e", ".", "o");

    private static final Decoder DRAWING = Decoder.of((logits, random, index) -> {
        int best = 0;
        for (int token = 0; token < logits.length; token++) {
            double noise = 3 * random.uniform(100L * index + token);
            double most = logits[best] + 3 * random.uniform(100L * index + best);
            best = logits[token] + noise > most ? token : best;
        }
        return best;
    });

    @Override
    protected Sampler<TranscriptsSettings> sampler() {
        return new TranscriptsSampler();
    }

    private static TranscriptsSettings settings(int batch, String... questions) {
        return new TranscriptsSettings(List.of("one", "another"), List.of(questions), TEMPLATE, 12, batch, DRAWING);
    }

    @Override
    protected TranscriptsSettings settings() {
        return settings(2, "cat", "mat");
    }

    @Override
    protected Map<String, Model> models() {
        Model model = Toys.bigram(data().dimensions().get("vocab"));
        return Map.of("one", model, "another", model);
    }

    private Bench bench() {
        return new Bench(new ReferenceBackend(), models(), data(), 1);
    }

    private List<Transcript> drawn(TranscriptsSettings settings, int count) {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings, bench)) {
            return sampling.draw(count, "sample/1", (_, _) -> {}).stream()
                    .map(sample -> Transcript.of(sample).orElseThrow())
                    .toList();
        }
    }

    @Test
    void everybodyAnswersEachQuestionInTurn() {
        List<Transcript> drawn = drawn(settings(), 5);
        assertEquals(
                List.of("cat", "mat", "cat", "mat", "cat"),
                drawn.stream().map(Transcript::question).toList());
        drawn.forEach(transcript -> {
            assertEquals(
                    List.of("one", "another"), List.copyOf(transcript.answers().keySet()));
            // What ends an answer is no part of it.
            transcript.answers().values().forEach(answer -> assertFalse(answer.contains("."), answer));
        });
        assertTrue(new HashSet<>(drawn).size() > 2, drawn::toString);
    }

    @Test
    void whatIsAnsweredBesideDoesNotChangeAnAnswer() {
        List<Transcript> alone = drawn(settings(1, "cat", "mat", "a hat"), 7);
        for (int batch : new int[] {2, 3, 16}) {
            assertEquals(alone, drawn(settings(batch, "cat", "mat", "a hat"), 7));
        }
    }

    @Test
    void controlsKeepQuestionsAndMoveAnswers() {
        try (Bench bench = bench();
                Sampling sampling = sampler().prepare(settings(2, "cat", "mat", "hat"), bench)) {
            List<Sample> samples = sampling.draw(3, "sample/1", (_, _) -> {});
            List<Transcript> drawn = read(samples);
            List<Transcript> shuffled = read(sampling.controls(samples).get("shuffled"));
            List<Transcript> constant = read(sampling.controls(samples).get("constant"));
            for (int i = 0; i < 3; i++) {
                assertEquals(drawn.get(i).question(), shuffled.get(i).question());
                assertEquals(drawn.get((i + 1) % 3).answers(), shuffled.get(i).answers());
                assertEquals(drawn.get(i).question(), constant.get(i).question());
                assertEquals(1, new HashSet<>(constant.get(i).answers().values()).size());
            }
            assertNotEquals(drawn, shuffled);
        }
    }

    private static List<Transcript> read(List<Sample> samples) {
        return samples.stream()
                .map(sample -> Transcript.of(sample).orElseThrow())
                .toList();
    }

    @Test
    void whatCanNotBeAskedIsRefusedByItsField() {
        List<TranscriptsSettings> bad = new ArrayList<>();
        bad.add(new TranscriptsSettings(List.of(), List.of("cat"), TEMPLATE, 4, 1, DRAWING));
        bad.add(new TranscriptsSettings(List.of("one", "one"), List.of("cat"), TEMPLATE, 4, 1, DRAWING));
        bad.add(new TranscriptsSettings(List.of("one model"), List.of("cat"), TEMPLATE, 4, 1, DRAWING));
        for (TranscriptsSettings settings : bad) {
            assertEquals(
                    "entrants",
                    assertThrows(InputError.class, () -> sampler().needs(settings))
                            .field());
        }
        try (Bench bench = bench()) {
            assertEquals(
                    "questions[1]",
                    assertThrows(InputError.class, () -> sampler().prepare(settings(1, "cat", "Dog"), bench))
                            .field());
            // Text has no questions.
            assertEquals(
                    "questions",
                    assertThrows(InputError.class, () -> sampler().prepare(settings(1), bench))
                            .field());
        }
    }

    @Test
    void aTranscriptIsReadAsItWasWritten() {
        Transcript odd =
                new Transcript("a \\n \n b", Map.of("x", "  two lines\nof\r\\ text ", "longer", "", "y", "z  x  \\"));
        assertEquals(odd, Transcript.of(odd.sample()).orElseThrow());
        assertEquals(
                "q\n  a  b\n", new Transcript("q", Map.of("a", "b")).sample().text());
        for (String text : List.of("", "plain text", "a\nb\n", "q\n  a  b", "q\n  a  b\n  a  c\n")) {
            assertTrue(Transcript.of(Sample.text(text)).isEmpty(), text);
        }
        assertThrows(IllegalArgumentException.class, () -> new Transcript("q", Map.of("a b", "c")));
    }

    @Test
    void aQuestionThatIsCutIsNoted() {
        List<String> noted = new ArrayList<>();
        Model model = Toys.bigram(data().dimensions().get("vocab"), 16);
        try (Bench bench = new Bench(
                        new ReferenceBackend(), Map.of("one", model, "another", models().get("another")), data(), 1);
                Sampling sampling = sampler()
                        .prepare(
                                settings(2, "cat", "the cat sat on the mat"),
                                bench.withLedger((kind, field, _) -> noted.add(kind.label() + " " + field)))) {
            assertEquals(2, sampling.draw(2, "sample/1", (_, _) -> {}).size());
        }
        assertEquals(List.of("truncated questions[1]"), noted);
    }
}
