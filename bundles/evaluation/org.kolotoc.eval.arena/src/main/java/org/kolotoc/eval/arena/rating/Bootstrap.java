package org.kolotoc.eval.arena.rating;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntFunction;
import org.kolotoc.nn.statistics.Interval;
import org.kolotoc.tensor.CounterRandom;

/**
 * Strengths of samples of as many battles, drawn from all with replacement (Efron 1979).
 *
 * @param strengths {@code [sample, model + feature]}: strengths, then worths of style
 * @param undetermined samples that are left out, since some model lost no point in them, or took none
 */
public record Bootstrap(List<double[]> strengths, int undetermined) {
    /**
     * Draws so many samples; the same for a seed, whatever else is drawn.
     *
     * @param styled as the fit was made
     */
    public static Bootstrap of(BradleyTerry model, Battles battles, boolean styled, Fit fit, int samples, long seed) {
        CounterRandom random = new CounterRandom(seed, "arena/bootstrap");
        return of(model, battles, styled, fit, samples, sample -> {
            int[] times = new int[battles.size()];
            for (int draw = 0; draw < battles.size(); draw++) {
                times[random.integer((long) sample * battles.size() + draw, battles.size())]++;
            }
            return times;
        });
    }

    /**
     * Takes samples that somebody else drew, for battles that are not independent of each other.
     *
     * @param drawn {@code [battle]} for a sample: how often each was drawn
     */
    public static Bootstrap of(
            BradleyTerry model, Battles battles, boolean styled, Fit fit, int samples, IntFunction<int[]> drawn) {
        int reported = fit.strengths().length + fit.coefficients().length;
        List<double[]> strengths = new ArrayList<>();
        for (int sample = 0; sample < samples; sample++) {
            model.refit(Tally.of(battles, styled, drawn.apply(sample)), battles, fit)
                    .ifPresent(found -> strengths.add(Arrays.copyOf(found, reported)));
        }
        return new Bootstrap(strengths, samples - strengths.size());
    }

    /** Percentiles of each strength and each worth of style: where 95 of 100 samples lie, as many above as below. */
    public Intervals intervals() {
        int size = strengths.getFirst().length;
        Intervals intervals = new Intervals(new double[size], new double[size]);
        for (int i = 0; i < size; i++) {
            int which = i;
            double[] values =
                    strengths.stream().mapToDouble(sample -> sample[which]).toArray();
            intervals.lower()[i] = Interval.percentile(Intervals.LOWER, values);
            intervals.upper()[i] = Interval.percentile(Intervals.UPPER, values);
        }
        return intervals;
    }
}
