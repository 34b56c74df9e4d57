package org.kolotoc.shell;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.channel.Live;
import org.kolotoc.engine.command.Line;
import org.kolotoc.engine.command.Shared;

/** Which of the runs that go on a command line means. */
record LiveRuns(Engine engine, Terminal terminal) {
    /** Where runs are written that nobody gave another folder. */
    Path usual() {
        return engine.project().resolve("runs");
    }

    /**
     * The run whose folder is given; the only one that goes on if none is.
     *
     * @param command for the message
     */
    Live one(Line line, String command) {
        return line.files().isEmpty()
                ? only(line, command)
                : of(line.file("one run folder", "./kolotoc " + command + " runs/<run folder>"), line);
    }

    /** The run of a folder. */
    Live of(Path folder, Line line) {
        return engine.live(folder, waiting(line));
    }

    /**
     * The only one that goes on.
     *
     * @param command for the message
     */
    Live only(Line line, String command) {
        List<Live> live = engine.liveIn(usual());
        if (live.size() == 1) {
            return of(live.getFirst().folder(), line);
        }
        throw InputError.of(
                live.isEmpty()
                        ? "no run goes on in " + usual() + "; expected one, or the folder of one that is elsewhere"
                        : live.size() + " runs go on in " + usual() + "; expected the folder of one:\n  "
                                + String.join(
                                        "\n  ",
                                        live.stream()
                                                .map(run -> run.folder().toString())
                                                .toList()),
                "./kolotoc " + command + " "
                        + (live.isEmpty() ? "<run folder>" : live.getFirst().folder()));
    }

    /** Says every few seconds what a run is at that is waited for, and nothing twice. */
    private Consumer<String> waiting(Line line) {
        StatusLine shown = terminal.line();
        String[] last = {""};
        return doing -> {
            if (doing.isEmpty()) {
                shown.end();
            } else if (!line.has(Shared.QUIET) && shown.isDue() && !doing.equals(last[0])) {
                last[0] = doing;
                shown.show("the run is at " + doing);
            }
        };
    }
}
