package org.kolotoc.model.gpt;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Sizes of a GPT; the vocabulary comes from the data. */
public record GptSettings(
        @Help("transformer blocks") @Range(min = 1, max = 1000)
        int layers,

        @Help("attention heads; must divide the width") @Range(min = 1, max = 1000)
        int heads,

        @Help("width of the residual stream") @Range(min = 1, max = 100_000)
        int width,

        @Help("most tokens it can look at") @Range(min = 1, max = 1_000_000)
        int context,

        @Help("width of the MLP in widths of the stream") @Range(min = 1, max = 64) @Default("4")
        int mlpRatio,

        @Help("share of activations dropped in training") @Range(min = 0, max = 0.95) @Default("0")
        double dropout,

        @Help("the output layer shares the token embedding's weights") @Default("true")
        boolean tied,

        @Help("linear layers have a bias") @Default("true") boolean bias,
        @Help("norms have a bias") @Default("true") boolean normBias) {}
