package org.kolotoc.model.seq2seq;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.Activation;

/** Sizes and parts of an encoder with a decoder; the vocabulary comes from the data. */
public record Seq2SeqSettings(
        @Help("what its blocks are like: t5 or bart") @Default("t5")
        Style style,

        @Help("blocks of the encoder") @Range(min = 1, max = 1000)
        int layers,

        @Help("blocks of the decoder; 0 for as many") @Range(min = 0, max = 1000) @Default("0")
        int decoderLayers,

        @Help("attention heads") @Range(min = 1, max = 1000) int heads,

        @Help("width of a head; 0 for the share of the stream's") @Range(min = 0, max = 100_000) @Default("0")
        int headWidth,

        @Help("width of the residual stream") @Range(min = 1, max = 100_000)
        int width,

        @Help("most tokens that either side takes") @Range(min = 1, max = 1_000_000)
        int context,

        @Help("width of the MLP in widths of the stream") @Range(min = 1, max = 64) @Default("4")
        int mlpRatio,

        @Help("width of the MLP where it is no whole multiple; 0 for mlpRatio")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int mlpWidth,

        @Help("share of activations dropped in training") @Range(min = 0, max = 0.95) @Default("0")
        double dropout,

        @Help("between the layers of the MLP; geglu in T5 1.1, gelu-exact in BART") @Default("relu")
        Activation activation,

        @Help("the output layer shares the token embedding's weights") @Default("true")
        boolean tied,

        @Help("buckets of T5's relative positions; even") @Range(min = 4, max = 10_000) @Default("32")
        int buckets,

        @Help("distance from which on all share T5's last bucket") @Range(min = 2, max = 1_000_000) @Default("128")
        int distance,

        @Help("added to the variance before its root; 0 for what the style has: 1e-6 in T5, 1e-5 in BART")
        @Range(min = 0, max = 1)
        @Default("0")
        double normEpsilon,

        @Help("token that the decoder begins with: 0 in T5, 2 in BART") @Range(min = 0, max = 10_000_000) @Default("0")
        int start,

        @Help("whether the decoder looks at what the encoder read; false adds zeros in the place of that, over the same"
                + " weights: a control, since nothing else leads from what is read to what is written")
        @Default("true")
        boolean crossAttention) {

    /** What two papers chose together. */
    public enum Style {
        /**
         * Relative positions that all blocks share, root mean square norms before and at the end, no biases, unscaled scores
         * (Raffel et al., arXiv:1910.10683).
         */
        T5(1e-6),
        /**
         * Learned positions from row 2 on, layer norms behind what they follow and behind the embedding, biases, one of the
         * logits too (Lewis et al., arXiv:1910.13461).
         */
        BART(1e-5);

        /** What its norms add to the variance. */
        private final double epsilon;

        Style(double epsilon) {
            this.epsilon = epsilon;
        }
    }

    /** Blocks of the decoder. */
    int decoderBlocks() {
        return decoderLayers == 0 ? layers : decoderLayers;
    }

    /** Added to the variance before its root. */
    double epsilon() {
        return normEpsilon == 0 ? style.epsilon : normEpsilon;
    }

    /** Width of the MLP. */
    int hidden() {
        return mlpWidth == 0 ? mlpRatio * width : mlpWidth;
    }
}
