package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.nn.statistics.Concordance;
import org.kolotoc.nn.statistics.Diversity;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.nn.statistics.Ranks;

/** Statistics beside those of other implementations; the arena has those of votes. */
class StatisticsGoldensTest {
    /** As the file states it. */
    private static final double TOLERANCE = 1e-6;

    private final JsonObject golden = GoldenFile.of("statistics").json();

    private JsonObject part(String name, String inner) {
        return golden.getAsJsonObject(name).getAsJsonObject(inner);
    }

    @Test
    void theToleranceIsTheFiles() {
        assertEquals(
                "1e-6 absolute; integers and ranks exact",
                golden.get("tolerance").getAsString());
    }

    @Test
    void correlationsOfRanks() {
        JsonObject kendall = part("ranks", "kendall");
        double[] x = GoldenFile.numbers(kendall.get("x"));
        double[] y = GoldenFile.numbers(kendall.get("y"));
        assertEquals(kendall.get("tau_b").getAsDouble(), Concordance.of(x, y).tauB(), TOLERANCE);
        assertEquals(kendall.get("tau_a").getAsDouble(), Concordance.of(x, y).tauA(), TOLERANCE);
        assertEquals(kendall.get("spearman").getAsDouble(), Ranks.spearman(x, y), TOLERANCE);
    }

    @Test
    void areaUnderTheCurve() {
        JsonObject auc = part("ranks", "auc");
        int[] labels = GoldenFile.integers(auc.get("labels"));
        boolean[] positive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            positive[i] = labels[i] == 1;
        }
        double[] scores = GoldenFile.numbers(auc.get("scores"));
        assertEquals(auc.get("auc").getAsDouble(), Ranks.auc(positive, scores), TOLERANCE);
        double[] labelled = Arrays.stream(labels).asDoubleStream().toArray();
        assertEquals(
                auc.get("auc").getAsDouble(), Concordance.of(scores, labelled).accuracy(), TOLERANCE);
    }

    @Test
    void diversityOfTexts() {
        JsonObject expected = golden.getAsJsonObject("texts");
        List<List<String>> texts = expected.getAsJsonArray("texts").asList().stream()
                .map(text -> text.getAsJsonArray().asList().stream()
                        .map(JsonElement::getAsString)
                        .toList())
                .toList();
        assertEquals(expected.get("self_bleu4").getAsDouble(), Diversity.selfBleu4(texts, 0), TOLERANCE);
        assertEquals(expected.get("self_bleu4_smoothed").getAsDouble(), Diversity.selfBleu4(texts, 0.1), TOLERANCE);
        double[] each = GoldenFile.numbers(expected.get("bleu4"));
        double[] smoothed = GoldenFile.numbers(expected.get("bleu4_smoothed"));
        for (int i = 0; i < texts.size(); i++) {
            List<List<String>> others = new ArrayList<>(texts);
            List<String> text = others.remove(i);
            assertEquals(each[i], Diversity.bleu4(text, others, 0), TOLERANCE, "text " + i);
            assertEquals(smoothed[i], Diversity.bleu4(text, others, 0.1), TOLERANCE, "text " + i);
        }
        JsonObject distinct = expected.getAsJsonObject("distinct");
        assertFalse(distinct.isEmpty());
        distinct.asMap()
                .forEach((n, share) -> assertEquals(
                        share.getAsDouble(), Diversity.distinct(texts, Integer.parseInt(n)), TOLERANCE, n));
    }

    @Test
    void percentilesOfMeans() {
        JsonObject expected = golden.getAsJsonObject("bootstrap_mean");
        double[] values = GoldenFile.numbers(expected.get("values"));
        double[] means = expected.getAsJsonArray("index").asList().stream()
                .mapToDouble(sample -> Arrays.stream(GoldenFile.integers(sample))
                        .mapToDouble(i -> values[i])
                        .average()
                        .orElseThrow())
                .toArray();
        JsonObject percentiles = expected.getAsJsonObject("percentiles");
        assertFalse(percentiles.isEmpty());
        percentiles
                .asMap()
                .forEach((percent, value) -> assertEquals(
                        value.getAsDouble(),
                        Interval.percentile(Double.parseDouble(percent) / 100, means),
                        TOLERANCE,
                        percent));
    }
}
