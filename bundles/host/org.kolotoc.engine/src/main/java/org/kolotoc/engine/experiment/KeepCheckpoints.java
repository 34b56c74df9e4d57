package org.kolotoc.engine.experiment;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/** Which checkpoints stay when another one is written; the one the run goes on from and the newest always do. */
public record KeepCheckpoints(
        @Help("how many of the last ones; 0 for all") @Range(min = 0) @Default("0")
        int last,

        @Help("besides, those of steps that are a multiple of this; 0 for none") @Range(min = 0) @Default("0")
        long every,

        @Help("besides, the best by a measure") @Default("null")
        Best best) {

    /** @throws InputError where all stay, so that the other fields choose nothing */
    public KeepCheckpoints {
        if (last == 0 && (every > 0 || best != null)) {
            throw InputError.field(
                    "last",
                    "is 0, which keeps all, so that \"" + (every > 0 ? "every" : "best")
                            + "\" chooses nothing; expected how many of the last ones stay, at least 1");
        }
    }

    /** Which way a measure gets better. */
    public enum Direction {
        MIN,
        MAX
    }

    /** The best checkpoints, of those whose step was evaluated. */
    public record Best(
            @Help("name of the measure: loss/validation") String metric,

            @Help("whether less of it is better, min, or more, max") @Default("\"min\"")
            Direction direction,

            @Help("how many") @Range(min = 1) @Default("1") int count) {}

    /**
     * Which checkpoints may go.
     *
     * @param steps of all checkpoints, ascending
     * @param measured the value of a measure after a step, where it was evaluated
     */
    public List<Long> superfluous(List<Long> steps, BiFunction<String, Long, Optional<Double>> measured) {
        if (last == 0) {
            return List.of();
        }
        Set<Long> kept = new HashSet<>(steps.subList(Math.max(0, steps.size() - last), steps.size()));
        steps.stream().filter(step -> every > 0 && step % every == 0).forEach(kept::add);
        if (best != null) {
            kept.addAll(best(steps, measured));
        }
        return steps.stream().filter(step -> !kept.contains(step)).toList();
    }

    /** Of equally good ones the earlier; what is no number is not good at all. */
    private List<Long> best(List<Long> steps, BiFunction<String, Long, Optional<Double>> measured) {
        record Rated(long step, double value) {}
        List<Rated> rated = new ArrayList<>();
        for (long step : steps) {
            measured.apply(best.metric(), step)
                    .filter(value -> !value.isNaN())
                    .ifPresent(value -> rated.add(new Rated(step, value)));
        }
        Comparator<Rated> less = Comparator.comparingDouble(Rated::value);
        rated.sort((best.direction() == Direction.MIN ? less : less.reversed()).thenComparingLong(Rated::step));
        return rated.stream().limit(best.count()).map(Rated::step).toList();
    }
}
