package org.kolotoc.eval.image;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Memory;
import org.kolotoc.api.Settings.Range;

/** How large a judge of pictures is. */
public record JudgeSettings(
        @Help("channels behind the first halving of height and width, twice as many behind the second")
        @Range(min = 1, max = 4096)
        @Default("24")
        @Memory
        int channels,

        @Help("features that pictures are compared in") @Range(min = 2, max = 1024) @Default("64")
        int features) {}
