package org.kolotoc.engine.probe;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.kolotoc.engine.fill.ProbeSeat;
import org.kolotoc.engine.prepare.Budget;
import org.kolotoc.engine.prepare.Prepared;
import org.kolotoc.engine.prepare.Stage;
import org.kolotoc.engine.prepare.Workbench;

/** A probe in a run: where it looks into the programs of the phase that goes on, and what it read in this step. */
final class Attached {
    private static final Runnable NOTHING = () -> {};

    private final ProbeSeat seat;
    private final long every;
    private final Optional<CompletableFuture<List<Took>>> once;
    private final List<Spot> spots = new ArrayList<>();
    private final List<Took> took = new ArrayList<>();
    private final Map<Spot, Integer> runs = new HashMap<>();
    private Runnable giveBack = NOTHING;
    private Stage stage;
    private Throwable failure;

    /**
     * One that looks at nothing yet.
     *
     * @param once who waits for one reading, after which it is off
     */
    Attached(ProbeSeat seat, long every, Optional<CompletableFuture<List<Took>>> once) {
        this.seat = seat;
        this.every = every;
        this.once = once;
    }

    /**
     * What it read of a program.
     *
     * @param run which of the runs of that program in the step, from 1 on
     */
    record Took(String program, int run, Spot.Read read) {}

    String id() {
        return seat.occupant().id();
    }

    ProbeSeat seat() {
        return seat;
    }

    long every() {
        return every;
    }

    Optional<CompletableFuture<List<Took>>> once() {
        return once;
    }

    Stage stage() {
        return stage;
    }

    /**
     * Looks into the programs of a phase that change something; on failure it looks nowhere.
     *
     * @return whether there is anything that it reads
     * @throws org.kolotoc.api.InputError where its memory does not fit
     */
    boolean enter(Stage entered, Workbench bench, Budget.Promise memory) {
        leave();
        boolean done = false;
        try {
            Set<String> models = bench.models(entered);
            for (Map.Entry<String, Prepared> program : new LinkedHashMap<>(bench.programs(entered)).entrySet()) {
                if (!program.getValue().program().updates().isEmpty()) {
                    Spot.of(seat, program.getKey(), program.getValue(), models, bench.backend())
                            .ifPresent(spots::add);
                }
            }
            giveBack = memory.promiseMore("the probe '" + id() + "'", bytes());
            stage = entered;
            done = true;
            return !spots.isEmpty();
        } finally {
            if (!done) {
                leave();
            }
        }
    }

    long bytes() {
        return spots.stream().mapToLong(Spot::bytes).sum();
    }

    boolean looksAt(Prepared program) {
        return spots.stream().anyMatch(spot -> spot.prepared() == program);
    }

    List<Prepared> programs() {
        return spots.stream().map(Spot::prepared).toList();
    }

    boolean isDue(long step) {
        return once.isPresent() || step % every == 0;
    }

    /** A step begins. */
    void begin() {
        took.clear();
        runs.clear();
    }

    /** Reads what a program is about to run on. What fails is kept, and nothing is read any more. */
    void read(Prepared program) {
        for (Spot spot : spots) {
            if (spot.prepared() == program && failure == null) {
                int run = runs.merge(spot, 1, Integer::sum);
                try {
                    took.add(new Took(spot.program(), run, spot.read()));
                } catch (RuntimeException | LinkageError | VirtualMachineError e) {
                    failure = e;
                }
            }
        }
    }

    List<Took> took() {
        return List.copyOf(took);
    }

    Optional<Throwable> failure() {
        return Optional.ofNullable(failure);
    }

    /** Looks nowhere any more; gives back what that took. */
    void leave() {
        List<Spot> left = List.copyOf(spots);
        spots.clear();
        stage = null;
        giveBack.run();
        giveBack = NOTHING;
        left.forEach(Spot::close);
    }
}
