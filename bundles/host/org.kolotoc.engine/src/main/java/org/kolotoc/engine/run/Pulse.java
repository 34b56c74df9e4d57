package org.kolotoc.engine.run;

import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongSupplier;
import org.kolotoc.engine.channel.Probing;
import org.kolotoc.engine.channel.RunStatus;
import org.kolotoc.engine.event.Event;

/** How a run goes, by what it tells: for those who ask now. */
final class Pulse {
    private static final long NONE = -1;

    /** When this process began it or went on with it. */
    private final String since = Instant.now().truncatedTo(ChronoUnit.SECONDS).toString();

    private final Path folder;
    private final String name;
    private final long steps;
    private final LongSupplier clock;
    private final Map<String, Double> measures = new LinkedHashMap<>();
    private final CompletableFuture<String> end = new CompletableFuture<>();
    private final Map<String, Probing> probes = new LinkedHashMap<>();
    private Event.Working work;
    private String phase = "";
    private String headline = "";
    private String rate = "";
    private long step;

    /** After which time is counted: the first step of a process compiles. */
    private long first = NONE;

    private long began;

    /**
     * Of a run in its folder.
     *
     * @param clock tells nanoseconds
     */
    Pulse(Path folder, String name, long step, long steps, LongSupplier clock) {
        this.folder = folder.toAbsolutePath();
        this.name = name;
        this.step = step;
        this.steps = steps;
        this.clock = clock;
    }

    synchronized void heard(Event event) {
        switch (event) {
            case Event.Working working -> work = working.done() < working.all() ? working : null;
            case Event.Stepped stepped -> {
                work = null;
                step = stepped.step();
                in(stepped.phase());
                headline = stepped.headline();
                rate = stepped.rate();
                measures.putAll(stepped.measures());
                if (first == NONE) {
                    first = step;
                    began = clock.getAsLong();
                }
            }
            case Event.Evaluated evaluated -> {
                step = evaluated.step();
                in(evaluated.phase());
                measures.putAll(evaluated.measures());
            }
            case Event.Paused _ -> first = NONE;
            case Event.ProbeAttached probe ->
                probes.put(probe.probe(), new Probing(probe.probe(), probe.every(), 0, "", Map.of()));
            case Event.ProbeRead read ->
                probes.computeIfPresent(
                        read.probe(),
                        (id, probe) -> new Probing(id, probe.every(), read.step(), read.program(), read.values()));
            case Event.ProbeDetached probe -> probes.remove(probe.probe());
            case Event.Ended ended -> end.complete(ended.text());
            default -> {}
        }
    }

    /** What another phase measured says nothing of this one. */
    private void in(String now) {
        if (!phase.equals(now)) {
            measures.clear();
        }
        phase = now;
    }

    /** Completed with what the run says at its end. */
    CompletableFuture<String> end() {
        return end;
    }

    /** What it is at, in words. */
    synchronized String doing() {
        return work == null
                ? "step " + step + " of " + steps
                : String.format(Locale.ROOT, "%s: %d/%d %s", work.what(), work.done(), work.all(), work.unit())
                        .strip();
    }

    /**
     * How it is.
     *
     * @param state of the run in a word
     * @param swaps that wait for their step
     */
    synchronized RunStatus status(String state, List<String> swaps) {
        return new RunStatus(
                folder.toString(),
                name,
                state,
                doing(),
                phase,
                step,
                steps,
                headline,
                rate,
                first == NONE || step <= first
                        ? null
                        : (Double) ((clock.getAsLong() - began) / 1e9 / (step - first) * (steps - step)),
                new LinkedHashMap<>(measures),
                ProcessHandle.current().pid(),
                since,
                List.copyOf(probes.values()),
                swaps);
    }
}
