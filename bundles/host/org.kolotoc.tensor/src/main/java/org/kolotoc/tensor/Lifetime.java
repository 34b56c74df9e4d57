package org.kolotoc.tensor;

import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/**
 * How long something of a backend can be used: uses don't exclude each other, but its end waits for those that go on, and
 * refuses those that come later.
 */
public final class Lifetime {
    private final String what;
    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private boolean over;

    /** @param what it is, for the message that refuses a use: {@code the program} */
    public Lifetime(String what) {
        this.what = what;
    }

    /**
     * Uses it.
     *
     * @throws IllegalStateException when it was closed
     */
    public <T> T use(Supplier<T> work) {
        lock.readLock().lock();
        try {
            if (over) {
                throw new IllegalStateException(what + " was closed");
            }
            return work.get();
        } finally {
            lock.readLock().unlock();
        }
    }

    /** As {@link #use}, without a result. */
    public void run(Runnable work) {
        use(() -> {
            work.run();
            return null;
        });
    }

    /** Ends it: waits for uses that go on, then frees what it had; a second end does nothing. */
    public void end(Runnable free) {
        lock.writeLock().lock();
        try {
            if (!over) {
                over = true;
                free.run();
            }
        } finally {
            lock.writeLock().unlock();
        }
    }
}
