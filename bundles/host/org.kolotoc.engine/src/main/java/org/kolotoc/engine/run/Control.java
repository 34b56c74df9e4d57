package org.kolotoc.engine.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.fill.SeatName;

/** What clients want of a run: asked by the run between its steps, and where it says so within its work. */
final class Control {
    private final BooleanSupplier stop;
    private boolean stopped;
    private boolean paused;

    /** Whether the run was told that somebody wants to stop it. */
    private volatile boolean stopping;

    private CompletableFuture<Long> saving;
    private final List<Swap> swaps = new ArrayList<>();

    /** Whether something has become of one of them that nobody has looked at. */
    private boolean swapped;

    private boolean over;
    private final Deque<Wish<?>> wishes = new ArrayDeque<>();

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
        boolean asked = stop.getAsBoolean();
        stopping |= asked;
        return asked;
    }

    /** Whether it is known that the run is to stop; asks nobody. */
    boolean isStopping() {
        return stopping;
    }

    synchronized void stop() {
        stopped = true;
        stopping = true;
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
        while (paused && !stopped && saving == null && wishes.isEmpty() && !swapped) {
            try {
                // Whoever began the run is asked now and then.
                wait(100);
            } catch (InterruptedException _) {
                stopped = true;
            }
            if (stop.getAsBoolean()) {
                stop();
            }
        }
        swapped = false;
    }

    /** Something has become of a swap: whoever waits between two steps looks at it. */
    synchronized void lookAtSwaps() {
        swapped = true;
        notifyAll();
    }

    /** Somebody wants something done before the next step. */
    synchronized <T> CompletableFuture<T> ask(Wish.Work<T> work) {
        CompletableFuture<T> answer = new CompletableFuture<>();
        if (over) {
            answer.cancel(false);
            return answer;
        }
        wishes.add(new Wish<>(work, answer));
        notifyAll();
        return answer;
    }

    /** How much is wanted. */
    synchronized int wishes() {
        return wishes.size();
    }

    /** What was asked for first, which whoever takes it does. */
    synchronized Wish<?> takeWish() {
        return wishes.remove();
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
        swap.done().whenComplete((_, _) -> lookAtSwaps());
        lookAtSwaps();
    }

    /** The swap that is due first, and was asked for first; null where there is none. */
    synchronized Swap nextSwap() {
        return swaps.stream().min(Comparator.comparingLong(Swap::at)).orElse(null);
    }

    /** A swap is done, or was refused. */
    synchronized void endSwap(Swap swap) {
        swaps.remove(swap);
    }

    /** Swaps that somebody asked this process for and that have not taken place, in the order in which they were asked for. */
    synchronized List<Swap> asked() {
        return swaps.stream()
                .filter(swap -> !swap.again() && !swap.isWithdrawn())
                .toList();
    }

    /** Swaps that nobody wants any longer, which whoever takes them closes. */
    synchronized List<Swap> takeWithdrawn() {
        List<Swap> withdrawn = swaps.stream().filter(Swap::isWithdrawn).toList();
        swaps.removeAll(withdrawn);
        return withdrawn;
    }

    /** Somebody wants another bundle in a seat than the run made before. */
    synchronized void dropAgain(SeatName seat) {
        swaps.removeIf(swap -> {
            boolean dropped = swap.again() && swap.seat().equals(seat);
            if (dropped) {
                swap.brought().close();
            }
            return dropped;
        });
    }

    /** Whether the run is over. */
    synchronized boolean isOver() {
        return over;
    }

    /** The run is over. */
    synchronized void end() {
        over = true;
        giveUp();
        swaps.forEach(swap -> {
            swap.brought().close();
            swap.done().completeExceptionally(ended(swap));
        });
        swaps.clear();
    }

    /**
     * The run lets go of its folder, for good or to show that it can go on: nothing that is wanted of that folder by now will be
     * done. Swaps wait for the first step after it.
     */
    synchronized void giveUp() {
        wishes.forEach(wish -> wish.answer().cancel(false));
        wishes.clear();
        if (saving != null) {
            saving.cancel(false);
            saving = null;
        }
    }

    private static InputError ended(Swap swap) {
        return InputError.of(
                swap.seat() + " is not swapped: the run came to its end before",
                "begin another run with that plugin: ./kolotoc run <experiment> --plugin <jar>");
    }
}
