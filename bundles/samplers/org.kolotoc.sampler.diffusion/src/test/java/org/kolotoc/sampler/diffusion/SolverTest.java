package org.kolotoc.sampler.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.nn.Layout;
import org.kolotoc.nn.diffusion.NoiseSchedule;
import org.kolotoc.nn.diffusion.Prediction;

class SolverTest {
    private static final NoiseSchedule SCHEDULE = NoiseSchedule.linear(1000, 0.0001, 0.02);
    private static final double DEVIATION = 0.3;

    /**
     * Of a Gaussian the best denoiser is known; with it a walk from a standard normal has to end with the Gaussian's variance,
     * which all factors together decide.
     */
    private static double deviation(List<Transition> transitions) {
        // x is this much of what it began with, of all noise together, and of the sample that was foreseen last.
        double variance = 1;
        double covariance = 0;
        double previous = 0;
        for (Transition step : transitions) {
            double signal = SCHEDULE.signal(step.time());
            double told = Math.sqrt(signal) * DEVIATION * DEVIATION / (signal * DEVIATION * DEVIATION + 1 - signal);
            double factor = step.noisy() + step.sample() * told;
            double next = factor * factor * variance
                    + 2 * factor * step.previous() * covariance
                    + step.previous() * step.previous() * previous
                    + step.noise() * step.noise();
            covariance = told * (factor * variance + step.previous() * covariance);
            previous = told * told * variance;
            variance = next;
        }
        return Math.sqrt(variance);
    }

    @Test
    void eachWayEndsWithTheDeviationOfTheData() {
        assertEquals(DEVIATION, deviation(new Solver.Ancestral().transitions(SCHEDULE)), 0.02 * DEVIATION);
        assertEquals(DEVIATION, deviation(new Solver.Implicit(1000, 0).transitions(SCHEDULE)), 0.02 * DEVIATION);
        assertEquals(DEVIATION, deviation(new Solver.Implicit(1000, 1).transitions(SCHEDULE)), 0.02 * DEVIATION);
        assertEquals(DEVIATION, deviation(new Solver.Multistep(50).transitions(SCHEDULE)), 0.02 * DEVIATION);
    }

    /** What a second-order way is for. */
    @Test
    void inFewStepsTheSecondOrderComesNearer() {
        double first = Math.abs(deviation(new Solver.Implicit(10, 0).transitions(SCHEDULE)) - DEVIATION);
        double second = Math.abs(deviation(new Solver.Multistep(10).transitions(SCHEDULE)) - DEVIATION);
        assertTrue(second < first / 2, () -> second + " away in second order, " + first + " in first");
    }

    @Test
    void inAWrongOrderItDoesNot() {
        for (long seed = 1; seed <= 5; seed++) {
            List<Transition> shuffled = Drawing.shuffled(new Solver.Ancestral().transitions(SCHEDULE), seed);
            double deviation = deviation(shuffled);
            assertTrue(Math.abs(deviation - DEVIATION) > 0.2 * DEVIATION, () -> "deviation " + deviation);
        }
    }

    /** Ancestral sampling is DDIM with all of the noise, taken at every step. */
    @Test
    void withAllOfTheNoiseDdimIsAncestral() {
        List<Transition> ancestral = new Solver.Ancestral().transitions(SCHEDULE);
        List<Transition> implicit = new Solver.Implicit(1000, 1).transitions(SCHEDULE);
        for (int i = 0; i < 1000; i++) {
            assertEquals(ancestral.get(i).time(), implicit.get(i).time());
            assertEquals(ancestral.get(i).noisy(), implicit.get(i).noisy(), 1e-7);
            assertEquals(ancestral.get(i).sample(), implicit.get(i).sample(), 1e-7);
            assertEquals(ancestral.get(i).noise(), implicit.get(i).noise(), 1e-7);
        }
    }

    /** Also where as many are asked for as there are. */
    @Test
    void noStepIsTakenTwice() {
        for (int steps : new int[] {1, 2, 7, 12}) {
            List<Integer> times = new Solver.Multistep(steps)
                    .transitions(NoiseSchedule.cosine(12)).stream()
                            .map(Transition::time)
                            .toList();
            assertEquals(steps, times.stream().distinct().count(), times::toString);
            assertEquals(times.stream().sorted(Comparator.reverseOrder()).toList(), times);
            assertEquals(11, times.getFirst());
            assertTrue(steps == 1 || times.getLast() == 0, times::toString);
        }
    }

    @Test
    void stepsAreSpreadFromTheLastToTheFirst() {
        assertArrayEquals(new int[] {999, 666, 333, 0}, Solver.times(1000, 4));
        assertArrayEquals(new int[] {4, 3, 2, 1, 0}, Solver.times(5, 5));
        assertArrayEquals(new int[] {4}, Solver.times(5, 1));
    }

    @Test
    void whatTheDenoiserCanNotDoIsRefusedByField() {
        Model labelled = Few.models(Prediction.NOISE, true).get("model");
        Model plain = Few.models(Prediction.NOISE, false).get("model");
        refused("steps", plain, new Solver.Implicit(13, 0), new Wanted(5, Layout.POINTS, -1, 1, 0, List.of()));
        refused("guidance", plain, new Solver.Ancestral(), new Wanted(5, Layout.POINTS, -1, 2, 0, List.of()));
        refused("label", plain, new Solver.Ancestral(), new Wanted(5, Layout.POINTS, 0, 1, 0, List.of()));
        refused("label", labelled, new Solver.Ancestral(), new Wanted(5, Layout.POINTS, 3, 1, 0, List.of()));
    }

    private static void refused(String field, Model model, Solver solver, Wanted wanted) {
        InputError error = assertThrows(InputError.class, () -> Asked.of(wanted, solver, model));
        assertEquals(field, error.field(), error::getMessage);
    }

    @Test
    void twoExamplesAreLedToEachOtherWhereNoiseDecides() {
        Model plain = Few.models(Prediction.NOISE, false).get("model");
        refused("between", plain, new Solver.Ancestral(), new Wanted(5, Layout.POINTS, -1, 1, 0, List.of(1)));
        refused("between", plain, new Solver.Ancestral(), new Wanted(5, Layout.POINTS, -1, 1, 0, List.of(1, 1)));
        refused("examples", plain, new Solver.Ancestral(), new Wanted(1, Layout.POINTS, -1, 1, 0, List.of(1, 2)));
        refused("between", plain, new Solver.Implicit(5, 0.5), new Wanted(5, Layout.POINTS, -1, 1, 0, List.of(1, 2)));
    }
}
