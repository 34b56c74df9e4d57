package org.kolotoc.shell;

import java.util.List;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.suite.Row;
import org.kolotoc.engine.suite.Suite;

/** Shows how a suite goes on. */
final class SuiteProgress implements Suite.Listener {
    private final Terminal terminal;
    private final boolean json;
    private final boolean quiet;
    private RunProgress progress;

    /** @param json lets a line of each experiment be printed, and nothing else */
    SuiteProgress(Terminal terminal, boolean json, boolean quiet) {
        this.terminal = terminal;
        this.progress = new RunProgress(terminal.out(), terminal.screen());
        this.json = json;
        this.quiet = quiet;
    }

    @Override
    public void begins(int number, int of, String experiment, List<Row> rows, double secondsLeft) {
        progress = new RunProgress(terminal.out(), terminal.screen());
        if (!json && !quiet) {
            terminal.out()
                    .println("[" + number + "/" + of + "] " + Printable.lines(experiment)
                            + (rows.isEmpty() ? "" : "   so far " + Suite.summary(rows))
                            + (secondsLeft < 0 ? "" : ", about " + StatusLine.clock(secondsLeft) + " left"));
        }
    }

    @Override
    public void heard(Event event) {
        if (event instanceof Event.Warned || event instanceof Event.Disclosed || event instanceof Event.Quarantined) {
            progress.end();
            terminal.tellAside(event);
        } else if (!json && !quiet) {
            progress.heard(event);
        }
    }

    @Override
    public void ended(Row row, boolean before) {
        progress.end();
        if (json) {
            terminal.out().println(Suite.json(row));
        } else if (!quiet && !before) {
            terminal.out()
                    .println("  " + Printable.lines(row.experiment()) + ": "
                            + row.state().label()
                            + (row.reason().isEmpty() ? "" : ": " + Printable.lines(row.reason())) + "\n");
        }
    }

    void end() {
        progress.end();
    }
}
