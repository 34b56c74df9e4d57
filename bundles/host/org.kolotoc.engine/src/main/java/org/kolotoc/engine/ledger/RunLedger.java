package org.kolotoc.engine.ledger;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;

/**
 * The ledger of one run. It begins before the run has a folder, while the experiment is prepared; whoever listens hears of each
 * line once, earlier ones included. Any thread may note.
 */
public final class RunLedger {
    private final boolean strict;
    private final Map<Silence, Line> lines = new LinkedHashMap<>();
    private final List<Consumer<Line>> listeners = new ArrayList<>();
    private Line first;
    /** Who prepares something once more, and what was noted meanwhile. */
    private Thread again;

    private final List<Silence> meanwhile = new ArrayList<>();
    private long version;
    private boolean aside;
    private long step;
    private String phase = "";

    /** @param strict whether the first line is to end the run */
    public RunLedger(boolean strict) {
        this.strict = strict;
    }

    /** The ledger as a seat sees it. */
    public Ledger of(Object who, String path) {
        return (kind, field, sentence) -> note(kind, who, field.isEmpty() ? path : path + "." + field, sentence);
    }

    /** Notes a line of the program's own. */
    public void note(Ledger.Kind kind, Object who, String path, String sentence) {
        note(new Silence(kind, who.toString(), path, sentence));
    }

    public synchronized void note(Silence silence) {
        if (aside) {
            return;
        }
        if (Thread.currentThread() == again) {
            meanwhile.add(silence);
            return;
        }
        Line line = new Line(step, phase, silence, 1);
        version++;
        first = first == null ? line : first;
        Line before = lines.putIfAbsent(line.silence(), line);
        if (before == null) {
            listeners.forEach(listener -> listener.accept(line));
        } else {
            lines.put(line.silence(), before.again());
        }
    }

    /** Does work that is no part of the run: nothing that is noted meanwhile is kept, told, or ends a strict run. */
    public <T> T aside(Supplier<T> work) {
        setAside(true);
        try {
            return work.get();
        } finally {
            setAside(false);
        }
    }

    private synchronized void setAside(boolean is) {
        aside = is;
    }

    /** Says how far the run is. */
    public synchronized void reached(long steps, String name) {
        step = steps;
        phase = name;
    }

    /** Takes over the lines of a run that goes on, which nobody is told again. */
    public synchronized void restore(List<Line> before) {
        version++;
        List<Line> since = List.copyOf(lines.values());
        lines.clear();
        before.forEach(line -> lines.put(line.silence(), line));
        since.forEach(line -> lines.merge(line.silence(), line, (old, _) -> old.again()));
    }

    /**
     * Prepares something once more in a run that goes on: what is known by now is not counted again, and where it fails nothing
     * was said.
     */
    public <T> T again(Supplier<T> preparation) {
        synchronized (this) {
            again = Thread.currentThread();
            meanwhile.clear();
        }
        boolean done = false;
        try {
            T prepared = preparation.get();
            done = true;
            return prepared;
        } finally {
            noted(done);
        }
    }

    private synchronized void noted(boolean done) {
        again = null;
        meanwhile.removeIf(silence -> !done || lines.containsKey(silence));
        meanwhile.forEach(this::note);
        meanwhile.clear();
    }

    /** Lets somebody hear of every line, those that are there already first. */
    public synchronized void listen(Consumer<Line> listener) {
        lines.values().forEach(listener);
        listeners.add(listener);
    }

    /** Grows with each line that is noted. */
    public synchronized long version() {
        return version;
    }

    /** All lines, in the order in which they were first noted. */
    public synchronized List<Line> lines() {
        return List.copyOf(lines.values());
    }

    /** Whether the run has to end: it is strict, and something was noted. */
    public synchronized boolean refuses() {
        return strict && first != null;
    }

    /** What ends a strict run, or, for who prepares something once more, that. */
    private synchronized Optional<Silence> refused() {
        if (!strict) {
            return Optional.empty();
        }
        return Thread.currentThread() == again
                ? meanwhile.stream()
                        .filter(silence -> !lines.containsKey(silence))
                        .findFirst()
                : Optional.ofNullable(first).map(Line::silence);
    }

    /**
     * Ends a strict run in which something was noted.
     *
     * @throws InputError with the first line
     */
    public void refuse() {
        Optional<Silence> refused = refused();
        if (refused.isPresent()) {
            Silence silence = refused.get();
            throw InputError.of(
                    silence + " (" + silence.kind().label() + ", "
                            + silence.who()
                            + "); the experiment is strict, so the run ends at the first such thing",
                    "mend that, or let it be: --set strict=false");
        }
    }
}
