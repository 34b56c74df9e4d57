package org.kolotoc.engine.experiment;

import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/**
 * A judge of samples.
 *
 * @param samples whose samples it judges; empty for the first
 * @param models by the judge's own names for them
 * @param data by the judge's own names for them
 */
public record MetricPlan(
        @Rest SeatRef seat,

        @Help("name of the samples it judges; the first if not given") @Default("\"\"")
        String samples,

        @Help("name of its model, or of each by the judge's own name for it") @Default("{}") @OrOne
        Map<String, String> models,

        @Help("name of the data it compares with, or of each by the judge's own name for it") @Default("{}") @OrOne
        Map<String, String> data) {}
