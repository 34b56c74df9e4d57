package org.kolotoc.engine.run;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
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
import org.kolotoc.engine.lease.Brought;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.prepare.Budget;
import org.kolotoc.engine.prepare.MemoryPlan;
import org.kolotoc.engine.prepare.Workbench;
import org.kolotoc.engine.prepare.Workshop;

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
    private final List<Brought> brought = new ArrayList<>();
    private Leases leases;

    /**
     * That of one run.
     *
     * @param leases what fills its seats now
     * @param require refuses what does not fit into the memory
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
            Client client) {
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
    }

    /**
     * The seat of the run that somebody means.
     *
     * @param text {@code phase:pretrain}, or {@code phase} where there is one of that kind
     * @throws InputError when the run has no such seat, or several
     */
    synchronized SeatName seat(String text) {
        int colon = text.indexOf(':');
        String kind = colon < 0 ? text : text.substring(0, colon);
        String id = colon < 0 ? "" : text.substring(colon + 1);
        List<SeatName> found = leases.filled().keySet().stream()
                .filter(seat -> seat.kind().equals(kind))
                .filter(seat -> id.isEmpty() || seat.id().equals(id))
                .toList();
        if (found.size() != 1) {
            List<String> all = leases.filled().keySet().stream()
                    .map(seat -> seat.kind() + ":" + seat.id())
                    .toList();
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

    private synchronized void fill(Leases next) {
        leases = next;
    }

    /** Bytes that the run takes as it is now. */
    long predicted() {
        return memory.plan().total();
    }

    /**
     * Does what somebody wants, and tells them how it went.
     *
     * @param step steps that were taken
     * @param place of the phase that goes on
     * @param save what is to be done once the new plugin fits, before it goes on
     * @return whether another plugin goes on from here
     * @throws IOException when it can't be noted in the folder
     */
    boolean swap(Swap swap, long step, int place, Save save) throws IOException {
        long began = System.nanoTime();
        Leases next = leases.with(swap.seat(), swap.brought().bundle());
        Workbench successor;
        try {
            successor = successor(swap, next, place);
        } catch (RuntimeException | Error e) {
            swap.brought().close();
            swap.done().completeExceptionally(refused(swap, e));
            return false;
        }
        save.save();
        take(successor);
        InstalledBundles installed = workshop.installed();
        Swapped swapped = new Swapped(
                step,
                swap.seat().toString(),
                installed.content(leases.filled().get(swap.seat())).toString(),
                installed.content(swap.brought().bundle()).toString(),
                (System.nanoTime() - began) / 1e6);
        fill(next);
        brought.add(swap.brought());
        Lock.swap(folder, installed, workshop.trusted(), swap.brought(), leases, step);
        status.refilled(step, swapped.seat(), swapped.is(), swapped.was());
        status.measures(bench.measures());
        status.write(Status.State.RUNNING, step);
        letGo();
        client.tell(new Event.Swapped(step, swapped.seat(), swapped.was(), swapped.is()));
        swap.done().complete(swapped);
        return true;
    }

    /** Keeps a checkpoint. */
    @FunctionalInterface
    interface Save {
        void save() throws IOException;
    }

    /** @throws InputError where it does not fit; then nothing has changed */
    private Workbench successor(Swap swap, Leases next, int place) {
        Workbench successor = workshop.successor(bench, file, options, next, swap.seat(), place, folder.path(), client);
        try {
            memory.exchange(successor, options.memory(), require);
            return successor;
        } catch (InputError e) {
            bench.refuse(successor);
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

    private static InputError refused(Swap swap, Throwable why) {
        return InputError.of(
                swap.seat() + " is not swapped, the run goes on as it was: "
                        + (why instanceof InputError || why instanceof PluginFailure
                                ? why.getMessage()
                                : why.toString()),
                "mend the plugin, and swap again",
                why);
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

    /** The run is over and its plugins are closed: uninstalls all that was brought to it. */
    void end() {
        brought.forEach(Brought::close);
        brought.clear();
    }
}
