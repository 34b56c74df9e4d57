package org.kolotoc.engine.guard;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/**
 * Calls into plugins that a run makes on its thread, as whoever watches over them sees them. Bound to the thread, so that
 * what calls need not know of which run it is a part.
 */
public final class Calls {
    private static final ScopedValue<Calls> HERE = ScopedValue.newInstance();

    private final Runnable after;
    private final Map<String, Long> longest = new HashMap<>();
    private Thread thread;
    private Call now;
    private int depth;
    private int hostDepth;
    private long beats;
    private RuntimeException expired;
    private boolean abandoned;

    /** @param after what is to be done after each call */
    public Calls(Runnable after) {
        this.after = after;
    }

    /** Says of a call that it does not come back. */
    @FunctionalInterface
    public interface Blame {
        /**
         * What is to be thrown in its place.
         *
         * @param seconds that it was waited for
         * @param stack where its thread stands
         */
        RuntimeException hanging(double seconds, StackTraceElement[] stack);
    }

    /**
     * A call that goes on.
     *
     * @param kind in words, the same for calls that take about the same time
     */
    record Call(String kind, Blame blame, long began) {}

    /** Thrown on a thread that hung in a plugin and came back when its run had gone on, or ended, without it. */
    public static final class Abandoned extends Error {
        private static final long serialVersionUID = 1L;

        Abandoned() {
            super("the run goes on, or ended, without this thread");
        }
    }

    /** Does the work of a run on this thread. */
    public void run(Runnable work) {
        synchronized (this) {
            thread = Thread.currentThread();
        }
        ScopedValue.where(HERE, this).run(work);
    }

    /**
     * Calls a plugin. Nested calls are part of the outermost.
     *
     * @param doing in words; digits in it do not count
     * @throws RuntimeException that of the blame, when the call came back too late, whatever it gave or threw
     * @throws Abandoned when nobody waits for it any more
     */
    public static <T> T within(String doing, Blame blame, Supplier<T> call) {
        if (!HERE.isBound()) {
            return call.get();
        }
        Calls calls = HERE.get();
        calls.enter(doing, blame);
        boolean came = false;
        try {
            T result = call.get();
            came = true;
            return result;
        } finally {
            calls.leave(came);
        }
    }

    /** Does the host's own work in the midst of a call: no plugin is waited for meanwhile. */
    public static <T> T host(Supplier<T> work) {
        if (!HERE.isBound()) {
            return work.get();
        }
        Calls calls = HERE.get();
        calls.hostWork(1);
        try {
            return work.get();
        } finally {
            calls.hostWork(-1);
        }
    }

    private synchronized void enter(String doing, Blame blame) {
        beats++;
        if (depth++ == 0) {
            now = new Call(kind(doing), blame, System.nanoTime());
        }
    }

    private synchronized void leave(boolean came) {
        beats++;
        if (--depth > 0) {
            return;
        }
        after.run();
        Call ended = now;
        now = null;
        if (abandoned) {
            throw new Abandoned();
        }
        if (expired != null) {
            RuntimeException late = expired;
            expired = null;
            // It was interrupted; what comes after it is not to be.
            Thread.interrupted();
            throw late;
        }
        if (came) {
            longest.merge(ended.kind(), System.nanoTime() - ended.began(), Math::max);
        }
    }

    private static String kind(String doing) {
        int digits = doing.length();
        while (digits > 0 && Character.isDigit(doing.charAt(digits - 1))) {
            digits--;
        }
        return digits == doing.length() ? doing : doing.substring(0, digits);
    }

    private synchronized void hostWork(int more) {
        beats++;
        hostDepth += more;
    }

    /** Something was heard of the run: whoever works in it has not come to a stand. */
    public synchronized void alive() {
        beats++;
    }

    /** Grows with everything that happens. */
    synchronized long beats() {
        return beats;
    }

    /** The call that a plugin is waited for in; null where there is none. */
    synchronized Call waitedFor() {
        return hostDepth > 0 ? null : now;
    }

    /** Whether a call is not over. */
    synchronized boolean isGoingOn(Call call) {
        return now == call;
    }

    /** The longest that a call of a kind took that came back, in nanoseconds; 0 where none did. */
    synchronized long longest(String kind) {
        return longest.getOrDefault(kind, 0L);
    }

    /** Lets what a call gives be of no account any more, and interrupts it; does nothing when it is over. */
    synchronized RuntimeException expire(Call call, double seconds) {
        if (now != call || expired != null) {
            return null;
        }
        expired = call.blame().hanging(seconds, thread.getStackTrace());
        if (thread instanceof RunThread own) {
            own.wake();
        } else {
            thread.interrupt();
        }
        return expired;
    }

    /** Whether nobody waits for this thread any more. */
    public synchronized boolean isAbandoned() {
        return abandoned;
    }

    /** Gives up a call that expired; false when it is over by now. */
    synchronized boolean abandon(Call call) {
        abandoned = now == call;
        return abandoned;
    }
}
