package org.kolotoc.engine.guard;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * Looks from time to time whether a plugin came to a stand, and counts how long by its looks: time in which nobody could look,
 * of a machine that slept or of a process that was stopped, is a look's and no more.
 */
public final class Watchdog implements AutoCloseable {
    /** Looks that a call is given to end by itself once it was interrupted. */
    private static final int GRACE = 5;

    private final Calls calls;
    private final Patience patience;
    private final Consumer<RuntimeException> abandoned;
    private final CountDownLatch over = new CountDownLatch(1);
    private Calls.Call waitedFor;
    private long beats;
    private long silent;
    private long last = System.nanoTime();
    private int grace;
    private RuntimeException failure;

    Watchdog(Calls calls, Patience patience, Consumer<RuntimeException> abandoned) {
        this.calls = calls;
        this.patience = patience;
        this.abandoned = abandoned;
    }

    /**
     * Watches until it is closed, or until it gave up a call.
     *
     * @param abandoned hears of a call that did not come back when it was interrupted either; its thread is lost
     */
    public static Watchdog over(Calls calls, Patience patience, Consumer<RuntimeException> abandoned) {
        Watchdog watchdog = new Watchdog(calls, patience, abandoned);
        if (!patience.isEndless()) {
            Thread.ofPlatform().daemon().name("kolotoc watchdog").start(watchdog::watch);
        }
        return watchdog;
    }

    private void watch() {
        while (!isOver()) {
            if (look(System.nanoTime())) {
                abandoned.accept(failure);
                return;
            }
        }
    }

    /** Waits till it is time to look again. */
    private boolean isOver() {
        try {
            return over.await(patience.between(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException _) {
            // Nobody does that but a plugin, to be left alone.
            return false;
        }
    }

    /**
     * Looks once.
     *
     * @param now in nanoseconds
     * @return whether a call was given up
     */
    boolean look(long now) {
        long since = Math.min(now - last, 2 * patience.between());
        last = now;
        Calls.Call call = calls.waitedFor();
        long heard = calls.beats();
        if (failure != null && calls.isGoingOn(waitedFor)) {
            return grace-- == 0 && calls.abandon(waitedFor);
        }
        failure = null;
        if (call == null || call != waitedFor || heard != beats) {
            waitedFor = call;
            beats = heard;
            silent = 0;
            return false;
        }
        silent += since;
        if (silent > patience.nanoseconds(calls.longest(call.kind()))) {
            failure = calls.expire(call, silent / 1e9);
            grace = GRACE;
        }
        return false;
    }

    @Override
    public void close() {
        over.countDown();
    }
}
