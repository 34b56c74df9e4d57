package org.kolotoc.phase.adversarial;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.SideLoss;
import org.kolotoc.api.SideLossFamily;
import org.kolotoc.nn.Layout;

/** How a game is played, and how fast both sides learn. */
public record AdversarialSettings(
        @Help("samples in a batch") @Range(min = 1, max = 65_536) @Default("256") @Memory
        int batch,

        @Help("what a sample is: points, or pictures") @Default("\"points\"")
        Layout samples,

        @Help("what both sides pay") @Default("\"non-saturating\"")
        Loss loss,

        @Help("weight of the penalty on slopes other than 1, of wgan-gp alone")
        @Range(min = 0, max = 1e6)
        @Default("10")
        double penalty,

        @Help("weight (gamma) of the discriminator's squared slope at data, R1; 0 for none")
        @Range(min = 0, max = 1e6)
        @Default("0")
        double r1,

        @Help("updates of the discriminator from one with R1 to the next, whose weight grows as much")
        @Range(min = 1, max = 10_000)
        @Default("1")
        int r1Every,

        @Help("updates of the discriminator in a step, each with a batch of its own")
        @Range(min = 1, max = 1000)
        @Default("1")
        int discriminatorUpdates,

        @Help("updates of the generator in a step, after those") @Range(min = 1, max = 1000) @Default("1")
        int generatorUpdates,

        @Help("memory of the averaged generator, which is the model \"average\", shorter in the first steps; 0 for"
                + " none")
        @Range(min = 0, max = 0.999999)
        @Default("0")
        double average,

        @Help("highest learning rate of both") @Range(min = 0, max = 10) @Default("0.001")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.001")
        double minLearningRate,

        @Help("how many times that the learning rate of the discriminator is (Heusel et al., arXiv:1706.08500)")
        @Range(min = 0, max = 1000)
        @Default("1")
        double discriminatorRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("0")
        int warmup,

        @Help("longest gradient of each side, all its parameters together; 0 for any")
        @Range(min = 0, max = 1e9)
        @Default("0")
        double clip,

        @Help("what is added to the loss of the generator: mode-seeking, or what others bring")
        @Default("[]")
        @Filled(SideLossFamily.class)
        List<SideLoss> sideLosses) {
    public AdversarialSettings {
        sideLosses = List.copyOf(sideLosses);
    }

    boolean averages() {
        return average > 0;
    }

    /** Whether this update of the discriminator, from 0 on, has R1. */
    boolean regularised(long update) {
        return r1 > 0 && update % r1Every == 0;
    }
}
