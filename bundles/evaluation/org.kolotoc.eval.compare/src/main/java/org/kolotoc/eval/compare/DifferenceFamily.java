package org.kolotoc.eval.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.api.claim.Claim;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Trial;
import org.osgi.service.component.annotations.Component;

/** The claim that a measure of one side is lower, or higher, by a margin. */
@Component
@Seat(kind = ClaimFamily.KIND, id = "difference", summary = "a measure of one side is lower, or higher, by a margin")
public final class DifferenceFamily implements ClaimFamily<DifferenceFamily.Asked> {
    public record Asked(
            @Help("name of the side that the claim is good for")
            String favours,

            @Help("name of the measure, as it was the last time: fid, loss/validation")
            String metric,

            @Help("which way it gets better: lower, higher; as the measure says itself if not given") @Default("null")
            Better better,

            @Help("by more than this, in the measure's unit") @Range(min = 0, max = 1e300) @Default("0")
            double margin)
            implements Claim {
        @Override
        public String text(String other) {
            return String.format(
                    Locale.ROOT,
                    "%s of %s is %s than of %s%s",
                    metric,
                    favours,
                    better,
                    other,
                    margin == 0 ? "" : String.format(Locale.ROOT, ", by more than %s", margin));
        }

        @Override
        public List<String> measures() {
            return List.of(metric);
        }

        @Override
        public Claim directed(Map<String, Measure.Better> declared) {
            return new Asked(favours, metric, Better.of(better, metric, declared), margin);
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            return Pairs.of(trials, favours, other, run -> run.last(metric))
                    .byMean(better::ahead, margin, Pairs.Shown.as(metric));
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
