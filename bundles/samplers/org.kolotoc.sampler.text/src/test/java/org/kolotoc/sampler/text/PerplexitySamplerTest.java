package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Sampling;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.SamplerConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class PerplexitySamplerTest extends SamplerConformance<PerplexitySettings> {
    private static final String TEXT = "the cat sat on the mat. a hat on a cat. the oats on the mat.";

    @Override
    protected Sampler<PerplexitySettings> sampler() {
        return new PerplexitySampler();
    }

    @Override
    protected PerplexitySettings settings() {
        return new PerplexitySettings(List.of(TEXT, "the mat", "a cat. "), 0, "", 2);
    }

    @Override
    protected boolean draws() {
        return false;
    }

    private Map<String, Double> figures(int context, int stride, int batch, String text) {
        Map<String, Model> models =
                Map.of("model", Toys.bigram(data().dimensions().get("vocab"), context));
        PerplexitySettings settings = new PerplexitySettings(List.of(text), stride, "", batch);
        try (Bench bench = new Bench(new ReferenceBackend(), models, data(), 1);
                Sampling sampling = sampler().prepare(settings, bench)) {
            return sampling.draw(1, "sample/1", (_, _) -> {})
                    .getFirst()
                    .text()
                    .lines()
                    .map(line -> line.split("\t"))
                    .collect(Collectors.toMap(line -> line[0], line -> Double.valueOf(line[1])));
        }
    }

    /** A bigram table sees one token alone: wherever windows lie, each token counts once with the same loss. */
    @Test
    void everyTokenCountsOnceWhereverWindowsLie() {
        Map<String, Double> whole = figures(64, 0, 1, TEXT);
        assertEquals(TEXT.length() - 1, whole.get("tokens"));
        assertEquals(TEXT.length() - 1, whole.get("bytes"));
        for (int context : new int[] {1, 2, 5, 16, 59, 60}) {
            for (int stride : new int[] {0, 1, 2, context}) {
                if (stride <= context) {
                    assertEquals(
                            whole.get("loss"),
                            figures(context, stride, 3, TEXT).get("loss"),
                            1e-6,
                            context + "/" + stride);
                }
            }
        }
    }

    /** The sum of what a session says token after token, which is another program. */
    @Test
    void theLossIsThatOfASessionThatReadsOneTokenAfterTheOther() {
        int[] tokens = Toys.text().tokenizer().encode(TEXT);
        double sum = 0;
        try (Bench bench = new Bench(new ReferenceBackend(), models(), data(), 1);
                LanguageSession session = LanguageSession.of(bench, "model", "session", 1)) {
            float[] logits = session.prefill(new int[][] {{tokens[0]}})[0];
            for (int i = 1; i < tokens.length; i++) {
                double all = 0;
                for (float logit : logits) {
                    all += Math.exp(logit);
                }
                sum += Math.log(all) - logits[tokens[i]];
                logits = session.step(tokens[i])[0];
            }
        }
        Map<String, Double> figures = figures(16, 0, 2, TEXT);
        double loss = sum / (tokens.length - 1);
        assertEquals(loss, figures.get("loss"), 1e-5);
        assertEquals(Math.exp(loss), figures.get("perplexity"), 1e-4);
        assertEquals(loss / Math.log(2), figures.get("bits/byte"), 1e-5, "a character is a byte here");
        assertNotEquals(loss, figures(16, 0, 2, "tttttttttt").get("loss"), 1e-4);
    }

    /** The first token of a text is not measured; of a character that it has but a part of, nothing is known yet. */
    @Test
    void bytesAreThoseOfTheText() {
        Bytes bytes = new Bytes();
        assertEquals(3, Measured.of("cat!", bytes.encode("cat!"), true, bytes).bytes());
        assertEquals(4, Measured.of("cat!", bytes.encode("cat!"), false, bytes).bytes());
        assertEquals(5, Measured.of("čaj!", bytes.encode("čaj!"), true, bytes).bytes());
    }

    @Test
    void memoryIsTold() {
        try (Bench bench = new Bench(new ReferenceBackend(), models(), data(), 1);
                Sampling sampling = sampler().prepare(settings(), bench)) {
            assertTrue(sampling.bytes(1) > 0);
        }
    }

    @Test
    void whatCantBeMeasuredIsNamed() {
        assertEquals("texts[0]", refused(List.of("t"), 0, "").field());
        assertEquals("texts", refused(List.of(), 0, "").field());
        assertEquals("stride", refused(List.of(TEXT), 17, "").field());
        InputError begin = refused(List.of(TEXT), 0, "<s>");
        assertEquals("begin", begin.field());
        assertTrue(begin.getMessage().contains("no special token '<s>'"), begin.getMessage());
    }

    @Test
    void aModelThatReadsToBothSidesHasNone() {
        Model causal = Toys.bigram(data().dimensions().get("vocab"));
        Model both = Model.of(
                "i32 tokens[batch,time]; bool present[batch,time]? -> f32 logits[batch,time,vocab]",
                causal.limits(),
                causal.parameters(),
                causal::forward);
        Map<String, Model> models = Map.of("model", both);
        try (Bench bench = new Bench(new ReferenceBackend(), models, data(), 1)) {
            InputError e = assertThrows(InputError.class, () -> sampler().prepare(settings(), bench));
            assertTrue(e.getMessage().contains("it reads to both sides"), e.getMessage());
        }
    }

    private InputError refused(List<String> texts, int stride, String begin) {
        PerplexitySettings settings = new PerplexitySettings(texts, stride, begin, 2);
        try (Bench bench = new Bench(new ReferenceBackend(), models(), data(), 1)) {
            return assertThrows(InputError.class, () -> sampler().prepare(settings, bench));
        }
    }
}
