package org.kolotoc.shell;

import java.util.function.LongSupplier;

/** How far the steps of a replay are. */
final class ReplayProgress {
    private final StatusLine line;
    private final LongSupplier clock;
    private Pace pace;

    /** @param clock tells nanoseconds */
    ReplayProgress(StatusLine line, LongSupplier clock) {
        this.line = line;
        this.clock = clock;
    }

    /** Says it where it is time for a line. */
    void show(long step, long from, long to) {
        long now = clock.getAsLong();
        if (pace == null) {
            pace = new Pace(step, now);
            line.pause();
            return;
        }
        pace.reached(step, now);
        if (line.isDue()) {
            String left = ", " + StatusLine.clock(pace.seconds(to - step)) + " left";
            line.show(
                    "replay: step " + step + ", from " + from + " to " + to + left,
                    "replay: step " + step + "/" + to + left);
        }
    }
}
