package org.kolotoc.shell;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;
import org.kolotoc.engine.event.Event;

/** How far a run is, for people who watch it: a bar, and above it what there is to read. */
final class RunProgress {
    /** The bar's width where there is room for it, and the least that still shows something. */
    private static final int WIDTH = 24;

    private static final int NARROW = 6;

    private final PrintStream out;
    private final StatusLine line;
    private final LongSupplier clock;
    private long total;
    private String phase = "";
    private Pace pace;
    private Work work = new Work("", 0, 0);

    /**
     * Work between steps.
     *
     * @param first parts that were done when it was first heard of
     * @param began nanoseconds at that time
     */
    private record Work(String name, long first, long began) {}

    RunProgress(PrintStream out, Screen screen) {
        this(out, screen, System::nanoTime);
    }

    /** @param clock tells nanoseconds */
    RunProgress(PrintStream out, Screen screen, LongSupplier clock) {
        this.out = out;
        this.clock = clock;
        this.line = new StatusLine(out, screen, clock);
    }

    /** Shows what there is to see of an event. */
    void heard(Event event) {
        switch (event) {
            case Event.Stepped step -> step(step.phase(), step.step(), step.headline(), step.rate());
            case Event.Compiling compiling -> compiling(compiling);
            case Event.Working work when work.unit().isEmpty() -> working(work.what(), work.done(), work.all());
            case Event.Working work -> working(work.what(), work.done(), work.all(), work.unit());
            default -> {
                if (event instanceof Event.Began begin) {
                    total = begin.steps();
                }
                say(event.text());
            }
        }
    }

    private void compiling(Event.Compiling now) {
        if (now.seconds() >= 1 && line.isDue()) {
            double rest = now.reached() / now.done() * (now.all() - now.done()) - (now.seconds() - now.reached());
            line.show(
                    now.done() == 0
                            ? "compiling: " + now.all() + " kernels, " + StatusLine.clock(now.seconds()) + " so far"
                            : "compiling: " + now.done() + "/" + now.all() + " kernels, "
                                    + StatusLine.clock(Math.max(0, rest)) + " left");
        }
    }

    /** Work before the first step. */
    private void working(String what, long done, long all) {
        if (!work.name().equals(what)) {
            line.pause();
            work = new Work(what, done, clock.getAsLong());
        }
        if (line.isDue()) {
            line.show(what + ": " + Math.round(100.0 * done / Math.max(1, all)) + " %");
        }
    }

    /**
     * A step. How long steps of later phases take nobody knows; they are taken for as long as these.
     *
     * @param headline the measure that tells most, with its value, or empty
     * @param rate of work, or empty
     */
    private void step(String now, long step, String headline, String rate) {
        long time = clock.getAsLong();
        boolean first = pace == null || !phase.equals(now);
        if (first) {
            phase = now;
            pace = new Pace(step, time);
        } else {
            pace.reached(step, time);
        }
        if (line.isDue() || step == total || first) {
            String left = first ? "" : StatusLine.clock(pace.seconds(total - step)) + " left";
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
    private void working(String name, long done, long all, String unit) {
        if (!work.name().equals(name) || done <= work.first()) {
            line.pause();
            work = new Work(name, done, clock.getAsLong());
        }
        if (line.isDue()) {
            double seconds = (clock.getAsLong() - work.began()) / 1e9 / (done - work.first()) * (all - done);
            String count = name + ": " + done + "/" + all;
            String left = ", " + StatusLine.clock(seconds) + " left";
            line.show(count + " " + unit + left, count + left);
        }
    }

    /** Prints lines of their own above the bar. */
    private void say(String text) {
        if (!text.isEmpty()) {
            line.end();
            out.println(text);
        }
    }

    /** Leaves the bar as it stands. */
    void end() {
        line.end();
    }
}
