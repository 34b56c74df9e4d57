package org.kolotoc.eval.image;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How many pictures are held against each other. */
public record LikenessSettings(
        @Help("training pictures among which the nearest one is looked for")
        @Range(min = 1, max = 100_000)
        @Default("5000")
        int pictures) {}
