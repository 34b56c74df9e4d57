package org.kolotoc.phase.rlhf;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.phase.rlhf.RlhfSettings.Mean;
import org.kolotoc.phase.rlhf.RlhfSettings.Weighting;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.reference.ReferenceBackend;

class RlhfTest {
    private static final int VOCAB = Toyland.VOCAB;

    static RlhfSettings settings(Weighting weighting, int questions, int answers, double kl, double learningRate) {
        return settings(
                weighting,
                questions,
                answers,
                kl,
                learningRate,
                0,
                exchange -> exchange.answer().length());
    }

    static RlhfSettings settings(
            Weighting weighting, int questions, int answers, double kl, double learningRate, int bestOf, Judge judge) {
        return new RlhfSettings(
                weighting,
                questions,
                answers,
                5,
                kl,
                20,
                weighting == Weighting.WHITENED ? 1 : 2,
                0.2,
                Mean.ANSWER,
                1,
                0.95,
                learningRate,
                0.001,
                0,
                1,
                24,
                bestOf,
                judge);
    }

    /** A bench whose policy, which likes an 'x' and never writes a mark, is its own reference, as after fine-tuning. */
    private static Bench bench(Map<String, Model> models) {
        Bench bench = new Bench(new ReferenceBackend(), models, Toyland.QUESTIONS, 1)
                .withTokenizer(Toyland.QUESTIONS.tokens().tokenizer());
        float[] table = table(bench);
        for (int token = 0; token < VOCAB; token++) {
            table[token * VOCAB + token("x")] += 3;
            table[token * VOCAB + token("|")] -= 40;
        }
        bench.state().buffer("model/table.weight").write(table);
        bench.state().buffer("reference/table.weight").write(table);
        return bench;
    }

    private static float[] table(Bench bench) {
        float[] table = new float[VOCAB * VOCAB];
        bench.state().buffer("model/table.weight").read(table);
        return table;
    }

    private static void rewards(Bench bench, Consumer<float[]> fill) {
        float[] letters = new float[VOCAB];
        fill.accept(letters);
        bench.state().buffer("reward/letters").write(letters);
    }

    private static int token(String letter) {
        return Toyland.QUESTIONS.tokens().encode(letter)[0];
    }

    /** Where every answer is as good as any other, not a bit of the policy moves. */
    @Test
    void equalRewardsChangeNothing() {
        for (Weighting weighting : new Weighting[] {Weighting.WHITENED, Weighting.GRPO}) {
            try (Bench bench = bench(Toyland.models(false))) {
                rewards(bench, letters -> letters[token("|")] = 0.7f);
                float[] before = table(bench);
                bench.train(new Rlhf(), settings(weighting, 2, 4, 0, 0.05), 0, 5);
                assertArrayEquals(before, table(bench), weighting.name());
            }
        }
    }

    @Test
    void whatIsRewardedBecomesLikelierAndWhatIsPunishedLessSo() {
        for (Weighting weighting : Weighting.values()) {
            double liked = letters(weighting, 1);
            double disliked = letters(weighting, -1);
            assertTrue(liked > 1 && disliked < -0.3, weighting + ": " + liked + " and " + disliked);
        }
    }

    /** How many more letters of a worth an answer has after training. */
    private static double letters(Weighting weighting, float worth) {
        try (Bench bench = bench(Toyland.models(weighting == Weighting.PPO));
                Training training = new Rlhf().prepare(settings(weighting, 4, 8, 0, 0.1), bench)) {
            // Marks and letters of prompts are worth nothing.
            rewards(bench, letters -> letters[token("x")] = worth);
            double before = Bench.measured(training::evaluate).get("reward/validation");
            for (int i = 0; i < 25; i++) {
                training.step(i, (_, _) -> {});
            }
            return (Bench.measured(training::evaluate).get("reward/validation") - before) / worth;
        }
    }

    /** A table of logits after each token: rows of tokens that only questions have stay as they are, bit by bit. */
    @Test
    void aQuestionHasExactlyNoGradient() {
        Set<Integer> asked = new HashSet<>();
        for (Exchange exchange : Toyland.QUESTIONS.exchanges("train")) {
            int[] prompt = Toyland.QUESTIONS.prompt(exchange.question());
            for (int i = 0; i + 1 < prompt.length; i++) {
                asked.add(prompt[i]);
            }
        }
        try (Bench bench = bench(Toyland.models(false))) {
            // A policy that writes nothing but 'x' and the stop, whatever it has read.
            float[] table = new float[VOCAB * VOCAB];
            for (int token = 0; token < VOCAB; token++) {
                table[token * VOCAB + token("x")] = 40;
                table[token * VOCAB + Toyland.QUESTIONS.tokens().stop()] = 40;
            }
            bench.state().buffer("model/table.weight").write(table);
            bench.state().buffer("reference/table.weight").write(table);
            rewards(bench, letters -> letters[token("x")] = 1);
            bench.train(new Rlhf(), settings(Weighting.WHITENED, 2, 4, 0.1, 0.05), 0, 10);
            float[] after = table(bench);
            Set<Integer> moved = new HashSet<>();
            for (int i = 0; i < table.length; i++) {
                if (after[i] != table[i]) {
                    moved.add(i / VOCAB);
                }
            }
            assertTrue(asked.size() > 5);
            assertEquals(Set.of(token(":"), token("x")), moved);
        }
    }

    /** The mean of what is likelier: of equal policies it is nothing; of another it is what is computed here by hand. */
    @Test
    void theDivergenceIsThatFromTheReference() {
        try (Bench bench = bench(Toyland.models(false));
                Training training = new Rlhf().prepare(settings(Weighting.WHITENED, 2, 4, 0.1, 0.05), bench)) {
            assertEquals(0, Bench.measured(training::evaluate).get("kl/validation"), 1e-6);
            float[] far = new float[VOCAB * VOCAB];
            bench.state().buffer("reference/table.weight").write(far);
            float[] near = new float[VOCAB * VOCAB];
            for (int token = 0; token < VOCAB; token++) {
                near[token * VOCAB + token("x")] = 50;
            }
            bench.state().buffer("model/table.weight").write(near);
            Map<String, Double> measured = Bench.measured(training::evaluate);
            assertEquals(5 * Math.log(VOCAB), measured.get("kl/validation"), 1e-3);
            assertEquals(0, measured.get("entropy/validation"), 1e-6);
            assertEquals(5, measured.get("length/validation"));
            assertEquals(0, measured.get("ended/validation"));
            assertEquals(5, measured.get("gold/validation"));
            assertEquals(3.0 / 24, measured.get("distinct/validation"), 1e-9);
        }
    }

    /** What costs divergence stays nearer to the reference. */
    @Test
    void divergenceCosts() {
        Map<Double, Double> divergences = new HashMap<>();
        for (double kl : new double[] {0, 5}) {
            try (Bench bench = bench(Toyland.models(false));
                    Training training = new Rlhf().prepare(settings(Weighting.WHITENED, 4, 8, kl, 0.1), bench)) {
                rewards(bench, letters -> letters[token("x")] = 1);
                for (int i = 0; i < 25; i++) {
                    training.step(i, (_, _) -> {});
                }
                divergences.put(kl, Bench.measured(training::evaluate).get("kl/validation"));
            }
        }
        assertTrue(divergences.get(5.0) < 0.5 * divergences.get(0.0), divergences::toString);
    }

    /** What a reward model takes of several answers is better the more there are, as long as it likes what is good. */
    @Test
    void theBestOfMoreAnswersIsBetter() {
        Judge letters =
                exchange -> exchange.answer().chars().filter(c -> c == 'x').count();
        for (float worth : new float[] {1, -1, 0}) {
            try (Bench bench = bench(Toyland.models(false));
                    Training training =
                            new Rlhf().prepare(settings(Weighting.WHITENED, 4, 8, 0, 0.1, 12, letters), bench)) {
                rewards(bench, all -> all[token("x")] = worth);
                Map<String, Double> first = Bench.measured(training::evaluate);
                double one = first.get("best-of-1/gold/validation");
                double eight = first.get("best-of-8/gold/validation");
                double all = first.get("best-of-12/gold/validation");
                if (worth > 0) {
                    assertTrue(one < first.get("best-of-2/gold/validation") && eight < all, first::toString);
                    assertEquals(all, first.get("best-of-12/reward/validation"), 1e-6);
                } else if (worth < 0) {
                    assertTrue(one > eight && eight > all, "the best by a reward model that is wrong: " + first);
                } else {
                    assertEquals(one, all, 0.3, "of equal scores the first is taken: " + first);
                }
                assertEquals(one, first.get("gold/validation"), 0.5, "the policy is the reference: " + first);
                for (int i = 0; i < 15; i++) {
                    training.step(i, (_, _) -> {});
                }
                Map<String, Double> then = Bench.measured(training::evaluate);
                assertEquals(all, then.get("best-of-12/gold/validation"), "the reference learns nothing");
                double gold = then.get("gold/validation");
                assertEquals((gold - one) / (all - one), then.get("gain-of-best/validation"), 1e-9);
                assertEquals(Math.signum(gold - one), Math.signum(then.get("gain/validation")));
            }
        }
    }

    @Test
    void theBestOfSeveralNeedsAJudge() {
        try (Bench bench = bench(Toyland.models(false))) {
            InputError error = assertThrows(
                    InputError.class,
                    () -> new Rlhf().prepare(settings(Weighting.WHITENED, 2, 4, 0, 0.05, 4, null), bench));
            assertTrue(error.getMessage().contains("nobody says how good"), error::getMessage);
        }
    }

    @Test
    void dataWithoutQuestionsIsRefused() {
        try (Bench bench = new Bench(new ReferenceBackend(), Toyland.models(false), Toys.text(), 1)) {
            InputError error = assertThrows(
                    InputError.class, () -> new Rlhf().prepare(settings(Weighting.WHITENED, 2, 4, 0, 0.05), bench));
            assertTrue(error.getMessage().contains("no questions"), error::getMessage);
        }
    }

    @Test
    void onlyPpoNeedsACritic() {
        Rlhf rlhf = new Rlhf();
        assertTrue(rlhf.needs(settings(Weighting.PPO, 2, 4, 0, 0.05)).models().containsKey("critic"));
        assertFalse(rlhf.needs(settings(Weighting.GRPO, 2, 4, 0, 0.05)).models().containsKey("critic"));
        assertTrue(rlhf.needs(settings(Weighting.GRPO, 2, 4, 0, 0.05)).models().containsKey("reward"));
    }
}
