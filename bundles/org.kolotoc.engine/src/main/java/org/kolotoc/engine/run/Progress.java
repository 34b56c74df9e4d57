package org.kolotoc.engine.run;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.kolotoc.tensor.Backend;

/**
 * How far the run is: one line that is overwritten on a terminal, a line every few seconds elsewhere. While nobody says
 * anything because a device compiles, a thread of its own tells how far that is.
 */
final class Progress implements AutoCloseable {
    private static final int WIDTH = 24;
    private static final long ON_TERMINAL = 100_000_000L;
    private static final long ELSEWHERE = 5_000_000_000L;
    private static final long LOOKS = 200_000_000L;

    private final PrintStream out;
    private final boolean terminal;
    private final boolean silent;
    private final long total;
    private long first = -1;
    private long began;
    private long shown;
    private Work work = new Work("", 0, 0);
    private boolean open;
    private boolean closed;
    private final LongSupplier clock;
    private final Thread watch;

    /**
     * Work between steps.
     *
     * @param first parts that were done when it was first heard of
     * @param began nanoseconds at that time
     */
    private record Work(String name, long first, long began) {}

    /**
     * Begins.
     *
     * @param total steps of the run
     * @param compiling what the device's compiler is at
     */
    Progress(PrintStream out, long total, boolean silent, Supplier<Optional<Backend.Compiling>> compiling) {
        this(out, total, silent, compiling, System::nanoTime);
    }

    /** @param clock tells nanoseconds */
    Progress(
            PrintStream out,
            long total,
            boolean silent,
            Supplier<Optional<Backend.Compiling>> compiling,
            LongSupplier clock) {
        this.clock = clock;
        this.out = out;
        this.total = total;
        this.silent = silent;
        this.terminal = System.console() != null && System.console().isTerminal();
        this.watch = Thread.ofVirtual().start(() -> {
            for (LockSupport.parkNanos(LOOKS); !Thread.interrupted(); LockSupport.parkNanos(LOOKS)) {
                compiling.get().ifPresent(this::show);
            }
        });
    }

    private synchronized void show(Backend.Compiling now) {
        if (!closed && now.seconds() >= 1 && isDue(false)) {
            double rest = now.reached() / now.done() * (now.all() - now.done()) - (now.seconds() - now.reached());
            print(
                    now.done() == 0
                            ? "compiling: " + now.all() + " kernels, " + clock(now.seconds()) + " so far"
                            : "compiling: " + now.done() + "/" + now.all() + " kernels, " + clock(Math.max(0, rest))
                                    + " left");
        }
    }

    /**
     * A step. The first that is shown compiles and says nothing of those to come: time is counted after it.
     *
     * @param headline the measure that tells most, with its value, or empty
     * @param rate of work, or empty
     */
    synchronized void show(long step, String headline, String rate) {
        if (first < 0) {
            first = step;
            began = clock.getAsLong();
        }
        if (isDue(step == total || step == first)) {
            double seconds = (shown - began) / 1e9;
            int done = total == 0 ? WIDTH : (int) (WIDTH * step / total);
            print(String.format(
                    Locale.ROOT,
                    "step %d/%d [%s%s]%s%s%s",
                    step,
                    total,
                    "=".repeat(done),
                    " ".repeat(WIDTH - done),
                    headline.isEmpty() ? "" : " " + headline,
                    rate.isEmpty() ? "" : ", " + rate,
                    step == first ? "" : ", " + clock(seconds / (step - first) * (total - step)) + " left"));
        }
    }

    /**
     * Work between steps that takes long: {@code samples: 1200/4800 tokens, 0:31 left}. Time is counted after what is
     * heard first of it: that compiles.
     */
    synchronized void show(String name, long done, long all, String unit) {
        if (!work.name().equals(name) || done <= work.first()) {
            // What is over in a moment is not worth a line.
            shown = clock.getAsLong();
            work = new Work(name, done, shown);
        }
        if (isDue(false)) {
            double left = (shown - work.began()) / 1e9 / (done - work.first()) * (all - done);
            print(String.format(Locale.ROOT, "%s: %d/%d %s, %s left", name, done, all, unit, clock(left)));
        }
    }

    /** Whether it is time for another line, which is then now. */
    private boolean isDue(boolean last) {
        long now = clock.getAsLong();
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
    synchronized void say(String text) {
        if (!silent) {
            end();
            out.println(text);
        }
    }

    /** A line beside the output, also where silence is wanted. */
    synchronized void warn(String text) {
        end();
        Run.warn(text);
    }

    synchronized void end() {
        if (open) {
            out.println();
            open = false;
        }
    }

    @Override
    public synchronized void close() {
        closed = true;
        watch.interrupt();
        end();
    }

    private static String clock(double seconds) {
        Duration left = Duration.ofSeconds(Math.round(seconds));
        return left.toHours() > 0
                ? String.format("%d:%02d:%02d", left.toHours(), left.toMinutesPart(), left.toSecondsPart())
                : String.format("%d:%02d", left.toMinutes(), left.toSecondsPart());
    }
}
