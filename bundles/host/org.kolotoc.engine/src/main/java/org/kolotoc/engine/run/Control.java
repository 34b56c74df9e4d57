package org.kolotoc.engine.run;

import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;

/** What clients want of a run: asked by the run between its steps, and where it says so within its work. */
final class Control {
    private final BooleanSupplier stop;
    private boolean stopped;
    private boolean paused;
    private CompletableFuture<Long> saving;

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

    /** Waits until the run is to go on, or something else is wanted of it. */
    synchronized void await() {
        while (paused && !stopped && saving == null) {
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
}
