package org.kolotoc.engine.prepare;

/** Counts what the programs of one plugin did since somebody looked last. Only the thread that runs them looks. */
public final class Work {
    private double flops;
    private long calls;

    /**
     * What was done.
     *
     * @param flops floating-point operations, see {@link org.kolotoc.tensor.Program#flops}
     * @param calls runs of programs
     */
    public record Done(double flops, long calls) {}

    /** A program was run. */
    void ran(double operations) {
        flops += operations;
        calls++;
    }

    /** What was done since the last time; counts from 0 again. */
    Done take() {
        Done done = new Done(flops, calls);
        flops = 0;
        calls = 0;
        return done;
    }
}
