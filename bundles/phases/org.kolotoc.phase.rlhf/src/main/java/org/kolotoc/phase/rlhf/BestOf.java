package org.kolotoc.phase.rlhf;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.chat.Exchange;

/**
 * What a reward model is good for without any learning: the reference answers several times, and the answer that scores best is taken
 * (Stiennon et al., arXiv:2009.01325, appendix G.4). The best of n diverges from the reference by ln n - (n - 1) / n nats at most.
 */
final class BestOf implements AutoCloseable {
    private static final String GAIN = "gain/validation";
    private static final String SHARE = "gain-of-best/validation";

    private final RlhfSettings settings;
    private final Rollouts rollouts;
    private final BoundProgram scoring;

    /**
     * @param rollouts of the reference
     * @param scoring what the reward model says of as many answers; not closed here
     */
    BestOf(RlhfSettings settings, Rollouts rollouts, BoundProgram scoring) {
        this.settings = settings;
        this.rollouts = rollouts;
        this.scoring = scoring;
    }

    static List<Measure> measures(RlhfSettings settings) {
        List<Measure> measures = new ArrayList<>();
        for (int taken : taken(settings.bestOf())) {
            measures.add(Measure.evaluation(name(taken, "reward"), "", Better.NEITHER));
            measures.add(Measure.evaluation(name(taken, "gold"), "", Better.NEITHER));
        }
        if (settings.bestOf() > 1) {
            measures.add(Measure.evaluation(GAIN, "deviations", Better.HIGHER));
            measures.add(Measure.evaluation(SHARE, "", Better.HIGHER));
        }
        return measures;
    }

    private static String name(int taken, String what) {
        return "best-of-" + taken + "/" + what + "/validation";
    }

    /** Powers of two, and all. */
    private static List<Integer> taken(int all) {
        return IntStream.concat(
                        IntStream.iterate(1, count -> count < all, count -> 2 * count),
                        IntStream.of(all).filter(count -> count > 0))
                .boxed()
                .toList();
    }

    /** Rows of answers that are written for so many questions. */
    long batches(int questions) {
        return Math.ceilDiv((long) questions * settings.bestOf(), settings.rows());
    }

    /**
     * Measures what is taken of each question's answers, and how far that is what the policy has learned.
     *
     * @param gold how good answers of the policy to these questions are
     * @param reached batches of the evaluation that were before, of how many
     */
    void put(List<Exchange> questions, long seed, double gold, Measurements out, long reached, long all) {
        int answers = settings.bestOf();
        int rows = settings.rows();
        List<Exchange> asked = questions.stream()
                .flatMap(question -> IntStream.range(0, answers).mapToObj(_ -> question))
                .toList();
        float[] scores = new float[asked.size()];
        double[] qualities = new double[asked.size()];
        float[] batch = new float[rows];
        for (int first = 0; first < asked.size(); first += rows) {
            rollouts.write(asked.subList(first, Math.min(asked.size(), first + rows)), seed, "best of/" + first / rows);
            scoring.buffer("tokens").write(rollouts.judged);
            scoring.run();
            scoring.buffer("scores").read(batch);
            for (int row = 0; row < rollouts.count(); row++) {
                scores[first + row] = batch[row];
                qualities[first + row] = rollouts.quality(settings.judge(), row);
            }
            out.reached(reached + first / rows + 1, all);
        }
        double best = Double.NaN;
        for (int taken : taken(answers)) {
            best = put(taken, questions.size(), scores, qualities, out);
        }
        double mean = Arrays.stream(qualities).average().orElse(Double.NaN);
        double variance = Arrays.stream(qualities)
                .map(quality -> (quality - mean) * (quality - mean))
                .average()
                .orElse(Double.NaN);
        out.put(GAIN, (gold - mean) / Math.sqrt(variance));
        out.put(SHARE, (gold - mean) / (best - mean));
    }

    /** Means over questions, and over all groups of so many answers that follow each other; how good these are. */
    private double put(int taken, int questions, float[] scores, double[] qualities, Measurements out) {
        double reward = 0;
        double gold = 0;
        int groups = 0;
        for (int question = 0; question < questions; question++) {
            for (int first = 0; first + taken <= settings.bestOf(); first += taken) {
                int best = best(scores, question * settings.bestOf() + first, taken);
                reward += scores[best];
                gold += qualities[best];
                groups++;
            }
        }
        out.put(name(taken, "reward"), reward / groups);
        out.put(name(taken, "gold"), gold / groups);
        return gold / groups;
    }

    private static int best(float[] scores, int first, int count) {
        int best = first;
        for (int i = first + 1; i < first + count; i++) {
            best = scores[i] > scores[best] ? i : best;
        }
        return best;
    }

    @Override
    public void close() {
        rollouts.close();
    }
}
