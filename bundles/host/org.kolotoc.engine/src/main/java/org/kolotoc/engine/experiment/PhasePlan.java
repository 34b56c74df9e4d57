package org.kolotoc.engine.experiment;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/**
 * A phase of an experiment: what of it the engine reads, and the settings of its plugin.
 *
 * @param name unique in the experiment; its id if not given, with {@code -2} for the second of a kind
 * @param data by the phase's own names for them
 * @param models by the phase's own names for them, each a {@link ModelRef}
 * @param optimizer how its gradients become steps; null for the phase's own
 * @param adapter what is trained in the place of a model's parameters; null for these themselves
 */
public record PhasePlan(
        @Rest SeatRef seat,

        @Help("what the rest of the experiment calls it; its id if not given, with -2 for the second of a kind")
        @Default("\"\"")
        String name,

        @Help("name of its data, or of each by the phase's own name for it") @Default("{}") @OrOne
        Map<String, String> data,

        @Help("name of its model, or of each by the phase's own name for it; model@phase is one as it was at a"
                + " phase's end")
        @Default("{}")
        @OrOne
        Map<String, String> models,

        @Help("models that begin with the weights another had at the end of a phase: {\"policy\": \"policy@pretrain\"}")
        @Default("{}")
        Map<String, String> start,

        @Help("how many steps it takes") @Range(min = 1, max = 100_000_000)
        long steps,

        @Help("steps of it after which held-out data is measured, besides the last") @Range(min = 0) @Default("[]")
        List<Long> evaluateAt,

        @Help("how gradients change weights; the phase's own way if not given") @Default("null")
        SeatRef optimizer,

        @Help("few parameters that are trained in the place of a model's; all of the model's if not given")
        @Default("null")
        AdapterPlan adapter) {
    /** The same under its name. */
    PhasePlan named(String given) {
        return new PhasePlan(seat, given, data, models, start, steps, evaluateAt, optimizer, adapter);
    }
}
