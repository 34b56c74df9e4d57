package org.kolotoc.model.bert;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** Sizes and parts of an encoder; the vocabulary comes from the data. */
public record BertSettings(
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

        @Help("width of the MLP where it is no whole multiple; 0 for mlpRatio")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int mlpWidth,

        @Help("share of activations dropped in training") @Range(min = 0, max = 0.95) @Default("0")
        double dropout,

        @Help("kinds of token, such as first and second sentence; 0 for none") @Range(min = 0, max = 1000) @Default("2")
        int types,

        @Help("row of the position vectors that the first token takes: 0 in BERT; 2 in RoBERTa, which counts present"
                + " tokens only")
        @Range(min = 0, max = 1000)
        @Default("0")
        int firstPosition,

        @Help("between the layers of the MLP") @Default("gelu-exact")
        Activation activation,

        @Help("added to the variance before its root") @Range(min = 0, max = 1) @Default("1e-12")
        double normEpsilon,

        @Help("norms behind attention and MLP, as in BERT, or before them and one at the end, with which it learns"
                + " sooner (Xiong et al., arXiv:2002.04745)")
        @Default("post")
        Placement placement,

        @Help("standard deviation of the first weights of matrices and vectors; BERT's is for a width of 768, and"
                + " where it is less, what tokens tell each other begins so faint that a narrow model is long in"
                + " noticing it")
        @Range(min = 0, max = 1)
        @Default("0.02")
        double deviation,

        @Help("logits of masked tokens, classes of the whole from its first token, or the hidden states alone")
        @Default("masked")
        Head head,

        @Help("what the classifier reads: first, the first token behind a pooler, as in BERT; or mean, that of all"
                + " tokens that are present, with nothing between, as linear probes do")
        @Default("first")
        Pooling pooling,

        @Help("classes of the classifier; 0 for as many as the data states in 'class'")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int classes) {

    /** What is computed from the hidden states. */
    public enum Head {
        /** {@code f32 logits[batch,time,vocab]}. */
        MASKED,
        /** {@code f32 classes[batch,class]}, from {@code f32 pooled[batch,width]}. */
        CLASSIFIER,
        NONE
    }

    /** What classes are computed from. */
    public enum Pooling {
        /** The first token, behind a layer of its own. */
        FIRST,
        /** The mean of the tokens that are present. */
        MEAN
    }
}
