package org.kolotoc.eval.compare;

import java.util.List;
import java.util.OptionalDouble;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Trial;
import org.osgi.service.component.annotations.Component;

/** The claim that fewer runs of one side fail. */
@Component
@Seat(
        kind = ClaimFamily.KIND,
        id = "failures",
        summary = "fewer runs of one side diverge or miss what is asked of each")
public final class FailuresFamily implements ClaimFamily<FailuresFamily.Asked> {
    public record Asked(
            @Help("name of the side that the claim is good for")
            String favours) implements Claim {
        @Override
        public String text(String other) {
            return "fewer runs of " + favours + " fail than of " + other;
        }

        @Override
        public List<String> measures() {
            return List.of();
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            return Pairs.of(trials, favours, other, run -> OptionalDouble.of(run.failed() ? 1 : 0))
                    .byMean(Better.LOWER::ahead, 0, Pairs.Shown.as("failures a run"));
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
