package org.kolotoc.phase.finetune;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.chat.JudgeFamily;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;

/** How fast to learn answers, and how they are judged. */
public record FinetuneSettings(
        @Help("exchanges in a batch") @Range(min = 1, max = 65_536) @Default("16") @Memory
        int batch,

        @Help("highest learning rate") @Range(min = 0, max = 10) @Default("0.0005")
        double learningRate,

        @Help("learning rate at the last step, reached along a cosine") @Range(min = 0, max = 10) @Default("0.00005")
        double minLearningRate,

        @Help("steps in which the learning rate rises from 0") @Range(min = 0, max = 100_000_000) @Default("20")
        int warmup,

        @Help("longest gradient, all parameters together; 0 for any") @Range(min = 0, max = 1e9) @Default("1.0")
        double clip,

        @Help("share of each label that is spread evenly over all tokens") @Range(min = 0, max = 0.99) @Default("0")
        double labelSmoothing,

        @Help("weight of the loss of plain text, of the data \"text\", beside that of the answers, so that what was"
                + " learned of it is kept; 0 for none")
        @Range(min = 0, max = 1000)
        @Default("0")
        double textWeight,

        @Help("held-out questions that are answered in an evaluation; 0 for none")
        @Range(min = 0, max = 1_000_000)
        @Default("64")
        int questions,

        @Help("answers written side by side: more take more memory and less time")
        @Range(min = 1, max = 4096)
        @Default("16")
        @Memory
        int answersAtOnce,

        @Help("most tokens of an answer that is written; 0 takes what a training answer may have")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int answerTokens,

        @Help("how the next token of an answer is chosen; the likeliest where nothing is given")
        @Default("null")
        @Filled(DecoderFamily.class)
        Decoder decoder,

        @Help("who says how good a written answer is: quality/validation and format/validation; nobody where it is"
                + " not given")
        @Default("null")
        @Filled(JudgeFamily.class)
        Judge judge,

        @Help("who reads a question: the decoder, before it answers; or an encoder, behind which the decoder answers")
        @Default("\"decoder\"")
        Reader reader) {

    /** Who reads a question. */
    public enum Reader {
        /** A model that goes on from it. */
        DECODER,
        /** A model that reads one text and writes another. */
        ENCODER
    }
}
