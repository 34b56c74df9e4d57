package org.kolotoc.data.points;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which ring, and how many points of it. */
public record RingSettings(
        @Help("Gaussians on the ring") @Range(min = 1, max = 1000) @Default("8")
        int modes,

        @Help("radius of the ring") @Range(min = 0, max = 1000) @Default("2")
        double radius,

        @Help("standard deviation of a Gaussian along each axis") @Range(min = 1e-6, max = 100) @Default("0.02")
        double deviation,

        @Help("points for training") @Range(min = 1, max = 10_000_000) @Default("20000")
        int points,

        @Help("points that are held out") @Range(min = 1, max = 10_000_000) @Default("4000")
        int heldOut) {}
