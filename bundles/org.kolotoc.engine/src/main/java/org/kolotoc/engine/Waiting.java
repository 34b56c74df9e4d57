package org.kolotoc.engine;

import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;

/** What goes on while an experiment is prepared: people hear how far it is, and may stop it. */
public final class Waiting {
    private static final long EVERY = 2_000_000_000L;

    private final BooleanSupplier stop;
    private final boolean silent;
    private long shown = System.nanoTime();

    /**
     * Begins.
     *
     * @param stop whether somebody wants to stop
     */
    public Waiting(BooleanSupplier stop, boolean silent) {
        this.stop = stop;
        this.silent = silent;
    }

    /**
     * So much of all of something is done.
     *
     * @throws Stopped when somebody wants to stop
     */
    void reached(String what, long done, long all) {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
        long now = System.nanoTime();
        if (!silent && now - shown > EVERY) {
            shown = now;
            System.err.println(what + ": " + Math.round(100.0 * done / Math.max(1, all)) + " %");
        }
    }
}
