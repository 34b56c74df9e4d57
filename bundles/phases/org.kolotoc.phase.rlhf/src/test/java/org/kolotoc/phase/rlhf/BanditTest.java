package org.kolotoc.phase.rlhf;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Training;
import org.kolotoc.phase.rlhf.RlhfSettings.Mean;
import org.kolotoc.phase.rlhf.RlhfSettings.Weighting;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Answers of one token to the same prompt, each with a reward of its own: the policy that a reward and a cost of divergence {@code
 * kl} make best is known, the reference times {@code exp(reward / kl)} (Ziegler et al., arXiv:1909.08593, equation 2).
 */
class BanditTest {
    private static final int VOCAB = Toyland.VOCAB;
    private static final int STEPS = 150;
    private static final double KL = 0.5;

    private static RlhfSettings settings(double kl) {
        return new RlhfSettings(
                Weighting.WHITENED, 8, 32, 1, kl, 20, 1, 0.2, Mean.ANSWER, 1, 0.95, 0.1, 0.0005, 0, 0, 24, 0, null);
    }

    private static int token(String letter) {
        return Toyland.QUESTIONS.tokens().encode(letter)[0];
    }

    /** {@code [vocab]}: what follows the mark of an answer. */
    private static double[] policy(Bench bench, String model) {
        float[] table = new float[VOCAB * VOCAB];
        bench.state().buffer(model + "/table.weight").read(table);
        double[] exp = new double[VOCAB];
        for (int token = 0; token < VOCAB; token++) {
            exp[token] = Math.exp(table[token(":") * VOCAB + token]);
        }
        return normalised(exp);
    }

    private static double[] normalised(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights).map(weight -> weight / sum).toArray();
    }

    private static double[] best(double[] reference, float[] rewards, double kl) {
        double[] best = reference.clone();
        for (int token = 0; token < VOCAB; token++) {
            best[token] *= Math.exp(rewards[token] / kl);
        }
        return normalised(best);
    }

    /** Total variation. */
    private static double apart(double[] one, double[] other) {
        double sum = 0;
        for (int i = 0; i < one.length; i++) {
            sum += Math.abs(one[i] - other[i]) / 2;
        }
        return sum;
    }

    /** The policy that training ends with. */
    private static double[] trained(double kl, double[] reference, float[] rewards) {
        try (Bench bench = new Bench(new ReferenceBackend(), Toyland.models(false), Toyland.QUESTIONS, 1)
                .withTokenizer(Toyland.QUESTIONS.tokens().tokenizer())
                .withSteps(STEPS)) {
            CounterRandom random = new CounterRandom(5, "bandit");
            float[] table = new float[VOCAB * VOCAB];
            for (int i = 0; i < table.length; i++) {
                table[i] = (float) random.uniform(i);
            }
            for (int token = 0; token < VOCAB; token++) {
                // Nobody writes the mark where a reward is read.
                table[token * VOCAB + token("|")] = -40;
                rewards[token] = (float) random.uniform(table.length + token);
            }
            bench.state().buffer("model/table.weight").write(table);
            bench.state().buffer("reference/table.weight").write(table);
            bench.state().buffer("reward/letters").write(rewards);
            System.arraycopy(policy(bench, "reference"), 0, reference, 0, VOCAB);
            try (Training training = new Rlhf().prepare(settings(kl), bench)) {
                for (int step = 0; step < STEPS; step++) {
                    training.step(step, (_, _) -> {});
                }
            }
            return policy(bench, "model");
        }
    }

    @Test
    void thePolicyBecomesTheOneThatIsKnownToBeBest() {
        double[] reference = new double[VOCAB];
        float[] rewards = new float[VOCAB];
        double[] policy = trained(KL, reference, rewards);
        double[] best = best(reference, rewards, KL);
        assertTrue(apart(policy, best) <= 0.02, () -> "apart from the best by " + apart(policy, best));
        // What it is not: the reference, and the best for half and twice the cost.
        assertTrue(apart(policy, reference) > 0.1, () -> "apart from the reference by " + apart(policy, reference));
        for (double other : new double[] {KL / 2, KL * 2}) {
            double distance = apart(policy, best(reference, rewards, other));
            assertTrue(distance > 0.04, () -> "apart from the best for " + other + " by " + distance);
        }
    }
}
