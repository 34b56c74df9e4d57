package org.kolotoc.engine.run;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;

/** What clients want of a run: asked by the run between its steps, and where it says so within its work. */
final class Control {
    private final BooleanSupplier stop;
    private boolean stopped;
    private boolean paused;
    private CompletableFuture<Long> saving;
    private final List<Swap> swaps = new ArrayList<>();
    private boolean over;

    /** @param stop whether whoever began the run wants to stop it */
    Control(BooleanSupplier stop) {
        this.stop = stop;
    }

    boolean isStopped() {
        synchronized (this) {
            if (stopped) {
                return true;
            }
        }
        return stop.getAsBoolean();
    }

    synchronized void stop() {
        stopped = true;
        notifyAll();
    }

    synchronized void pause() {
        paused = true;
    }

    synchronized void go() {
        paused = false;
        notifyAll();
    }

    synchronized boolean isPaused() {
        return paused && !stopped;
    }

    /**
     * Waits until the run is to go on, or something else is wanted of it.
     *
     * @param step steps that were taken
     */
    synchronized void await(long step) {
        while (paused && !stopped && saving == null && swaps.stream().noneMatch(swap -> swap.at() <= step)) {
            try {
                // Whoever began the run is asked now and then.
                wait(100);
            } catch (InterruptedException _) {
                stopped = true;
            }
            if (stop.getAsBoolean()) {
                stopped = true;
            }
        }
    }

    /** Somebody wants a checkpoint; all who want one before the next step get the same. */
    synchronized CompletableFuture<Long> save() {
        if (over) {
            CompletableFuture<Long> never = new CompletableFuture<>();
            never.cancel(false);
            return never;
        }
        if (saving == null) {
            saving = new CompletableFuture<>();
            notifyAll();
        }
        return saving;
    }

    /** The wish for a checkpoint, which whoever takes it fulfils; null where there is none. */
    synchronized CompletableFuture<Long> takeSaving() {
        CompletableFuture<Long> wish = saving;
        saving = null;
        return wish;
    }

    /**
     * Somebody wants another bundle in a seat.
     *
     * @throws InputError when the run has ended
     */
    synchronized void swap(Swap swap) {
        if (over) {
            throw ended(swap);
        }
        swaps.add(swap);
        notifyAll();
    }

    /** The next swap that is due after so many steps; null where there is none. */
    synchronized Swap takeSwap(long step) {
        for (Swap swap : swaps) {
            if (swap.at() <= step) {
                swaps.remove(swap);
                return swap;
            }
        }
        return null;
    }

    /** The run is over: nobody will do what is still wanted of it. */
    synchronized void end() {
        over = true;
        if (saving != null) {
            saving.cancel(false);
            saving = null;
        }
        swaps.forEach(swap -> {
            swap.brought().close();
            swap.done().completeExceptionally(ended(swap));
        });
        swaps.clear();
    }

    private static InputError ended(Swap swap) {
        return InputError.of(
                swap.seat() + " is not swapped: the run came to its end before",
                "begin another run with that plugin: ./kolotoc run <experiment> --plugin <jar>");
    }
}
