package org.kolotoc.engine.experiment;

import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;

/**
 * How text becomes tokens.
 *
 * @param fit name of the data that it is made for; empty for the first
 */
public record TokenizerPlan(
        @Rest SeatRef seat,

        @Help("name of the data that it learns its vocabulary from; the first if not given") @Default("\"\"")
        String fit) {}
