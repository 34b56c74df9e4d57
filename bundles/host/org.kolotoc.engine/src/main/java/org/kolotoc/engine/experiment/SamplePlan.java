package org.kolotoc.engine.experiment;

import java.util.List;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** When and how samples are drawn. */
public record SamplePlan(
        @Help("after how many steps") @Range(min = 0) @Default("[]")
        List<Long> at,

        @Help("how many samples each time") @Range(min = 1, max = 10_000) @Default("4")
        int count,

        @Help("tokens of a sample") @Range(min = 1, max = 1_000_000) @Default("300")
        int length,

        @Help("what the model continues") @Default("\"\\n\"")
        String prompt,

        @Help("how the next token is chosen") @Default("{\"id\": \"sample\"}")
        SeatRef decoder) {}
