package org.kolotoc.engine.probe;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.channel.Probed;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.ProbeSeat;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.ProbesLine;
import org.kolotoc.engine.folder.ProbesLog;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.prepare.Budget;
import org.kolotoc.engine.prepare.Prepared;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;
import org.osgi.framework.Bundle;

/**
 * The probes of a run, on its thread. Of a step whose number a probe's {@code every} divides it reads each run of a program just
 * before that runs, with the same feeds and states; the lines are written after the step. What fails here takes a probe off, and
 * never the run.
 */
public final class Probes implements AutoCloseable {
    private final Workbench bench;
    private final Seats seats;
    private final Budget.Promise memory;
    private final ProbesLog log;
    private final Client client;
    private final List<Attached> all = new ArrayList<>();
    private final Set<Prepared> tapped = new HashSet<>();
    private final List<Attached> due = new ArrayList<>();
    private long step;

    /** None yet. */
    public Probes(Workbench bench, Seats seats, Budget.Promise memory, RunFolder folder, Client client) {
        this.bench = bench;
        this.seats = seats;
        this.memory = memory;
        this.log = new ProbesLog(folder);
        this.client = client;
    }

    /**
     * Attaches a probe, between two steps.
     *
     * @param settings of its plugin
     * @param stage that takes the next step
     * @param taken steps that were taken
     * @throws InputError when there is no such probe, it reads already, finds nothing, or its memory does not fit
     */
    public Probed attach(String id, JsonObject settings, long every, Stage stage, long taken) {
        if (find(id).isPresent()) {
            throw InputError.of(
                    "the probe '" + id + "' reads already, every "
                            + find(id).get().every() + " steps",
                    "take it off first: --off");
        }
        Attached probe = entered(new Attached(seat(id, settings), every, Optional.empty()), stage);
        client.tell(new Event.ProbeAttached(taken, id, every, probe.bytes()));
        return new Probed(id, "attached", taken, every, probe.bytes(), List.of());
    }

    /**
     * Reads once, in the next step.
     *
     * @return what was read, when that step was taken; cancelled when the run ends before
     * @throws InputError as above
     */
    public CompletableFuture<Probed> once(String id, JsonObject settings, Stage stage) {
        CompletableFuture<List<Attached.Took>> read = new CompletableFuture<>();
        Attached probe = entered(new Attached(seat(id, settings), 1, Optional.of(read)), stage);
        long bytes = probe.bytes();
        return read.thenApply(took -> new Probed(
                id,
                "read",
                step,
                1,
                bytes,
                took.stream()
                        .map(one -> new Probed.Read(
                                one.program(),
                                one.run(),
                                one.read().values(),
                                List.copyOf(one.read().pictures().values())))
                        .toList()));
    }

    /**
     * Takes a probe off, between two steps.
     *
     * @param taken steps that were taken
     * @throws InputError when it does not read
     */
    public Probed detach(String id, long taken) {
        Attached probe = find(id).orElseThrow(() -> {
            List<String> ids = attached().map(Attached::id).toList();
            return InputError.of(
                    "the probe '" + id + "' does not read in this run" + Nearest.hint(id, ids)
                            + (ids.isEmpty() ? "; none does" : "; there is " + String.join(", ", ids)),
                    "name one of these, or leave --off out");
        });
        long bytes = probe.bytes();
        off(probe);
        client.tell(new Event.ProbeDetached(taken, id, ""));
        return new Probed(id, "off", taken, probe.every(), bytes, List.of());
    }

    private Stream<Attached> attached() {
        return all.stream().filter(probe -> probe.once().isEmpty());
    }

    private Optional<Attached> find(String id) {
        return attached().filter(probe -> probe.id().equals(id)).findFirst();
    }

    private ProbeSeat seat(String id, JsonObject settings) {
        return ProbeSeat.of(id, settings, seats);
    }

    private Attached entered(Attached probe, Stage stage) {
        boolean finds;
        try {
            finds = bench.ledger().aside(() -> probe.enter(stage, bench, memory));
        } catch (InputError | PluginFailure e) {
            throw e;
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            throw InputError.of(
                    "the probe '" + probe.id() + "' can't look into the phase '"
                            + stage.plan().name() + "': " + e,
                    "mend its plugin; the run goes on",
                    e);
        }
        if (!finds) {
            probe.leave();
            throw InputError.of(
                    "the probe '" + probe.id() + "' finds nothing to read in the programs of the phase '"
                            + stage.plan().name() + "': "
                            + String.join(", ", bench.programs(stage).keySet()),
                    "take another probe: ./kolotoc list");
        }
        all.add(probe);
        tap();
        return probe;
    }

    /** Has exactly those programs call here that a probe looks at. */
    private void tap() {
        Set<Prepared> wanted = new HashSet<>();
        all.forEach(probe -> wanted.addAll(probe.programs()));
        tapped.stream().filter(program -> !wanted.contains(program)).forEach(program -> program.tap(null));
        wanted.forEach(program -> program.tap(() -> due.forEach(probe -> probe.read(program))));
        tapped.clear();
        tapped.addAll(wanted);
    }

    /**
     * A step is about to be taken.
     *
     * @param next its number, from 1 on
     */
    public void before(Stage stage, long next) {
        if (all.isEmpty()) {
            return;
        }
        step = next;
        for (Attached probe : List.copyOf(all)) {
            if ((probe.seat().occupant().bundle().bundle().getState() & (Bundle.ACTIVE | Bundle.STARTING)) == 0) {
                fail(probe, next - 1, "its bundle was stopped");
            } else if (probe.stage() != stage) {
                enter(probe, stage, next - 1);
            }
        }
        all.stream().filter(probe -> probe.isDue(next)).forEach(due::add);
        due.forEach(Attached::begin);
    }

    /** Another phase began, or another plugin came into a seat: it looks into those programs now. */
    private void enter(Attached probe, Stage stage, long taken) {
        try {
            if (!bench.ledger().aside(() -> probe.enter(stage, bench, memory))) {
                client.note("the probe '" + probe.id() + "' finds nothing to read in the phase '"
                        + stage.plan().name() + "'");
            }
            tap();
        } catch (RuntimeException | LinkageError | VirtualMachineError e) {
            fail(probe, taken, described(e));
        }
    }

    /** The step was taken. */
    public void after(Stage stage) {
        if (due.isEmpty()) {
            return;
        }
        List<Attached> read = List.copyOf(due);
        due.clear();
        for (Attached probe : read) {
            try {
                if (probe.failure().isPresent()) {
                    fail(probe, step, described(probe.failure().get()));
                } else if (probe.once().isPresent()) {
                    answer(probe);
                } else {
                    write(probe, stage);
                }
            } catch (IOException e) {
                fail(probe, step, "what it read can't be written: " + Printable.reason(e));
            }
        }
    }

    private void answer(Attached probe) {
        // A program that does not run in every step is waited for.
        if (!probe.took().isEmpty()) {
            List<Attached.Took> took = probe.took();
            off(probe);
            probe.once().orElseThrow().complete(took);
        }
    }

    private void write(Attached probe, Stage stage) throws IOException {
        for (Attached.Took took : probe.took()) {
            List<String> pictures = new ArrayList<>();
            for (var picture : took.read().pictures().entrySet()) {
                pictures.add(log.picture(probe.id(), took.program(), picture.getKey(), picture.getValue()));
            }
            ProbesLine line = new ProbesLine(
                    step,
                    stage.plan().name(),
                    probe.id(),
                    took.program(),
                    took.run(),
                    took.read().values(),
                    pictures);
            log.write(line);
            client.tell(new Event.ProbeRead(
                    step, line.phase(), line.probe(), line.program(), line.run(), line.values(), pictures));
        }
    }

    private static String described(Throwable e) {
        return e instanceof InputError || e instanceof PluginFailure ? e.getMessage() : e.toString();
    }

    private void fail(Attached probe, long taken, String why) {
        try {
            off(probe);
        } catch (RuntimeException | LinkageError e) {
            client.warn("the probe '" + probe.id() + "' could not be closed: " + e);
        }
        probe.once()
                .ifPresentOrElse(
                        answer -> answer.completeExceptionally(InputError.of(
                                "the probe '" + probe.id() + "' failed: " + why, "mend its plugin; the run goes on")),
                        () -> client.tell(new Event.ProbeDetached(taken, probe.id(), why)));
    }

    private void off(Attached probe) {
        all.remove(probe);
        tap();
        probe.leave();
    }

    /** Programs are about to be closed that probes look into; before the next step they look again. */
    public void leave() {
        all.forEach(Attached::leave);
        tap();
    }

    /** The run is over, or lets go of its folder. */
    @Override
    public void close() {
        due.clear();
        for (Attached probe : List.copyOf(all)) {
            off(probe);
            probe.once().ifPresent(answer -> answer.cancel(false));
        }
        try {
            log.close();
        } catch (IOException e) {
            client.warn("probes.jsonl could not be closed: " + Printable.reason(e));
        }
    }
}
