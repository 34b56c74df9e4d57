package org.kolotoc.develop;

import java.io.PrintStream;

/** How far a build is: one line that is overwritten on a terminal, a line for each module elsewhere. */
final class Progress {
    private static final int WIDTH = 20;

    private final PrintStream out;
    private final boolean terminal;
    private final String what;
    private final long began = System.nanoTime();
    private String module = "starting";
    private int number;
    private int all;

    Progress(PrintStream out, boolean terminal, String what) {
        this.out = out;
        this.terminal = terminal;
        this.what = what;
    }

    /** Says that a module is built now: the so-manieth of all. */
    synchronized void at(int newNumber, int newAll, String name) {
        number = newNumber;
        all = newAll;
        module = name;
        if (terminal) {
            draw();
        } else {
            out.println(what + " " + number + "/" + all + " " + module + ", " + seconds() + " s");
        }
    }

    /** Draws the line anew, for its seconds. */
    synchronized void draw() {
        if (terminal) {
            int done = Math.max(0, number - 1);
            String bar = "=".repeat(all > 0 ? done * WIDTH / all : 0);
            out.printf(
                    "\r\033[K%s [%-" + WIDTH + "s] %d/%d modules, %d s, %s", what, bar, done, all, seconds(), module);
            out.flush();
        }
    }

    /** Leaves an empty line. */
    synchronized void clear() {
        if (terminal) {
            out.print("\r\033[K");
            out.flush();
        }
    }

    private long seconds() {
        return (System.nanoTime() - began) / 1_000_000_000;
    }
}
