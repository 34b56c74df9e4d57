package org.kolotoc.phase.finetune;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How fast to learn classes, and how much of the language to keep. */
public record ClassifySettings(
        @Help("texts in a batch") @Range(min = 1, max = 65_536) @Default("16") @Memory
        int batch,

        @Help("weight of the loss of each text's own tokens beside that of its class, where a decoder reads it; 0 for"
                + " none")
        @Range(min = 0, max = 1000)
        @Default("0.5")
        double auxiliary,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.0005")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.00005")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("20")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip,

        @Help("who reads a text: a decoder, which has the class at its last token, or an encoder, which has one of"
                + " the whole")
        @Default("\"decoder\"")
        Reader reader,

        @Help("only heads of the model learn, and no bit of its trunk changes: classes of the features that it has,"
                + " as linear probes take them")
        @Default("false")
        boolean frozen) {

    /** Who reads a text. */
    public enum Reader {
        /** A model that goes on from it. */
        DECODER,
        /** A model that looks at all of it. */
        ENCODER
    }
}
