package org.kolotoc.eval.compare;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
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

/** The claim that a measure of one side is so many times lower, or higher. */
@Component
@Seat(
        kind = ClaimFamily.KIND,
        id = "ratio",
        summary = "a positive measure of one side, as a cost, is so many times lower, or higher")
public final class RatioFamily implements ClaimFamily<RatioFamily.Asked> {
    public record Asked(
            @Help("name of the side that the claim is good for")
            String favours,

            @Help("name of a positive measure, as it was the last time: many/cost/flops")
            String metric,

            @Help("which way it gets better: lower, higher; as the measure says itself if not given") @Default("null")
            Better better,

            @Help("more than so many times") @Range(min = 1, max = 1e300) @Default("1")
            double times)
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
                    times == 1 ? "" : String.format(Locale.ROOT, ", more than %s times", times));
        }

        @Override
        public List<String> measures() {
            return List.of(metric);
        }

        @Override
        public Claim directed(Map<String, Measure.Better> declared) {
            return new Asked(favours, metric, Better.of(better, metric, declared), times);
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            return Pairs.of(trials, favours, other, this::positive)
                    .byMean(
                            (of, beside) -> better.ahead(Math.log(of), Math.log(beside)),
                            Math.log(times),
                            Pairs.Shown.times());
        }

        private OptionalDouble positive(Trial.Outcome run) {
            OptionalDouble value = run.last(metric);
            return value.isPresent() && value.getAsDouble() > 0 ? value : OptionalDouble.empty();
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
