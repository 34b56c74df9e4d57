package org.kolotoc.model.rnn;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Gru;
import org.kolotoc.nn.Lstm;
import org.kolotoc.nn.Recurrent;

/** Sizes of a recurrent language model; the vocabulary comes from the data. */
public record RnnSettings(
        @Help("what goes from step to step: gru or lstm") @Default("gru")
        Cell cell,

        @Help("recurrent layers, one on the other") @Range(min = 1, max = 100) @Default("1")
        int layers,

        @Help("width of token vectors and of states") @Range(min = 1, max = 100_000) @Default("128")
        int width,

        @Help("tokens of a training sequence, through which gradients go back, and most it reads in one text")
        @Range(min = 1, max = 1_000_000)
        @Default("128")
        int context,

        @Help("share of activations dropped in training, between layers") @Range(min = 0, max = 0.95) @Default("0")
        double dropout,

        @Help("the output layer shares the token embedding's weights") @Default("false")
        boolean tied,

        @Help("what it has beside logits: nothing (lm), or a number for each position (scalar): a reward")
        @Default("lm")
        Head head) {

    /** What it has beside the logits of the next token; both share one trunk. */
    public enum Head {
        LM,
        /** {@code f32 reward[batch,time]}. */
        SCALAR
    }

    /** A language model without another head. */
    public RnnSettings(Cell cell, int layers, int width, int context, double dropout, boolean tied) {
        this(cell, layers, width, context, dropout, tied, Head.LM);
    }

    /** How a layer remembers. */
    public enum Cell {
        GRU,
        LSTM;

        Recurrent layer(int width) {
            return switch (this) {
                case GRU -> new Gru(width, width);
                case LSTM -> new Lstm(width, width);
            };
        }
    }
}
