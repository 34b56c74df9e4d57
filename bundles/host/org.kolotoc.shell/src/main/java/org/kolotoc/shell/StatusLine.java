package org.kolotoc.shell;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.function.LongSupplier;

/**
 * A line that says how far something is: overwritten where that can be done and never longer than a row there, a line
 * every few seconds elsewhere. Callers hold their own lock.
 */
final class StatusLine {
    private static final long ON_TERMINAL = 100_000_000L;
    private static final long ELSEWHERE = 5_000_000_000L;

    private final PrintStream out;
    private final Screen screen;
    private final LongSupplier clock;
    private long shown;
    private boolean open;

    public StatusLine(PrintStream out, Screen screen) {
        this(out, screen, System::nanoTime);
    }

    /** @param clock tells nanoseconds */
    public StatusLine(PrintStream out, Screen screen, LongSupplier clock) {
        this.out = out;
        this.screen = screen;
        this.clock = clock;
        // The first line is due at once.
        this.shown = clock.getAsLong() - ELSEWHERE;
    }

    /** Whether it is time for another line. */
    public boolean isDue() {
        return clock.getAsLong() - shown >= (screen.overwrites() ? ON_TERMINAL : ELSEWHERE);
    }

    /** Counts from now on: what is over in a moment is not worth a line. */
    public void pause() {
        shown = clock.getAsLong();
    }

    /** Characters that a line may have. */
    public int room() {
        // A terminal that is as wide as the text already wraps when the cursor goes on.
        return screen.columns().getAsInt() - 1;
    }

    /** Shows the first that there is room for, of what says less and less; else the last, cut. */
    public void show(String... tellings) {
        int room = room();
        show(Arrays.stream(tellings)
                .filter(telling -> telling.length() <= room)
                .findFirst()
                .orElse(tellings[tellings.length - 1]));
    }

    /** Shows a line in the place of the last one; cut where there is no room. */
    public void show(String text) {
        shown = clock.getAsLong();
        if (screen.overwrites()) {
            int room = Math.max(1, room());
            out.print("\r\033[K" + (text.length() <= room ? text : text.substring(0, room - 1) + "…"));
            out.flush();
            open = true;
        } else {
            out.println(text);
        }
    }

    /** Leaves the last line as it stands; what is printed next has a row of its own. */
    public void end() {
        if (open) {
            out.println();
            open = false;
        }
    }

    /** {@code 1:02:03} or {@code 2:03}. */
    public static String clock(double seconds) {
        Duration time = Duration.ofSeconds(Math.round(seconds));
        return time.toHours() > 0
                ? String.format(Locale.ROOT, "%d:%02d:%02d", time.toHours(), time.toMinutesPart(), time.toSecondsPart())
                : String.format(Locale.ROOT, "%d:%02d", time.toMinutes(), time.toSecondsPart());
    }
}
