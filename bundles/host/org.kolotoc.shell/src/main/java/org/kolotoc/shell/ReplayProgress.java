package org.kolotoc.shell;

import java.util.function.LongSupplier;

/** How far the steps of a replay are. The first compiles and says nothing of those to come: time is counted after it. */
final class ReplayProgress {
    private final StatusLine line;
    private final LongSupplier clock;
    private long first = -1;
    private long began;

    /** @param clock tells nanoseconds */
    ReplayProgress(StatusLine line, LongSupplier clock) {
        this.line = line;
        this.clock = clock;
    }

    /** Says it where it is time for a line. */
    void show(long step, long from, long to) {
        long now = clock.getAsLong();
        if (first < 0) {
            first = step;
            began = now;
            line.pause();
        } else if (line.isDue()) {
            String left = ", " + StatusLine.clock((now - began) / 1e9 / (step - first) * (to - step)) + " left";
            line.show(
                    "replay: step " + step + ", from " + from + " to " + to + left,
                    "replay: step " + step + "/" + to + left);
        }
    }
}
