package org.kolotoc.phase.rlhf;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;

/** How answers are weighed, and how far a policy may go from its reference. */
public record RlhfSettings(
        @Help("whitened: an answer's log-probability by its reward, less what it costs, over all answers of a batch;"
                + " ppo: clipped ratios and advantages of each token, with a model \"critic\"; grpo: clipped ratios,"
                + " against the other answers to the same question")
        @Default("\"whitened\"")
        Weighting weighting,

        @Help("questions in a batch") @Range(min = 1, max = 4096) @Default("8") @Memory
        int questions,

        @Help("answers to each question") @Range(min = 1, max = 4096) @Default("4") @Memory
        int answers,

        @Help("most tokens of an answer, what ends it included") @Range(min = 1, max = 65_536) @Default("32") @Memory
        int answerTokens,

        @Help("what a nat of divergence from the reference costs") @Range(min = 0, max = 1e6) @Default("0.05")
        double kl,

        @Help("nats of divergence in an answer above which it is said that it explodes") @Range(min = 0) @Default("20")
        double klAlarm,

        @Help("updates by the same answers") @Range(min = 1, max = 100) @Default("1")
        int passes,

        @Help("ppo, grpo: how far from 1 a ratio gains anything") @Range(min = 0.001, max = 10) @Default("0.2")
        double clipRatio,

        @Help("grpo: over what token losses are averaged first") @Default("\"answer\"")
        Mean mean,

        @Help("ppo: what a reward is worth a token earlier") @Range(min = 0, max = 1) @Default("1")
        double discount,

        @Help("ppo: how far advantages look ahead; 1 to the end of the answer")
        @Range(min = 0, max = 1)
        @Default("0.95")
        double lambda,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.0001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.00001")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("10")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip,

        @Help("held-out questions that are answered in an evaluation") @Range(min = 1, max = 1_000_000) @Default("64")
        int heldOut,

        @Help("answers of the reference to each held-out question, of which the reward model takes the best: what"
                + " learning is measured against, by the \"judge\"; 0 for none")
        @Range(min = 0, max = 1024)
        @Default("0")
        int bestOf,

        @Help("who says how good answers really are, which nothing is trained by: gold, gold/validation; nobody"
                + " where it is not given")
        @Default("null")
        @Filled(JudgeFamily.class)
        Judge judge) {
    /** What weighs the log-probabilities of answers. */
    public enum Weighting {
        WHITENED,
        PPO,
        GRPO
    }

    /** What counts alike. */
    public enum Mean {
        /** Answers, however long they are. */
        ANSWER,
        /** Tokens of all answers. */
        TOKEN
    }

    int rows() {
        return questions * answers;
    }
}
