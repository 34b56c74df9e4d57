package org.kolotoc.engine.run;

import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.guard.Calls;
import org.kolotoc.engine.guard.Patience;
import org.kolotoc.engine.guard.Watchdog;
import org.kolotoc.engine.state.Meanwhile;

/** A swap whose plugin is prepared, on a thread of its own, while the run goes on with the one before. */
final class Rehearsal {
    private static final long PATIENCE_SECONDS = 10;

    private final Swap swap;
    private final Leases leases;
    private final int place;
    private final Meanwhile meanwhile = new Meanwhile();
    private final CompletableFuture<Swapper.Prepared> prepared = new CompletableFuture<>();
    private long stood;

    private Rehearsal(Swap swap, Leases leases, int place) {
        this.swap = swap;
        this.leases = leases;
        this.place = place;
    }

    /**
     * Begins, between two steps.
     *
     * @param leases with the plugin that is to come
     * @param place of the phase that goes on
     * @param from looks at the run as it stands, and gives what prepares the plugin
     * @param over hears that it is over
     * @param patience with the plugin
     */
    static Rehearsal begin(
            Swap swap,
            Leases leases,
            int place,
            Supplier<Supplier<Swapper.Prepared>> from,
            Runnable over,
            Patience patience) {
        Rehearsal rehearsal = new Rehearsal(swap, leases, place);
        long began = System.nanoTime();
        try {
            Supplier<Swapper.Prepared> preparation = from.get();
            Calls calls = new Calls(() -> {});
            Watchdog watchdog = Watchdog.over(calls, patience, hanging -> {
                rehearsal.prepared.completeExceptionally(hanging);
                over.run();
            });
            Thread.ofPlatform()
                    .daemon()
                    .name("swap of " + swap.seat())
                    .start(() -> calls.run(() -> {
                        rehearsal.prepare(preparation, over);
                        watchdog.close();
                    }));
        } catch (RuntimeException | Error e) {
            rehearsal.prepared.completeExceptionally(e);
        }
        rehearsal.stood(began);
        return rehearsal;
    }

    private void prepare(Supplier<Swapper.Prepared> preparation, Runnable over) {
        try {
            prepared.complete(meanwhile.call(preparation));
        } catch (RuntimeException | Error e) {
            prepared.completeExceptionally(e);
        } finally {
            over.run();
        }
    }

    Swap swap() {
        return swap;
    }

    /** What fills the seats once it has taken place. */
    Leases leases() {
        return leases;
    }

    boolean isOver() {
        return prepared.isDone();
    }

    /**
     * What was prepared, once it is over; nothing where that failed because it wanted to touch values, or because a phase ended
     * meanwhile: then it is worth another try.
     *
     * @param now place of the phase that goes on
     * @throws RuntimeException or an error, when it failed for good
     */
    Optional<Swapper.Prepared> result(int now) {
        try {
            return Optional.of(prepared.join()).filter(_ -> place == now && !meanwhile.touched());
        } catch (CompletionException | CancellationException e) {
            if (place != now || meanwhile.touched()) {
                return Optional.empty();
            }
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case null, default -> throw e;
            }
        }
    }

    /** What was prepared and nobody takes; nothing where it failed, or does not come to an end. */
    Optional<Swapper.Prepared> abandoned() {
        try {
            return Optional.of(prepared.get(PATIENCE_SECONDS, TimeUnit.SECONDS));
        } catch (InterruptedException _) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        } catch (Exception _) {
            return Optional.empty();
        }
    }

    /** The run stood still for it since then. */
    void stood(long began) {
        stood += System.nanoTime() - began;
    }

    /** How long the run stood still for it. */
    double milliseconds() {
        return stood / 1e6;
    }
}
