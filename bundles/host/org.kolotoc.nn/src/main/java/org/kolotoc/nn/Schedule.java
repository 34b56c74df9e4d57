package org.kolotoc.nn;

/** A learning rate for every step, computed by the host and fed. */
public sealed interface Schedule {
    /** The rate of a step, from 0. */
    double at(long step);

    /** Always the same. */
    record Constant(double rate) implements Schedule {
        @Override
        public double at(long step) {
            return rate;
        }
    }

    /** Up from 0 in {@code warmup} steps, then down in a straight line to {@code floor} at the last of {@code steps}. */
    record Linear(double rate, double floor, long warmup, long steps) implements Schedule {
        @Override
        public double at(long step) {
            return step < warmup ? rising(rate, step, warmup) : rate + (floor - rate) * gone(step, warmup, steps);
        }
    }

    /** Up from 0 in {@code warmup} steps, then down half a cosine to {@code floor} at the last of {@code steps}. */
    record Cosine(double rate, double floor, long warmup, long steps) implements Schedule {
        @Override
        public double at(long step) {
            return step < warmup
                    ? rising(rate, step, warmup)
                    : floor + (rate - floor) * (1 + StrictMath.cos(Math.PI * gone(step, warmup, steps))) / 2;
        }
    }

    private static double rising(double rate, long step, long warmup) {
        return rate * (step + 1) / (warmup + 1);
    }

    /** Share of the steps after the warm-up that lie behind. */
    private static double gone(long step, long warmup, long steps) {
        return Math.min(1, (step - warmup) / (double) Math.max(1, steps - 1 - warmup));
    }
}
