package org.kolotoc.engine.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

/** How far the run is: one line that is overwritten on a terminal, a line every few seconds elsewhere. */
final class Progress {
    private static final int WIDTH = 24;
    private static final long ON_TERMINAL = 100_000_000L;
    private static final long ELSEWHERE = 5_000_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean silent;
    private final long total;
    private final long began = System.nanoTime();
    private final long first;
    private long shown;
    private long workBegan;
    private boolean open;

    /**
     * Begins.
     *
     * @param first steps done before
     */
    Progress(PrintStream out, long first, long total, boolean silent) {
        this.out = out;
        this.first = first;
        this.total = total;
        this.silent = silent;
        this.terminal = System.console() != null && System.console().isTerminal();
    }

    void show(long step, double loss, double tokensPerSecond) {
        if (isDue(step == total)) {
            double seconds = (shown - began) / 1e9;
            double left = step == first ? 0 : seconds / (step - first) * (total - step);
            int done = total == 0 ? WIDTH : (int) (WIDTH * step / total);
            print(String.format(
                    Locale.ROOT,
                    "step %d/%d [%s%s] loss %.4f, %s tokens/s, %s left",
                    step,
                    total,
                    "=".repeat(done),
                    " ".repeat(WIDTH - done),
                    loss,
                    thousands(tokensPerSecond),
                    clock(left)));
        }
    }

    /** Work between steps that takes long: {@code samples: 1200/4800 tokens, 0:31 left}. */
    void show(String work, long done, long all, String unit) {
        if (done == 1) {
            workBegan = System.nanoTime();
            // What is over in a moment is not worth a line.
            shown = workBegan;
        }
        if (isDue(false)) {
            double left = (shown - workBegan) / 1e9 / done * (all - done);
            print(String.format(Locale.ROOT, "%s: %d/%d %s, %s left", work, done, all, unit, clock(left)));
        }
    }

    /** Whether it is time for another line, which is then now. */
    private boolean isDue(boolean last) {
        long now = System.nanoTime();
        if (silent || now - shown < (terminal ? ON_TERMINAL : ELSEWHERE) && !last) {
            return false;
        }
        shown = now;
        return true;
    }

    private void print(String text) {
        if (terminal) {
            out.print("\r\033[K" + text);
            out.flush();
            open = true;
        } else {
            out.println(text);
        }
    }

    /** Prints lines of their own above the bar. */
    void say(String text) {
        if (!silent) {
            end();
            out.println(text);
        }
    }

    void end() {
        if (open) {
            out.println();
            open = false;
        }
    }

    private static String thousands(double number) {
        return number >= 10_000 ? Math.round(number / 1000) + "k" : Long.toString(Math.round(number));
    }

    private static String clock(double seconds) {
        Duration left = Duration.ofSeconds(Math.round(seconds));
        return left.toHours() > 0
                ? String.format("%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart())
                : String.format("%d:%02d", left.toMinutes(), left.toSecondsPart());
    }
}
