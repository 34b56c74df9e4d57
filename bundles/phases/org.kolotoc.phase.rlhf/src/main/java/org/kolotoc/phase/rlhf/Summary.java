package org.kolotoc.phase.rlhf;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.chat.Judge;

/** What is told of answers: how they scored, how good they are, how far they are from the reference. */
final class Summary {
    private final Judge judge;
    private double count;
    private double tokens;
    private double reward;
    private double rewardSquares;
    private double gold;
    private double divergence;
    private double divergenceSquares;
    private double entropy;
    private double ended;
    private double distinct;

    /** @param judge null for nobody */
    Summary(Judge judge) {
        this.judge = judge;
    }

    static List<Measure> measures(RlhfSettings settings) {
        List<Measure> measures = new ArrayList<>();
        for (boolean step : new boolean[] {true, false}) {
            measures.add(measure(step, "reward", "", Better.HIGHER));
            measures.add(measure(step, "reward-deviation", "", Better.NEITHER));
            if (settings.judge() != null) {
                measures.add(measure(step, "gold", "", Better.HIGHER));
            }
            measures.add(measure(step, "kl", "nats/answer", Better.LOWER));
            measures.add(measure(step, "entropy", "nats/token", Better.NEITHER));
            measures.add(measure(step, "length", "tokens", Better.NEITHER));
            measures.add(measure(step, "ended", "", Better.HIGHER));
            measures.add(measure(step, "distinct", "", Better.HIGHER));
        }
        return measures;
    }

    private static Measure measure(boolean step, String name, String unit, Better better) {
        return step ? Measure.step(name, unit, better) : Measure.evaluation(name + "/validation", unit, better);
    }

    /**
     * Adds answers.
     *
     * @param scores of each row; likewise the others, of which rows beyond the answers are nobody's
     */
    void add(Rollouts rollouts, float[] scores, float[] divergences, float[] entropies) {
        for (int row = 0; row < rollouts.count(); row++) {
            reward += scores[row];
            rewardSquares += (double) scores[row] * scores[row];
            divergence += divergences[row];
            divergenceSquares += (double) divergences[row] * divergences[row];
            entropy += entropies[row];
            tokens += rollouts.length(row);
            ended += rollouts.ended(row) ? 1 : 0;
            gold += judge == null ? 0 : rollouts.quality(judge, row);
        }
        count += rollouts.count();
        distinct += rollouts.distinct();
    }

    /** Nats in an answer: the mean over answers of how much likelier their own policy has them. */
    double divergence() {
        return divergence / count;
    }

    /** How far the mean may be from what it is an estimate of, one standard error. */
    double divergenceError() {
        return Math.sqrt(variance(divergence, divergenceSquares) / count);
    }

    private double variance(double sum, double squares) {
        double mean = sum / count;
        return Math.max(0, squares / count - mean * mean);
    }

    /** @param suffix {@code /validation} of held-out questions */
    void put(Measurements out, String suffix) {
        out.put("reward" + suffix, reward / count);
        out.put("reward-deviation" + suffix, Math.sqrt(variance(reward, rewardSquares)));
        if (judge != null) {
            out.put("gold" + suffix, gold / count);
        }
        out.put("kl" + suffix, divergence());
        out.put("entropy" + suffix, entropy / tokens);
        out.put("length" + suffix, tokens / count);
        out.put("ended" + suffix, ended / count);
        out.put("distinct" + suffix, distinct / count);
    }

    /** How good the answers are, by the judge. */
    double gold() {
        return gold / count;
    }

    double tokens() {
        return tokens;
    }
}
