package org.kolotoc.engine.experiment;

import com.google.gson.JsonPrimitive;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/**
 * When and by whom samples are drawn.
 *
 * @param name unique in the experiment; its id if not given, with {@code -2} for the second of a kind
 * @param models by the sampler's own names for them
 * @param data by the sampler's own names for them
 */
public record SamplePlan(
        @Rest(id = "text") SeatRef seat,

        @Help("what the rest of the experiment calls it; its id if not given, with -2 for the second of a kind")
        @Default("\"\"")
        String name,

        @Help("name of the model that is sampled, or of each by the sampler's own name for it") @Default("{}") @OrOne
        Map<String, String> model,

        @Help("name of the data it is held against, or of each by the sampler's own name for it") @Default("{}") @OrOne
        Map<String, String> data,

        @Help("when: after how many steps, \"finetune:20\", \"finetune:end\"; besides at the end") @Default("[]")
        List<Moment> at,

        @Help("how many samples each time") @Range(min = 1, max = 10_000) @Default("4")
        int count) {
    /** A text among the settings of its plugin; empty where there is none. */
    public String text(String field) {
        return seat.settings().get(field) instanceof JsonPrimitive value ? value.getAsString() : "";
    }

    /** The same under its name. */
    SamplePlan named(String given) {
        return new SamplePlan(seat, given, model, data, at, count);
    }
}
