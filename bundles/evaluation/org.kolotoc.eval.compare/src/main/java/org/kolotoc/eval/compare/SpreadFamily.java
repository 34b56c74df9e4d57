package org.kolotoc.eval.compare;

import java.util.List;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Trial;
import org.osgi.service.component.annotations.Component;

/** The claim that a measure of one side depends less on the seed. */
@Component
@Seat(kind = ClaimFamily.KIND, id = "spread", summary = "a measure of one side deviates less from seed to seed")
public final class SpreadFamily implements ClaimFamily<SpreadFamily.Asked> {
    public record Asked(
            @Help("name of the side that the claim is good for")
            String favours,

            @Help("name of the measure, as it was the last time")
            String metric,

            @Help("by more than this, in the measure's unit") @Range(min = 0, max = 1e300) @Default("0")
            double margin)
            implements Claim {
        @Override
        public String text(String other) {
            return metric + " of " + favours + " deviates less over the seeds than of " + other
                    + (margin == 0 ? "" : ", by more than " + margin);
        }

        @Override
        public List<String> measures() {
            return List.of(metric);
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            return Pairs.of(trials, favours, other, run -> run.last(metric))
                    .bySpread(margin, Pairs.Shown.as("deviation of " + metric));
        }
    }

    @Override
    public Class<Asked> settings() {
        return Asked.class;
    }

    @Override
    public Claim create(Asked asked) {
        return asked;
    }
}
