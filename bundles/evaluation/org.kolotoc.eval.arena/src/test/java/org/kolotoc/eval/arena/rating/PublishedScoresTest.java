package org.kolotoc.eval.arena.rating;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Scores that others published of the same votes: 8,931 on 59 models. */
class PublishedScoresTest {
    private final Battles battles = Crowd.battles();
    private final Map<String, Map<String, Double>> published = Crowd.published();

    private void assertPublished(String algorithm, double tolerance, double... scores) {
        Map<String, Double> expected = published.get(algorithm);
        assertEquals(expected.size(), scores.length);
        expected.forEach((model, score) ->
                assertEquals(score, scores[battles.models().indexOf(model)], tolerance, algorithm + " of " + model));
    }

    /** What it is in proportion to, of sum 1. */
    private static double[] shares(double[] strengths) {
        double[] shares = Arrays.stream(strengths).map(Math::exp).toArray();
        double sum = Arrays.stream(shares).sum();
        return Arrays.stream(shares).map(share -> share / sum).toArray();
    }

    @Test
    void strengthsAreThePublishedOnes() throws Undetermined {
        assertPublished(
                "bradley_terry",
                1e-9,
                shares(BradleyTerry.with(Ties.HALF).fit(battles, false).strengths()));
    }

    /** Newman's iteration finds Davidson's maximum; it leaves open by which factor all are larger. */
    @Test
    void strengthsWithTiesAreThePublishedOnes() throws Undetermined {
        List<String> models = battles.models();
        double[] logs = IntStream.range(0, models.size())
                .mapToDouble(i -> Math.log(published.get("newman").get(models.get(i))))
                .toArray();
        double mean = Arrays.stream(logs).average().orElseThrow();
        Fit fit = BradleyTerry.with(Ties.DAVIDSON).fit(battles, false);
        for (int i = 0; i < logs.length; i++) {
            assertEquals(logs[i] - mean, fit.strengths()[i], 1e-9, models.get(i));
        }
        assertTrue(fit.nu() > 1, "nearly half of the votes are ties");
    }

    @Test
    void ratingsInTheOrderOfTheVotesAreThePublishedOnes() {
        assertPublished("elo", 1e-9, Elo.USUAL.ratings(battles));
    }

    @Test
    void pointsAndWinRatesAreThePublishedOnes() {
        PointScores scores = PointScores.of(battles);
        assertPublished("counting", 0, scores.counting());
        assertPublished("average_win_rate", 1e-15, scores.averageWinRate());
        assertPublished("pagerank", 1e-12, scores.pageRank(0.85));
    }

    /** The published vector is the one of points lost: who has most of it lost most against who lost most. */
    @Test
    void theEigenvectorOfLostPointsIsThePublishedOne() {
        List<Battle> lost = IntStream.range(0, battles.size())
                .mapToObj(i -> new Battle(
                        battles.models().get(battles.left(i)),
                        battles.models().get(battles.right(i)),
                        battles.outcome(i).reversed()))
                .toList();
        assertPublished("eigen", 1e-12, PointScores.of(Battles.of(lost)).eigenvector());
    }

    @Test
    void aHundredSamplesAgreeWithTheSandwich() throws Undetermined {
        BradleyTerry model = BradleyTerry.with(Ties.HALF);
        Fit fit = model.fit(battles, false);
        Bootstrap samples = Bootstrap.of(model, battles, false, fit, 100, 1);
        Intervals drawn = samples.intervals();
        Intervals computed = Intervals.sandwich(fit);
        assertEquals(0, samples.undetermined());
        double ratio = IntStream.range(0, fit.strengths().length)
                .mapToDouble(i -> drawn.halfWidth(i) / computed.halfWidth(i))
                .average()
                .orElseThrow();
        assertEquals(1, ratio, 0.1);
    }
}
