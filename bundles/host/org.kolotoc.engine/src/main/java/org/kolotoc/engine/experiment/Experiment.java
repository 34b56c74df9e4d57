package org.kolotoc.engine.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** An experiment file, {@code "schema": "kolotoc.experiment/1"}. */
public record Experiment(
        @Help("kolotoc.experiment/1") String schema,

        @Help("for the run folder and the report") @Default("\"\"")
        String name,

        @Help("of everything random") @Default("1") long seed,

        @Help("auto, cpu, reference, tornado, or a device that ./kolotoc devices lists: tornado:opencl:0")
        @Default("\"auto\"")
        String backend,

        @Help("what is learned from") SeatRef data,
        @Help("how text becomes tokens") @Default("null") SeatRef tokenizer,
        @Help("what learns") @Default("null") SeatRef model,

        @Help("what learns, where there are several, by role") @Default("{}")
        Map<String, SeatRef> models,

        @Help("how it learns, one phase after the other") List<SeatRef> phases,

        @Help("steps between checkpoints; 0 for the last step only") @Range(min = 0) @Default("0")
        long checkpointEvery,

        @Help("which checkpoints stay; all if not given") @Default("null")
        KeepCheckpoints keepCheckpoints,

        @Help("steps between evaluations; 0 for those of evaluateAt only") @Range(min = 0) @Default("0")
        long evaluateEvery,

        @Help("steps after which held-out data is measured, besides the last") @Range(min = 0) @Default("[]")
        List<Long> evaluateAt,

        @Help("what the model writes on the way") @Default("null")
        SamplePlan samples,

        @Help("judges of the samples") @Default("[]") List<SeatRef> metrics,

        @Help("bounds that decide the verdict") @Default("[]")
        List<Criterion> criteria,

        @Help("whether the criteria are tried on what they have to refuse") @Default("true")
        boolean controls,

        @Help("whether it is shown beforehand that the run can be stopped and resumed; runs of more than an hour"
                + " always are")
        @Default("false")
        boolean certify) {

    public static final String SCHEMA = "kolotoc.experiment/1";

    /** Every model by its role; {@code "model"} is the role of a single one. */
    public Map<String, SeatRef> roles() {
        Map<String, SeatRef> roles = new LinkedHashMap<>(models);
        if (model != null) {
            roles.put("model", model);
        }
        return roles;
    }
}
