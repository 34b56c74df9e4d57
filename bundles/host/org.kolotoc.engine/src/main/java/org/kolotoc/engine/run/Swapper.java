package org.kolotoc.engine.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.engine.channel.Swapped;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.guard.Patience;
import org.kolotoc.engine.guard.RunThread;
import org.kolotoc.engine.lease.Brought;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Budget;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;
import org.osgi.framework.Bundle;

/**
 * Changes what fills a seat of a run, between two of its steps: prepares the new plugin over the same state, then closes the
 * old one. Where the new one does not fit, the run goes on as if nothing had been asked.
 */
final class Swapper {
    private final Workshop workshop;
    private final ExperimentFile file;
    private final Options options;
    private final Workbench bench;
    private final Budget.Promise memory;
    private final Consumer<MemoryPlan> require;
    private final RunFolder folder;
    private final Status status;
    private final Client client;
    private final List<Swap> again;
    private final List<Brought> brought = new CopyOnWriteArrayList<>();
    private volatile Leases leases;
    private volatile Done last;

    /** What takes place at this moment; null where nothing does. */
    private volatile Swap taking;

    /** What is being prepared; null where nothing is. */
    private Rehearsal rehearsal;

    /** What the last one left to be written down. */
    private CompletableFuture<Void> noting = CompletableFuture.completedFuture(null);

    /**
     * That of one run.
     *
     * @param leases what fills its seats now
     * @param require refuses what does not fit into the memory
     * @param again swaps that the run made before, after the checkpoint that it goes on from
     */
    Swapper(
            Workshop workshop,
            ExperimentFile file,
            Options options,
            Leases leases,
            Workbench bench,
            Budget.Promise memory,
            Consumer<MemoryPlan> require,
            RunFolder folder,
            Status status,
            Client client,
            List<Swap> again) {
        this.workshop = workshop;
        this.file = file;
        this.options = options;
        this.leases = leases;
        this.bench = bench;
        this.memory = memory;
        this.require = require;
        this.folder = folder;
        this.status = status;
        this.client = client;
        this.again = again;
    }

    /** What is to be swapped again. */
    List<Swap> again() {
        return again;
    }

    /**
     * The seat of the run that somebody means.
     *
     * @param text {@code phase:pretrain}, {@code phase} where there is one of that kind, or {@code model:gpt:[1,2)} where
     *     several seats ask for versions of their own
     * @throws InputError when the run has no such seat, or several
     */
    SeatName seat(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String id = colon < 0 ? "" : text.substring(colon + 1);
        List<SeatName> named = leases.filled().keySet().stream()
                .filter(seat -> seat.typed().equals(text))
                .toList();
        List<SeatName> found = !named.isEmpty()
                ? named
                : leases.filled().keySet().stream()
                        .filter(seat -> seat.kind().equals(kind))
                        .filter(seat -> id.isEmpty() || seat.id().equals(id))
                        .toList();
        if (found.size() != 1) {
            List<String> all =
                    leases.filled().keySet().stream().map(SeatName::typed).toList();
            throw InputError.of(
                    "'" + text + "' "
                            + (found.isEmpty() ? "is no seat of this run" : "may be several seats of this run")
                            + Nearest.hint(text, all) + "; it has " + String.join(", ", all),
                    "name one of these");
        }
        return found.getFirst();
    }

    /** @throws InputError where the run will not come to that step any more */
    void requireAhead(long at, long step) {
        if (at != 0 && at < step || at >= bench.steps()) {
            throw InputError.of(
                    "--at " + at + ": the run has taken " + step + " of its " + bench.steps() + " steps",
                    "name a step between these, or none for the next one");
        }
    }

    /** Another bundle filled a seat after a step. */
    record Done(SeatName seat, long step) {}

    /** What was swapped last. */
    Optional<Done> last() {
        return Optional.ofNullable(last);
    }

    /** What fills the seats now. */
    Map<SeatName, Bundle> filled() {
        return leases.filled();
    }

    /** @throws InputError where it broke in this run before */
    void requireSound(Brought other) {
        LockedSeats.of(folder.path())
                .quarantined(workshop.installed().content(other.bundle()))
                .ifPresent(quarantined -> {
                    throw InputError.of(
                            quarantined.toString(),
                            "mend the plugin, and swap that; or this one all the same: --trust");
                });
    }

    /** Bytes that the run takes as it is now. */
    long predicted() {
        return memory.plan().total();
    }

    /**
     * Looks between two steps what has become of swaps: the next one begins to be prepared, or one that is prepared and due
     * takes place. It is prepared while further steps are taken; where that can't be, or what it saw has changed, it is prepared
     * once more here.
     *
     * @param step steps that were taken
     * @param place of the phase that goes on
     * @param save for a run that has nothing yet to go back to, should the plugin break
     * @throws IOException when the one before could not be noted in the folder
     */
    void look(Control control, long step, int place, Save save) throws IOException {
        for (Swap withdrawn : control.takeWithdrawn()) {
            if (rehearsal != null && rehearsal.swap() == withdrawn) {
                abandon();
            }
            withdrawn.brought().close();
        }
        for (Swap next = control.nextSwap(); next != null; next = control.nextSwap()) {
            if (rehearsal == null || rehearsal.swap() != next) {
                abandon();
                rehearsal = rehearsal(next, place, control);
            }
            if (next.at() > step || next.at() < Math.max(1, step) && !rehearsal.isOver()) {
                return;
            }
            Rehearsal due = rehearsal;
            rehearsal = null;
            control.endSwap(next);
            settle();
            end(due, control, step, place, save);
        }
    }

    /** Keeps a checkpoint. */
    @FunctionalInterface
    interface Save {
        void save() throws IOException;
    }

    private Rehearsal rehearsal(Swap swap, int place, Control control) {
        Leases next = leases.with(swap.seat(), swap.brought().bundle());
        return Rehearsal.begin(
                swap,
                next,
                place,
                () -> {
                    Workbench.Successor successor = successor(swap, next, place);
                    return () -> prepared(successor);
                },
                control::lookAtSwaps,
                Patience.of(options.patience()));
    }

    private Workbench.Successor successor(Swap swap, Leases next, int place) {
        return workshop.successor(bench, file, options, next, swap.seat(), place, folder.path(), client);
    }

    private void end(Rehearsal due, Control control, long step, int place, Save save) throws IOException {
        long began = System.nanoTime();
        Swap swap = due.swap();
        Leases next = due.leases();
        try {
            Prepared prepared =
                    due.result(place).filter(this::isFresh).orElseGet(() -> prepared(successor(swap, next, place)));
            promise(prepared);
            if (!RunFolder.hasCheckpoint(folder.path())) {
                save.save();
            }
            taking = swap;
            take(prepared.bench());
            taking = null;
        } catch (RuntimeException | Error e) {
            swap.refuse(e);
            return;
        }
        InstalledBundles installed = workshop.installed();
        BundleContent was = installed.content(leases.filled().get(swap.seat()));
        BundleContent is = installed.content(swap.brought().bundle());
        leases = next;
        last = new Done(swap.seat(), step);
        brought.add(swap.brought());
        if (!swap.again()) {
            control.dropAgain(swap.seat());
        }
        due.stood(began);
        Swapped swapped = new Swapped(step, swap.seat().toString(), was.toString(), is.toString(), due.milliseconds());
        note(swap, swapped);
    }

    /** Whether a successor that was prepared some steps ago may go on from here; closes one that may not. */
    private boolean isFresh(Prepared prepared) {
        boolean fresh = bench.isSucceededBy(prepared.bench());
        if (!fresh) {
            bench.refuse(prepared.bench());
        }
        return fresh;
    }

    private Prepared prepared(Workbench.Successor successor) {
        Workbench next = successor.prepare();
        return new Prepared(next, memory.offer(next, options.memory()));
    }

    /** A successor, and the memory that it would be promised. */
    record Prepared(Workbench bench, Budget.Offer memory) {}

    /** @throws InputError where there is not memory enough; then nothing has changed */
    private void promise(Prepared prepared) {
        try {
            memory.exchange(prepared.memory(), prepared.bench(), options.memory(), require);
        } catch (InputError e) {
            bench.refuse(prepared.bench());
            throw e;
        }
    }

    /** From here on the new plugin goes on, whatever the old one does when it is closed. */
    private void take(Workbench successor) {
        try {
            bench.take(successor);
        } catch (RuntimeException | LinkageError e) {
            client.warn(e instanceof PluginFailure ? e.getMessage() : "the plugin before could not be closed: " + e);
        }
    }

    /** Writes down what happened, and tells it, while the run goes on. */
    private void note(Swap swap, Swapped swapped) {
        List<Measure> measures = bench.measures();
        Leases now = leases;
        noting = CompletableFuture.runAsync(
                () -> {
                    try {
                        // What is made again is in the lock, behind what else was swapped at its step.
                        if (!swap.again()) {
                            Lock.swap(
                                    folder,
                                    workshop.installed(),
                                    workshop.trusted(),
                                    swap.brought(),
                                    now,
                                    swapped.step());
                        }
                        status.refilled(swapped.step(), swapped.seat(), swapped.is(), swapped.was());
                        status.measures(measures);
                        status.write(Status.State.RUNNING, swapped.step());
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                    letGo();
                    client.tell(new Event.Swapped(swapped.step(), swapped.seat(), swapped.was(), swapped.is()));
                    swap.done().complete(swapped);
                },
                work -> new RunThread("note of a swap", work).start());
    }

    /**
     * Waits until all that happened is written down: no checkpoint may say that the run went on otherwise than its lock.
     *
     * @throws IOException when it could not be written
     */
    void settle() throws IOException {
        try {
            noting.join();
        } catch (CompletionException e) {
            // That the folder is gone says more than that a file in it can't be written.
            folder.requireThere();
            if (e.getCause() instanceof UncheckedIOException failure) {
                throw failure.getCause();
            }
            if (e.getCause() instanceof InputError failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Uninstalls what was brought to the run and fills none of its seats any more. */
    private void letGo() {
        brought.removeIf(one -> {
            boolean gone = !leases.filled().containsValue(one.bundle());
            if (gone) {
                one.close();
            }
            return gone;
        });
    }

    /** Lets go of what is prepared for nothing. */
    private void abandon() {
        if (rehearsal != null) {
            rehearsal.abandoned().map(Prepared::bench).ifPresent(bench::refuse);
            rehearsal = null;
        }
    }

    /** No more steps are taken: waits for what is under way. */
    void rest() {
        abandon();
        noting.exceptionally(_ -> null).join();
    }

    /** The run is over and its plugins are closed: uninstalls all that was brought to it. */
    void end() {
        brought.forEach(Brought::close);
        brought.clear();
        if (taking != null) {
            taking.refuse(InputError.of("the plugin before did not come back when it was closed", ""));
        }
    }
}
