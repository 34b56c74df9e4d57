package org.kolotoc.data.pictures;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** How many pictures of shapes, and how large. */
public record ShapesSettings(
        @Help("height and width in pixels") @Range(min = 8, max = 256) @Default("28")
        int size,

        @Help("kinds of shapes: disc, ring, half, square, frame, diamond, triangle, plus, bar, stripes, the first so"
                + " many")
        @Range(min = 1, max = 10)
        @Default("10")
        int classes,

        @Help("pictures for training") @Range(min = 1, max = 1_000_000) @Default("15000")
        int pictures,

        @Help("pictures that are held out") @Range(min = 1, max = 1_000_000) @Default("5000")
        int heldOut) {}
