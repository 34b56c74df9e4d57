package org.kolotoc.shell;

import org.kolotoc.engine.event.Event;

/** Shows how far work is that comes before, or in the place of, a run: a line for each thing that takes a while. */
final class Waiting {
    private final Terminal terminal;
    private final boolean quiet;
    private final StatusLine line;
    private String what = "";

    Waiting(Terminal terminal, boolean quiet) {
        this.terminal = terminal;
        this.quiet = quiet;
        this.line = terminal.line();
    }

    void heard(Event event) {
        if (event instanceof Event.Working work) {
            working(work);
        } else {
            end();
            terminal.tellAside(event);
        }
    }

    /** Shows how far it is when it is time to. */
    void working(Event.Working work) {
        if (!work.what().equals(what)) {
            what = work.what();
            line.pause();
        }
        if (!quiet && line.isDue()) {
            line.show(what + ": " + Math.round(100.0 * work.done() / Math.max(1, work.all())) + " %");
        }
        if (work.done() >= work.all()) {
            end();
        }
    }

    /** What is printed next has a row of its own. */
    void end() {
        line.end();
    }
}
