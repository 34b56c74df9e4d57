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

/**
 * The claim that one side comes to a set quality with fewer training operations: those up to the first evaluation in which the
 * measure is as good. A run that never comes to it counts with all operations it was trained with, the least that it would have
 * taken; how many these are is said. Where neither side comes to it nothing is known of who would be first, and where the measure
 * was never taken nothing of the run: such pairs are left out.
 */
@Component
@Seat(kind = ClaimFamily.KIND, id = "reach", summary = "one side comes to a set quality with fewer training operations")
public final class ReachFamily implements ClaimFamily<ReachFamily.Asked> {
    public record Asked(
            @Help("name of the side that the claim is good for")
            String favours,

            @Help("name of the measure") String metric,

            @Help("how good it has to become") double quality,

            @Help("which way it gets better: lower, higher; as the measure says itself if not given") @Default("null")
            Better better,

            @Help("with more than so many times fewer operations") @Range(min = 1, max = 1e300) @Default("1")
            double times)
            implements Claim {
        @Override
        public String text(String other) {
            return String.format(
                    Locale.ROOT,
                    "%s comes to a %s of %s with fewer training operations than %s%s",
                    favours,
                    metric,
                    quality,
                    other,
                    times == 1 ? "" : String.format(Locale.ROOT, ", more than %s times", times));
        }

        @Override
        public List<String> measures() {
            return List.of(metric, Trial.COST);
        }

        @Override
        public Claim directed(Map<String, Measure.Better> declared) {
            return new Asked(favours, metric, quality, Better.of(better, metric, declared), times);
        }

        @Override
        public Finding judge(List<Trial> trials, String other) {
            List<Trial> telling = trials.stream()
                    .filter(trial -> !trial.runs().values().stream().allMatch(this::isMissed))
                    .toList();
            Finding finding = Pairs.of(telling, favours, other, this::cost)
                    .byMean((of, beside) -> Math.log(beside) - Math.log(of), Math.log(times), Pairs.Shown.times());
            int neither = trials.size() - telling.size();
            return new Finding(
                    finding.verdict(),
                    finding.reason() + "; never came to it: " + missed(trials, favours) + " of " + favours + ", "
                            + missed(trials, other) + " of " + other
                            + (neither == 0
                                    ? ""
                                    : "; left out " + neither + " more, in which neither did, so that nothing follows"),
                    finding.interval(),
                    finding.values());
        }

        private boolean isTaken(Map<String, Double> evaluation) {
            return evaluation.containsKey(metric) && Double.isFinite(evaluation.get(metric));
        }

        private boolean isReached(Map<String, Double> evaluation) {
            return isTaken(evaluation) && better.ahead(evaluation.get(metric), quality) >= 0;
        }

        private boolean isMissed(Trial.Outcome run) {
            return run.evaluations().stream().anyMatch(this::isTaken)
                    && run.evaluations().stream().noneMatch(this::isReached);
        }

        private OptionalDouble cost(Trial.Outcome run) {
            if (run.evaluations().stream().noneMatch(this::isTaken)) {
                return OptionalDouble.empty();
            }
            OptionalDouble first = run.evaluations().stream()
                    .filter(this::isReached)
                    .filter(evaluation -> evaluation.getOrDefault(Trial.COST, 0.0) > 0)
                    .mapToDouble(evaluation -> evaluation.get(Trial.COST))
                    .findFirst();
            return first.isPresent() ? first : run.last(Trial.COST);
        }

        private long missed(List<Trial> trials, String side) {
            return trials.stream()
                    .map(trial -> trial.runs().get(side))
                    .filter(this::isMissed)
                    .count();
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
