package org.kolotoc.phase.reward;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.PreferenceLosses;
import org.kolotoc.tensor.Tensor;

/** How fast to learn an order of answers, and by which loss. */
public record RewardSettings(
        @Help("questions in a batch, each with all of its answers") @Range(min = 1, max = 65_536) @Default("8") @Memory
        int batch,

        @Help("kwise: every pair of answers to a question; listwise: place after place, from those that are left")
        @Default("\"kwise\"")
        Loss loss,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.0005")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.00005")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("20")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip) {
    /** What is made small. */
    public enum Loss {
        KWISE,
        LISTWISE;

        /** {@code [questions]}, of rewards {@code [questions, answers]}, the best first. */
        Tensor of(Tensor rewards) {
            return switch (this) {
                case KWISE -> PreferenceLosses.kwise(rewards);
                case LISTWISE -> PreferenceLosses.listwise(rewards);
            };
        }
    }
}
