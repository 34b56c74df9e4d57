package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.kolotoc.tensor.Executable;

/** A program with its buffers and the memory that it works in. */
final class CpuStep implements Executable.Step {
    private final Work[] works;
    private final Arena memory;
    private final List<Dependents> needs;
    /** Held by a run, and by the end; fair, so that an end comes between two runs. */
    private final ReentrantLock turn = new ReentrantLock(true);

    /** Why it runs no more; null while it does. */
    private String over;

    /**
     * A step that is not claimed yet.
     *
     * @param works in the order of the program's kernels
     * @param memory of its own, freed in the end
     * @param needs what must not be closed while it runs
     */
    CpuStep(List<Work> works, Arena memory, List<Dependents> needs) {
        this.works = works.toArray(Work[]::new);
        this.memory = memory;
        this.needs = needs;
    }

    /**
     * From here on the end of what it needs is its own.
     *
     * @throws IllegalStateException when something it needs was closed; its memory is freed then
     */
    void claim() {
        try {
            for (Dependents need : needs) {
                need.add(this);
            }
            turn.lock();
            try {
                requireOpen();
            } finally {
                turn.unlock();
            }
        } catch (IllegalStateException e) {
            end(e.getMessage());
            throw e;
        }
    }

    @Override
    public void run() {
        turn.lock();
        try {
            requireOpen();
            for (Work work : works) {
                work.run();
            }
        } finally {
            turn.unlock();
        }
    }

    @Override
    public void run(long[] nanoseconds) {
        if (nanoseconds.length != works.length) {
            throw new IllegalArgumentException(
                    "the program has " + works.length + " kernels, got room for " + nanoseconds.length + " times");
        }
        turn.lock();
        try {
            requireOpen();
            long before = System.nanoTime();
            for (int i = 0; i < works.length; i++) {
                works[i].run();
                long after = System.nanoTime();
                nanoseconds[i] = after - before;
                before = after;
            }
        } finally {
            turn.unlock();
        }
    }

    /**
     * Frees its memory once it is not running.
     *
     * @param reason that later runs give: {@code the program was closed}
     */
    void end(String reason) {
        turn.lock();
        try {
            if (over == null) {
                over = reason;
                memory.close();
            }
        } finally {
            turn.unlock();
        }
        needs.forEach(need -> need.remove(this));
    }

    private void requireOpen() {
        if (over != null) {
            throw new IllegalStateException(over);
        }
    }
}
