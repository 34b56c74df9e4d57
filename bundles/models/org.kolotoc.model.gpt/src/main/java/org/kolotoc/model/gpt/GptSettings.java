package org.kolotoc.model.gpt;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** Sizes and parts of a GPT; the vocabulary comes from the data. */
public record GptSettings(
        @Help("sizes of a published model, for what is not given: layers, heads, width, context") @Default("none")
        Preset preset,

        @Help("transformer blocks; 0 as the preset has it") @Range(min = 0, max = 1000) @Default("0")
        int layers,

        @Help("attention heads; must divide the width; 0 as the preset has it")
        @Range(min = 0, max = 1000)
        @Default("0")
        int heads,

        @Help("width of the residual stream; 0 as the preset has it") @Range(min = 0, max = 100_000) @Default("0")
        int width,

        @Help("most tokens it can look at; 0 as the preset has it") @Range(min = 0, max = 1_000_000) @Default("0")
        int context,

        @Help("width of the MLP in widths of the stream") @Range(min = 1, max = 64) @Default("4")
        int mlpRatio,

        @Help("width of the MLP where it is no whole multiple; 0 for mlpRatio")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int mlpWidth,

        @Help("share of activations dropped in training") @Range(min = 0, max = 0.95) @Default("0")
        double dropout,

        @Help("the output layer shares the token embedding's weights") @Default("true")
        boolean tied,

        @Help("linear layers have a bias") @Default("true") boolean bias,
        @Help("layer norms have a bias") @Default("true") boolean normBias,

        @Help("layer norm, or root mean square norm as in Llama") @Default("layer")
        NormKind norm,

        @Help("added to the variance before its root") @Range(min = 0, max = 1) @Default("1e-5")
        double normEpsilon,

        @Help("norms before attention and MLP, as in GPT-2, or behind them, as in GPT-1; none at the end then")
        @Default("pre")
        Placement placement,

        @Help("between the layers of the MLP; swiglu as in Llama") @Default("gelu")
        Activation activation,

        @Help("learned vectors, or rotary as in Llama") @Default("learned")
        Positions positions,

        @Help("base of the wave lengths of rotary positions") @Range(min = 1, max = 1e9) @Default("10000")
        double rotaryBase,

        @Help("heads of keys and values that heads of queries share; must divide these; 0 for one each")
        @Range(min = 0, max = 1000)
        @Default("0")
        int keyValueHeads,

        @Help("what it has beside logits: nothing, a number for each position (reward), or classes") @Default("lm")
        Head head,

        @Help("classes of the classifier; 0 for as many as the data states in 'class'")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int classes) {

    /** What is normalised away. */
    public enum NormKind {
        LAYER,
        RMS
    }

    /** How it knows where a token stands. */
    public enum Positions {
        LEARNED,
        ROTARY
    }

    /** What it has beside the logits of the next token; all share one trunk. */
    public enum Head {
        LM,
        /** {@code f32 reward[batch,time]}. */
        SCALAR,
        /** {@code f32 classes[batch,time,class]}. */
        CLASSIFIER
    }

    /** A GPT-2 of these sizes. */
    public GptSettings(
            int layers,
            int heads,
            int width,
            int context,
            int mlpRatio,
            double dropout,
            boolean tied,
            boolean bias,
            boolean normBias) {
        this(
                Preset.NONE,
                layers,
                heads,
                width,
                context,
                mlpRatio,
                0,
                dropout,
                tied,
                bias,
                normBias,
                NormKind.LAYER,
                1e-5,
                Placement.PRE,
                Activation.GELU,
                Positions.LEARNED,
                10_000,
                0,
                Head.LM,
                0);
    }

    /** The same with something else beside the logits. */
    public GptSettings with(Head other) {
        return new GptSettings(
                preset,
                layers,
                heads,
                width,
                context,
                mlpRatio,
                mlpWidth,
                dropout,
                tied,
                bias,
                normBias,
                norm,
                normEpsilon,
                placement,
                activation,
                positions,
                rotaryBase,
                keyValueHeads,
                other,
                classes);
    }
}
