package org.kolotoc.nn.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

class NoiseScheduleTest {
    private static final List<NoiseSchedule> SCHEDULES =
            List.of(NoiseSchedule.linear(100, 0.001, 0.2), NoiseSchedule.cosine(100), NoiseSchedule.cosine(7));

    /** q(x_t | x_0) in one step is as many single steps: mean and variance of samples that all began at one place. */
    @Test
    void theClosedFormIsThatOfSingleSteps() {
        double begin = 3;
        int walkers = 40_000;
        for (NoiseSchedule schedule : SCHEDULES) {
            CounterRandom random = new CounterRandom(5, "steps");
            double[] places = new double[walkers];
            Arrays.fill(places, begin);
            int last = schedule.steps() / 2;
            for (int t = 0; t <= last; t++) {
                for (int i = 0; i < walkers; i++) {
                    double noise = random.normal((long) t * walkers + i);
                    places[i] = Math.sqrt(1 - schedule.beta(t)) * places[i] + Math.sqrt(schedule.beta(t)) * noise;
                }
            }
            double mean = Arrays.stream(places).average().orElseThrow();
            double variance = Arrays.stream(places)
                    .map(x -> (x - mean) * (x - mean))
                    .average()
                    .orElseThrow();
            assertEquals(Math.sqrt(schedule.signal(last)) * begin, mean, 0.02 * begin, "mean");
            assertEquals(1 - schedule.signal(last), variance, 0.02, "variance");
        }
    }

    /** Kolmogorov and Smirnov: of points on a ring nothing is left at the end; in the middle of the way there is. */
    @Test
    void whatIsThereAtTheEndIsNoise() {
        for (NoiseSchedule schedule : SCHEDULES) {
            assertTrue(distance(schedule, schedule.steps() - 1) < critical(4000), "the end is no standard normal");
        }
        NoiseSchedule schedule = SCHEDULES.getFirst();
        assertTrue(distance(schedule, schedule.steps() / 4) > critical(4000), "the test sees no difference at all");
    }

    /** Distances above it have p < 0.01. */
    private static double critical(int count) {
        return 1.628 / Math.sqrt(count);
    }

    /** The largest distance between distribution functions: of noisy x coordinates and of the standard normal. */
    private static double distance(NoiseSchedule schedule, int step) {
        int count = 4000;
        CounterRandom random = new CounterRandom(11, "ends");
        double[] ends = new double[count];
        for (int i = 0; i < count; i++) {
            double sample = 2 * Math.cos(Math.PI / 4 * (i % 8));
            double signal = schedule.signal(step);
            ends[i] = Math.sqrt(signal) * sample + Math.sqrt(1 - signal) * random.normal(i);
        }
        Arrays.sort(ends);
        double largest = 0;
        for (int i = 0; i < count; i++) {
            double below = normalBelow(ends[i]);
            largest = Math.max(largest, Math.max(below - i / (double) count, (i + 1) / (double) count - below));
        }
        return largest;
    }

    /** By Simpson's rule. */
    private static double normalBelow(double x) {
        int parts = 200;
        double width = x / parts;
        double sum = 0;
        for (int i = 0; i <= parts; i++) {
            double at = i * width;
            sum += (i == 0 || i == parts ? 1 : i % 2 == 0 ? 2 : 4) * Math.exp(-at * at / 2);
        }
        return 0.5 + sum * width / 3 / Math.sqrt(2 * Math.PI);
    }

    /** What was before a step, drawn from the sample and what is after it, has the variance of what is before. */
    @Test
    void thePosteriorGoesBackToTheStepBefore() {
        for (NoiseSchedule schedule : SCHEDULES) {
            for (int t = 0; t < schedule.steps(); t++) {
                NoiseSchedule.Posterior posterior = schedule.posterior(t);
                assertEquals(
                        Math.sqrt(schedule.signal(t - 1)),
                        posterior.sample() + posterior.noisy() * Math.sqrt(schedule.signal(t)),
                        1e-9);
                assertEquals(
                        1 - schedule.signal(t - 1),
                        posterior.variance() + posterior.noisy() * posterior.noisy() * (1 - schedule.signal(t)),
                        1e-9);
            }
        }
    }

    @Test
    void aBetaThatIsNoneIsNamed() {
        for (float beta : new float[] {0, 1, -0.5f, Float.NaN}) {
            IllegalArgumentException error =
                    assertThrows(IllegalArgumentException.class, () -> NoiseSchedule.of(0.5f, beta));
            assertTrue(error.getMessage().startsWith("beta of step 1 is "), error::getMessage);
        }
        assertThrows(IllegalArgumentException.class, NoiseSchedule::of);
    }

    /** Each prediction gives the sample back. */
    @Test
    void whatIsToldGivesTheSample() {
        double sample = 0.7;
        double noise = -1.3;
        double signal = 0.4;
        double x = Math.sqrt(signal) * sample + Math.sqrt(1 - signal) * noise;
        double velocity = Math.sqrt(signal) * noise - Math.sqrt(1 - signal) * sample;
        double[] told = {noise, sample, velocity};
        for (Prediction prediction : Prediction.values()) {
            Prediction.Recovery recovery = prediction.recovery(signal);
            assertEquals(
                    sample,
                    recovery.noisy() * x + recovery.told() * told[prediction.ordinal()],
                    1e-12,
                    prediction.port());
        }
    }
}
