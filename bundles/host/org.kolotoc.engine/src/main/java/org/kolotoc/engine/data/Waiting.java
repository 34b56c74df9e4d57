package org.kolotoc.engine.data;

import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.progress.StatusLine;

/** What goes on while data is read: people hear how far that is, and may stop it. */
public final class Waiting {
    private final BooleanSupplier stop;
    private final boolean silent;
    private final StatusLine line;

    /**
     * Begins.
     *
     * @param stop whether somebody wants to stop
     */
    public Waiting(BooleanSupplier stop, boolean silent, StatusLine line) {
        this.stop = stop;
        this.silent = silent;
        this.line = line;
        // What is over in a moment is not worth a line.
        line.pause();
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
        if (!silent && line.isDue()) {
            line.show(what + ": " + Math.round(100.0 * done / Math.max(1, all)) + " %");
        }
    }

    /** The reading is over, until something is read again. */
    public void end() {
        line.end();
        line.pause();
    }
}
