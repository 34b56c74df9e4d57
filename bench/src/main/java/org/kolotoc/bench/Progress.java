package org.kolotoc.bench;

import java.io.PrintStream;
import java.util.List;
import java.util.Locale;

/**
 * How far a long measurement is and when it ends, on standard error: one line that is overwritten on a terminal, a line
 * now and then elsewhere.
 */
final class Progress implements AutoCloseable {
    /** Share of a part that is over when its processes are there, */
    static final double STARTED = 0.1;

    /** and when they are warm. */
    static final double WARM = 0.35;

    private static final long ON_TERMINAL = 200_000_000L;
    private static final long ELSEWHERE = 10_000_000_000L;

    private final PrintStream err = System.err;
    private final boolean terminal =
            System.console() != null && System.console().isTerminal();
    private final String name;
    private final List<Double> guesses;
    private final long began = System.nanoTime();
    private long shown = began - ELSEWHERE;
    private int part = -1;
    private String what = "";
    private boolean open;

    /** @param guesses seconds that each part takes, about; only their proportion counts */
    Progress(String name, List<Double> guesses) {
        this.name = name;
        this.guesses = List.copyOf(guesses);
    }

    /** Begins the next part. */
    void begin(String title) {
        part++;
        what = title;
        at(0, "starting");
    }

    /** @param done share of this part, from 0 to 1 */
    void at(double done, String stage) {
        long now = System.nanoTime();
        if (now - shown < (terminal ? ON_TERMINAL : ELSEWHERE)) {
            return;
        }
        shown = now;
        double all = guesses.stream().mapToDouble(Double::doubleValue).sum();
        double passed = done * guesses.get(part)
                + guesses.subList(0, part).stream()
                        .mapToDouble(Double::doubleValue)
                        .sum();
        double seconds = (now - began) / 1e9;
        double left = passed > 0 ? seconds / passed * (all - passed) : all;
        String text = String.format(
                Locale.ROOT,
                "%s %d/%d %s: %s, about %d:%02d left",
                name,
                part + 1,
                guesses.size(),
                what,
                stage,
                Math.round(left) / 60,
                Math.round(left) % 60);
        if (terminal) {
            err.print("\r\033[K" + text);
            err.flush();
            open = true;
        } else {
            err.println(text);
        }
    }

    /** Takes the line away, before others are printed. */
    void clear() {
        if (open) {
            err.print("\r\033[K");
            err.flush();
            open = false;
        }
    }

    @Override
    public void close() {
        clear();
    }
}
