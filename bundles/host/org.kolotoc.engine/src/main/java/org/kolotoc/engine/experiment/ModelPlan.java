package org.kolotoc.engine.experiment;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/**
 * A model of an experiment.
 *
 * @param data whose dimensions it takes where several data state different ones; empty for those of all
 */
public record ModelPlan(
        @Rest SeatRef seat,

        @Help("name of the data whose dimensions it takes, where several differ") @Default("\"\"")
        String data) {}
