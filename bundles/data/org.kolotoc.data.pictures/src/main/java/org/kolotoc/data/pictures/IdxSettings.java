package org.kolotoc.data.pictures;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which IDX files. */
public record IdxSettings(
        @Help("an IDX file of pictures, gzip or not: its path from the experiment's folder or below a data folder")
        String images,

        @Help("an IDX file with the label of each picture; empty for none") @Default("\"\"")
        String labels,

        @Help("an IDX file of pictures that are held out; empty to hold out the last ones of the images")
        @Default("\"\"")
        String heldOutImages,

        @Help("an IDX file with their labels") @Default("\"\"")
        String heldOutLabels,

        @Help("share of the images, from the start, that is for training where no file is held out")
        @Range(min = 0.01, max = 0.99)
        @Default("0.9")
        double train,

        @Help("number of classes; 0 for one more than the largest label of all")
        @Range(min = 0, max = 1_000_000)
        @Default("0")
        int classes) {}
