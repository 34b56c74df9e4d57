package org.kolotoc.data.pictures;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which folder of pictures, and what becomes of them. */
public record PicturesSettings(
        @Help("a folder: its path from the experiment's folder or below a data folder; each folder in it is a class")
        String path,

        @Help("height in pixels that each picture gets; what is too wide or too high is cut off on both sides")
        @Range(min = 1, max = 4096)
        @Default("28")
        int height,

        @Help("width in pixels that each picture gets") @Range(min = 1, max = 4096) @Default("28")
        int width,

        @Help("1 for grey, 3 for red, green and blue") @Range(min = 1, max = 3) @Default("1")
        int channels,

        @Help("brightness of what is seen through transparent pixels: 0 black, 1 white")
        @Range(min = 0, max = 1)
        @Default("1")
        double ground,

        @Help("share of the pictures of each class that is for training; the rest is held out")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train) {}
