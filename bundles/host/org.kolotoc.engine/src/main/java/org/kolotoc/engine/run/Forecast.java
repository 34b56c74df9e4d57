package org.kolotoc.engine.run;

import java.util.Arrays;

/** How long a run will take, by its first steps: a long one is to be shown to be resumable before most of it is done. */
final class Forecast {
    private static final int STEPS = 5;
    private static final double LONG_SECONDS = 3600;

    private final boolean proved;
    private final long[] nanoseconds = new long[STEPS];
    private int taken = -1;

    /** @param proved whether it was shown before */
    Forecast(boolean proved) {
        this.proved = proved;
    }

    /**
     * Hears of each step of a process. The first compiles, and says nothing of those to come.
     *
     * @param left steps that are still to be taken
     * @return whether it is now to be shown that the run can be resumed: once, after the first steps of a long run
     */
    boolean asksForProof(long stepNanoseconds, long left) {
        if (proved || taken == STEPS) {
            return false;
        }
        if (taken >= 0) {
            nanoseconds[taken] = stepNanoseconds;
        }
        taken++;
        if (taken < STEPS) {
            return false;
        }
        Arrays.sort(nanoseconds);
        return nanoseconds[STEPS / 2] / 1e9 * left > LONG_SECONDS;
    }
}
