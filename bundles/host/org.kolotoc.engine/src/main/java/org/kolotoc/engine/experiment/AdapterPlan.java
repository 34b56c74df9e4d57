package org.kolotoc.engine.experiment;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/**
 * An adapter of a phase.
 *
 * @param model its name in the experiment; empty for the only one that the phase trains
 */
public record AdapterPlan(
        @Rest SeatRef seat,

        @Help("name of the model that is adapted, where the phase has several") @Default("\"\"")
        String model) {}
