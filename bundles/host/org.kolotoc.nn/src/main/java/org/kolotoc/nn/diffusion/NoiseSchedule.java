package org.kolotoc.nn.diffusion;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/**
 * How a sample becomes noise in so many steps (Ho, Jain and Abbeel, arXiv:2006.11239, equations 2 and 4):
 *
 * <pre>
 * q(x_t | x_(t-1)) = N(sqrt(1 - beta_t) x_(t-1), beta_t)
 * q(x_t | x_0)     = N(sqrt(signal_t) x_0, 1 - signal_t),  signal_t = (1 - beta_0) ... (1 - beta_t)
 * </pre>
 *
 * <p>Steps count from 0; step -1 is the sample itself. All in double precision, on the heap.
 */
public final class NoiseSchedule {
    /**
     * The statistic of a denoiser, {@code f32 [steps]}, that has the betas it was trained with. They are a part of what was
     * learned, so they are kept beside the weights, and no sampler has to be told them.
     */
    public static final String BETAS = "betas";

    /** Of a cosine: against steps that are too small near the sample (Nichol and Dhariwal, section 3.2). */
    private static final double OFFSET = 0.008;

    /** No step replaces all of what is there. */
    private static final double LARGEST = 0.999;

    private static final double PUBLISHED_STEPS = 1000;
    private static final double FIRST = 1e-4;
    private static final double LAST = 0.02;

    private final double[] betas;
    private final double[] signals;

    private NoiseSchedule(double[] betas) {
        this.betas = betas;
        this.signals = new double[betas.length];
        double signal = 1;
        for (int t = 0; t < betas.length; t++) {
            if (!(betas[t] > 0 && betas[t] < 1)) {
                throw new IllegalArgumentException(
                        "beta of step " + t + " is " + betas[t] + "; expected one between 0 and 1");
            }
            signal *= 1 - betas[t];
            signals[t] = signal;
        }
    }

    /**
     * Betas in equal steps (Ho et al., section 4: 1000 steps from 0.0001 to 0.02).
     *
     * @throws IllegalArgumentException of no steps, or of a beta that is not between 0 and 1
     */
    public static NoiseSchedule linear(int steps, double first, double last) {
        return of(steps, t -> steps == 1 ? last : first + (last - first) * t / (steps - 1));
    }

    /**
     * The published betas (Ho et al., section 4), larger where there are fewer steps than the 1000 they were given for: what an
     * untrained denoiser has.
     *
     * @throws IllegalArgumentException of no steps
     */
    public static NoiseSchedule linear(int steps) {
        double scale = PUBLISHED_STEPS / Math.max(1, steps);
        return linear(steps, Math.min(LARGEST, FIRST * scale), Math.min(LARGEST, LAST * scale));
    }

    /**
     * The signal falls as a squared cosine (Nichol and Dhariwal, arXiv:2102.09672, equation 17), with betas of at most 0.999.
     *
     * @throws IllegalArgumentException of no steps
     */
    public static NoiseSchedule cosine(int steps) {
        return of(steps, t -> Math.min(LARGEST, 1 - cosine((t + 1) / (double) steps) / cosine(t / (double) steps)));
    }

    /**
     * Of betas that were kept.
     *
     * @throws IllegalArgumentException of none, or of one that is not between 0 and 1
     */
    public static NoiseSchedule of(float... betas) {
        return of(betas.length, t -> betas[t]);
    }

    private static NoiseSchedule of(int steps, IntToDoubleFunction beta) {
        if (steps < 1) {
            throw new IllegalArgumentException(steps + " steps; expected at least 1");
        }
        double[] betas = new double[steps];
        Arrays.setAll(betas, beta);
        return new NoiseSchedule(betas);
    }

    private static double cosine(double share) {
        double root = StrictMath.cos((share + OFFSET) / (1 + OFFSET) * Math.PI / 2);
        return root * root;
    }

    public int steps() {
        return betas.length;
    }

    /** The share of the variance that a step replaces by noise. */
    public double beta(int step) {
        return betas[step];
    }

    /** The share of the sample's variance that is left after a step; 1 at -1. */
    public double signal(int step) {
        return step < 0 ? 1 : signals[step];
    }

    /** The {@link #BETAS} as a model lists them among its statistics. */
    public Parameter statistic() {
        float[] values = new float[steps()];
        for (int t = 0; t < values.length; t++) {
            values[t] = (float) betas[t];
        }
        return Parameter.of(BETAS, new Initializer.Values(values), values.length);
    }

    /**
     * What was there before a step, of which the sample is known: {@code q(x_(t-1) | x_t, x_0) = N(sample x_0 + noisy x_t,
     * variance)} (Ho et al., equations 6 and 7).
     *
     * @param sample factor of the sample
     * @param noisy factor of what is there after the step
     */
    public record Posterior(double sample, double noisy, double variance) {}

    /** Before a step: of step 0 it is the sample itself. */
    public Posterior posterior(int step) {
        double before = signal(step - 1);
        double noise = 1 - signal(step);
        return new Posterior(
                Math.sqrt(before) * beta(step) / noise,
                Math.sqrt(1 - beta(step)) * (1 - before) / noise,
                beta(step) * (1 - before) / noise);
    }
}
