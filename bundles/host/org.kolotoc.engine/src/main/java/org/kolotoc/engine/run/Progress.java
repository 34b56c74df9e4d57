package org.kolotoc.engine.run;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.kolotoc.engine.progress.Screen;
import org.kolotoc.engine.progress.StatusLine;
import org.kolotoc.tensor.Backend;

/**
 * How far the run is. While nobody says anything because a device compiles, a thread of its own tells how far that is.
 */
final class Progress implements AutoCloseable {
    /** The bar's width where there is room for it, and the least that still shows something. */
    private static final int WIDTH = 24;

    private static final int NARROW = 6;
    private static final long LOOKS = 200_000_000L;

    private final PrintStream out;
    private final StatusLine line;
    private final boolean silent;
    private final long total;
    private long first = -1;
    private long began;
    private Work work = new Work("", 0, 0);
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
    Progress(
            PrintStream out,
            Screen screen,
            long total,
            boolean silent,
            Supplier<Optional<Backend.Compiling>> compiling) {
        this(out, screen, total, silent, compiling, System::nanoTime);
    }

    /** @param clock tells nanoseconds */
    Progress(
            PrintStream out,
            Screen screen,
            long total,
            boolean silent,
            Supplier<Optional<Backend.Compiling>> compiling,
            LongSupplier clock) {
        this.clock = clock;
        this.out = out;
        this.line = new StatusLine(out, screen, clock);
        this.total = total;
        this.silent = silent;
        this.watch = Thread.ofVirtual().start(() -> {
            for (LockSupport.parkNanos(LOOKS); !Thread.interrupted(); LockSupport.parkNanos(LOOKS)) {
                compiling.get().ifPresent(this::show);
            }
        });
    }

    private synchronized void show(Backend.Compiling now) {
        if (!closed && !silent && now.seconds() >= 1 && line.isDue()) {
            double rest = now.reached() / now.done() * (now.all() - now.done()) - (now.seconds() - now.reached());
            line.show(
                    now.done() == 0
                            ? "compiling: " + now.all() + " kernels, " + StatusLine.clock(now.seconds()) + " so far"
                            : "compiling: " + now.done() + "/" + now.all() + " kernels, "
                                    + StatusLine.clock(Math.max(0, rest)) + " left");
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
        if (!silent && (line.isDue() || step == total || step == first)) {
            double seconds = (clock.getAsLong() - began) / 1e9;
            String left = step == first ? "" : StatusLine.clock(seconds / (step - first) * (total - step)) + " left";
            line.show(fitted(step, headline, rate, left));
        }
    }

    /** All that there is room for: first the bar gets shorter, then it goes, then the rate, then the measure. */
    private String fitted(long step, String headline, String rate, String left) {
        List<String> facts = new ArrayList<>(List.of(headline, rate, left));
        String count = "step " + step + "/" + total;
        for (String leastTelling : List.of("", rate, headline)) {
            facts.remove(leastTelling);
            String told = String.join(
                    ", ", facts.stream().filter(fact -> !fact.isEmpty()).toList());
            int bar = Math.min(WIDTH, line.room() - count.length() - told.length() - " [] ".length());
            if (bar >= NARROW) {
                return (count + " " + bar(step, bar) + " " + told).stripTrailing();
            }
            String without = (count + " " + told).stripTrailing();
            if (without.length() <= line.room()) {
                return without;
            }
        }
        return count;
    }

    private String bar(long step, int width) {
        int done = total == 0 ? width : (int) (width * step / total);
        return "[" + "=".repeat(done) + " ".repeat(width - done) + "]";
    }

    /**
     * Work between steps that takes long: {@code samples: 1200/4800 tokens, 0:31 left}. Time is counted after what is
     * heard first of it: that compiles.
     */
    synchronized void show(String name, long done, long all, String unit) {
        if (!work.name().equals(name) || done <= work.first()) {
            line.pause();
            work = new Work(name, done, clock.getAsLong());
        }
        if (!silent && line.isDue()) {
            double left = (clock.getAsLong() - work.began()) / 1e9 / (done - work.first()) * (all - done);
            line.show(
                    String.format(Locale.ROOT, "%s: %d/%d %s, %s left", name, done, all, unit, StatusLine.clock(left)));
        }
    }

    /** Prints lines of their own above the bar. */
    synchronized void say(String text) {
        if (!silent) {
            line.end();
            out.println(text);
        }
    }

    /** A line beside the output, also where silence is wanted. */
    synchronized void warn(String text) {
        line.end();
        Run.warn(text);
    }

    synchronized void end() {
        line.end();
    }

    @Override
    public synchronized void close() {
        closed = true;
        watch.interrupt();
        line.end();
    }
}
