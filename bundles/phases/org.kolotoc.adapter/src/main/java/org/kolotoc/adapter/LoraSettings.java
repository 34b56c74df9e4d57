package org.kolotoc.adapter;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which matrices are adapted, and how much. */
public record LoraSettings(
        @Help("inner extent of the two matrices whose product is added to a weight matrix")
        @Range(min = 1, max = 65_536)
        @Default("8")
        int rank,

        @Help("the product is multiplied by alpha / rank") @Range(min = 0, max = 1e6) @Default("16")
        double alpha,

        @Help("parts of the names of the weight matrices that are adapted: \"attention\", \"block3.mlp\"; those that"
                + " the model names if not given, or all")
        @Default("[]")
        List<String> targets) {}
