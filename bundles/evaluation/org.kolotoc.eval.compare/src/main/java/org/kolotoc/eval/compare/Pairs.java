package org.kolotoc.eval.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.kolotoc.api.claim.Finding;
import org.kolotoc.api.claim.Finding.Verdict;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.nn.statistics.Interval;

/**
 * Numbers of both sides, side by side.
 *
 * @param favoured number of the favoured side in each pair
 * @param other likewise
 * @param values all there were, by side
 * @param remark what was left out, behind a comma; empty where nothing was
 */
record Pairs(double[] favoured, double[] other, Map<String, List<Finding.Value>> values, String remark) {
    /**
     * Takes a number of every run; seeds with which a side has none are left out.
     *
     * @param number of a run, nothing where it has none
     */
    static Pairs of(List<Trial> trials, String favoured, String other, Function<Trial.Outcome, OptionalDouble> number) {
        Map<String, List<Finding.Value>> values = new LinkedHashMap<>();
        values.put(favoured, new ArrayList<>());
        values.put(other, new ArrayList<>());
        List<double[]> pairs = new ArrayList<>();
        for (Trial trial : trials) {
            OptionalDouble first = number.apply(trial.runs().get(favoured));
            OptionalDouble second = number.apply(trial.runs().get(other));
            first.ifPresent(value -> values.get(favoured).add(new Finding.Value(trial.seed(), value)));
            second.ifPresent(value -> values.get(other).add(new Finding.Value(trial.seed(), value)));
            if (first.isPresent() && second.isPresent()) {
                pairs.add(new double[] {first.getAsDouble(), second.getAsDouble()});
            }
        }
        int left = trials.size() - pairs.size();
        return new Pairs(
                pairs.stream().mapToDouble(pair -> pair[0]).toArray(),
                pairs.stream().mapToDouble(pair -> pair[1]).toArray(),
                values,
                left == 0 ? "" : ", " + left + " left out, of which a run diverged or has no such number");
    }

    private int count() {
        return favoured.length;
    }

    /** Judges by the mean over pairs of how far the favoured side is ahead. */
    Finding byMean(ToDoubleBiFunction<Double, Double> ahead, double asked, Shown shown) {
        double[] each = IntStream.range(0, count())
                .mapToDouble(i -> ahead.applyAsDouble(favoured[i], other[i]))
                .toArray();
        return by(
                some -> {
                    double sum = 0;
                    for (int place : some) {
                        sum += each[place];
                    }
                    return sum / some.length;
                },
                asked,
                shown);
    }

    /** Judges by how much less the favoured side's numbers are apart, as a deviation over the seeds. */
    Finding bySpread(double asked, Shown shown) {
        return by(some -> deviation(other, some) - deviation(favoured, some), asked, shown);
    }

    /** Of a sample; NaN where one thing alone was drawn. */
    private static double deviation(double[] numbers, int[] some) {
        if (IntStream.of(some).distinct().count() < 2) {
            return Double.NaN;
        }
        double mean = IntStream.of(some).mapToDouble(i -> numbers[i]).average().orElseThrow();
        double squares = IntStream.of(some)
                .mapToDouble(i -> (numbers[i] - mean) * (numbers[i] - mean))
                .sum();
        return Math.sqrt(squares / (some.length - 1));
    }

    /** How numbers are shown: which unit, and as what. */
    record Shown(String unit, Function<Double, Double> scale) {
        static Shown as(String unit) {
            return new Shown(unit, value -> value);
        }

        /** Logarithms as factors. */
        static Shown times() {
            return new Shown("times", Math::exp);
        }
    }

    private Finding by(ToDoubleFunction<int[]> statistic, double asked, Shown shown) {
        if (count() < Bootstrap.FEWEST) {
            return Finding.undecided(
                    count() + (count() == 1 ? " pair" : " pairs") + remark + ": of fewer than " + Bootstrap.FEWEST
                            + " all agree by chance too often",
                    values);
        }
        double estimate = statistic.applyAsDouble(IntStream.range(0, count()).toArray());
        Interval interval = Bootstrap.of(count(), statistic);
        Verdict verdict = interval.low() > asked
                ? Verdict.CONFIRMED
                : interval.high() < -asked ? Verdict.REFUTED : Verdict.UNDECIDED;
        return new Finding(
                verdict,
                count() + " pairs" + remark,
                Optional.of(new Finding.Interval(
                        shown.scale().apply(estimate),
                        shown.scale().apply(interval.low()),
                        shown.scale().apply(interval.high()),
                        shown.scale().apply(asked),
                        shown.unit())),
                values);
    }
}
