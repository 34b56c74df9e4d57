package org.kolotoc.backend.cpu.threads;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed team of threads, the caller among them, that runs the pieces of one task at a time.
 *
 * <p>The pieces are dealt in contiguous shares, one share a thread, so that a thread meets the same rows again in the
 * next kernel while they are still in its cache; a thread that is done early takes pieces from the others' shares, and
 * the caller never waits for a thread that has not woken up yet. Which thread runs a piece is therefore open, what a
 * piece computes is not: cut the work by its shape and the bits are equal for any number of threads.
 *
 * <p>Idle threads spin for {@value #SPIN_NANOS} ns before they park: a dispatch to a spinning thread costs well under a
 * microsecond, one to a parked thread tens of them. Dispatching allocates nothing.
 *
 * <p>A call that comes while the team is busy (from inside a piece, or from an unrelated thread) runs all its pieces on
 * its own thread.
 */
public final class Workers implements AutoCloseable {

    /** What is cut into pieces. Pieces may run in any order and at the same time. */
    @FunctionalInterface
    public interface Task {
        /** Runs the piece with this number, from 0 to the number of pieces less one. */
        void run(int piece);
    }

    /** The most pieces that are handed out at once; tasks with more run one such part after the other. */
    public static final int MAX_PIECES = (1 << 20) - 1;

    private static final long SPIN_NANOS = 300_000;

    // A cursor is one long, [epoch: 24 bits | next: 20 | end: 20], so that a claim made with values of an earlier run
    // fails its compare-and-set. The longs lie 128 bytes apart: no two threads share a cache line (or a prefetched
    // pair).
    private static final int STRIDE = 16;
    private static final int FIELD_BITS = 20;
    private static final int FIELD_MASK = MAX_PIECES;
    private static final int EPOCH_MASK = (1 << 24) - 1;
    private static final long ONE_PIECE = 1L << FIELD_BITS;

    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final VarHandle BUSY;
    private static final VarHandle FAILURE;

    static {
        try {
            var lookup = MethodHandles.lookup();
            BUSY = lookup.findVarHandle(Workers.class, "busy", boolean.class);
            FAILURE = lookup.findVarHandle(Workers.class, "failure", Throwable.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    private final int threads;
    private final Helper[] helpers;
    /** Slot 0: epoch on which helpers wait; slot 1: pieces done; slots 2..: one cursor a thread. */
    private final long[] slots;

    private volatile boolean busy;
    private volatile boolean closed;
    private volatile Throwable failure;
    private Task task;
    private int epoch;

    /**
     * Starts a team.
     *
     * @param threads how many threads run pieces, the caller included; 1 starts none
     * @throws IllegalArgumentException if {@code threads} is not between 1 and 1024
     */
    public Workers(int threads) {
        if (threads < 1 || threads > 1024) {
            throw new IllegalArgumentException("threads: " + threads + ", expected 1 to 1024");
        }
        this.threads = threads;
        slots = new long[(threads + 3) * STRIDE];
        helpers = new Helper[threads - 1];
        for (int i = 0; i < helpers.length; i++) {
            helpers[i] = new Helper(i + 1);
        }
        for (Helper helper : helpers) {
            helper.start();
        }
    }

    /** How many threads run pieces, the caller included. */
    public int threads() {
        return threads;
    }

    /**
     * Runs pieces 0 to {@code pieces - 1} of a task and returns when all are done; what they wrote is then visible to
     * the caller. If a piece throws, pieces not begun are skipped and the first exception is thrown here.
     *
     * @throws IllegalArgumentException if {@code pieces} is negative
     * @throws IllegalStateException if the team is closed
     */
    public void run(Task task, int pieces) {
        if (pieces < 0) {
            throw new IllegalArgumentException("pieces: " + pieces + ", expected 0 or more");
        }
        if (closed) {
            throw new IllegalStateException("these workers are closed");
        }
        if (pieces > MAX_PIECES) {
            int done = 0;
            while (done < pieces) {
                int first = done;
                int part = Math.min(MAX_PIECES, pieces - first);
                run(piece -> task.run(first + piece), part);
                done += part;
            }
            return;
        }
        if (pieces <= 1 || threads == 1 || !BUSY.compareAndSet(this, false, true)) {
            for (int piece = 0; piece < pieces; piece++) {
                task.run(piece);
            }
            return;
        }
        Throwable thrown;
        try {
            thrown = dispatch(task, pieces);
        } finally {
            busy = false;
        }
        switch (thrown) {
            case null -> {}
            case RuntimeException e -> throw e;
            case Error e -> throw e;
            default -> throw new IllegalStateException("a piece threw a checked exception", thrown);
        }
    }

    /** Stops the threads, once a run that is under way has ended; returns when they are gone or on interruption. */
    @Override
    public void close() {
        closed = true;
        for (Helper helper : helpers) {
            LockSupport.unpark(helper);
        }
        for (Helper helper : helpers) {
            if (Thread.currentThread() == helper) {
                continue;
            }
            try {
                helper.join();
            } catch (InterruptedException _) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private Throwable dispatch(Task work, int pieces) {
        task = work;
        failure = null;
        LONGS.set(slots, slot(1), 0L);
        epoch = (epoch + 1) & EPOCH_MASK;
        long tag = (long) epoch << (2 * FIELD_BITS);
        for (int i = 0; i < threads; i++) {
            long first = (long) pieces * i / threads;
            long end = (long) pieces * (i + 1) / threads;
            LONGS.setRelease(slots, slot(2 + i), tag | first << FIELD_BITS | end);
        }
        // Volatile on both sides: a helper either sees the epoch before it parks or is seen as parked here.
        LONGS.setVolatile(slots, slot(0), (long) epoch);
        for (Helper helper : helpers) {
            if (helper.parked) {
                LockSupport.unpark(helper);
            }
        }
        finish(runShares(0));
        int spins = 0;
        while ((long) LONGS.getAcquire(slots, slot(1)) < pieces) {
            if (++spins < 20_000) {
                Thread.onSpinWait();
            } else {
                Thread.yield();
            }
        }
        Throwable thrown = failure;
        task = null;
        failure = null;
        return thrown;
    }

    /**
     * Runs pieces until none is left to claim: the own share first, then what is left of the others'. A claim made here
     * keeps its run open until {@link #finish}, so all claims of one call belong to one run.
     */
    private int runShares(int self) {
        int ran = 0;
        for (int i = 0; i < threads; i++) {
            int owner = self + i < threads ? self + i : self + i - threads;
            int slot = slot(2 + owner);
            while (true) {
                long cursor = (long) LONGS.getAcquire(slots, slot);
                int next = (int) (cursor >>> FIELD_BITS) & FIELD_MASK;
                if (next >= ((int) cursor & FIELD_MASK)) {
                    break;
                }
                Task work = task;
                if (LONGS.compareAndSet(slots, slot, cursor, cursor + ONE_PIECE)) {
                    runPiece(work, next);
                    ran++;
                }
            }
        }
        return ran;
    }

    private void runPiece(Task work, int piece) {
        if (failure == null) {
            try {
                work.run(piece);
            } catch (Throwable e) {
                FAILURE.compareAndSet(this, (Throwable) null, e);
            }
        }
    }

    private void finish(int ran) {
        if (ran > 0) {
            long _ = (long) LONGS.getAndAdd(slots, slot(1), (long) ran);
        }
    }

    private static int slot(int index) {
        return (index + 1) * STRIDE;
    }

    private final class Helper extends Thread {
        private final int self;
        private volatile boolean parked;

        private Helper(int self) {
            super(null, null, "kolotoc-worker-" + self, 0, false);
            this.self = self;
            setDaemon(true);
            setContextClassLoader(null); // a thread that lives long must not hold its creator's loader
        }

        @Override
        public void run() {
            long seen = 0;
            while (true) {
                seen = awaitEpochAfter(seen);
                if (closed) {
                    return;
                }
                finish(runShares(self));
            }
        }

        private long awaitEpochAfter(long seen) {
            long deadline = System.nanoTime() + SPIN_NANOS;
            int spins = 0;
            while (true) {
                long now = (long) LONGS.getAcquire(slots, slot(0));
                if (now != seen || closed) {
                    return now;
                }
                if ((++spins & 63) != 0 || System.nanoTime() - deadline < 0) {
                    Thread.onSpinWait();
                    continue;
                }
                parked = true;
                while ((now = (long) LONGS.getVolatile(slots, slot(0))) == seen && !closed) {
                    LockSupport.park(Workers.this);
                }
                parked = false;
                return now;
            }
        }
    }
}
