package org.kolotoc.engine.compare;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.engine.experiment.Criterion;
import org.kolotoc.engine.experiment.ExperimentFile;

/** A comparison of two sides, but for the sides themselves: {@code "schema": "kolotoc.comparison/1"}, see {@link Sides}. */
public record Comparison(
        @Help("kolotoc.comparison/1") String schema,

        @Help("what it is called; the file's name if not given") @Default("\"\"")
        String name,

        @Help("seeds that both sides are trained with, a pair of runs for each; claims need 5")
        List<Long> seeds,

        @Help("what both sides have to have as much of, else the comparison is void")
        Fair fair,

        @Help("what every run has to meet, else it counts as failed; the criteria of its experiment if there are none")
        @Default("[]")
        List<Criterion> asked,

        @Help("what is claimed") @Filled(ClaimFamily.class) List<Claim> claims) {
    public static final String SCHEMA = ExperimentFile.COMPARISON;

    public Comparison {
        seeds = List.copyOf(seeds);
        asked = List.copyOf(asked);
        claims = List.copyOf(claims);
    }

    /** Limits of fairness. */
    public record Fair(
            @Help("measures that may not differ: cost/flops, many/cost/parameters")
            List<String> measures,

            @Help("by more than this share of the larger one") @Range(min = 0, max = 1) @Default("0.1")
            double within) {
        public Fair {
            measures = List.copyOf(measures);
        }
    }
}
