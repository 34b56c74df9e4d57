package org.kolotoc.engine.guard;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.kolotoc.api.Stopped;

/**
 * Work on a thread of its own, so that whoever waits for it need not wait to its end. The thread stays behind then.
 *
 * @param <T> what it gives, not null
 */
public final class Waited<T> {
    private static final Duration ASKED = Duration.ofMillis(20);

    private final CompletableFuture<T> result = new CompletableFuture<>();
    private final Thread thread;

    /** @param name of the thread */
    public Waited(String name, Callable<T> work) {
        this.thread = Thread.ofPlatform().daemon().name(name).start(() -> {
            try {
                result.complete(work.call());
            } catch (Exception | Error e) {
                result.completeExceptionally(e);
            }
        });
    }

    /**
     * Does work that nobody in it can stop.
     *
     * @param work makes nothing that would have to be taken back
     * @param stop whether somebody wants it to end
     * @throws Stopped when somebody wanted it to end; it may go on for a while
     */
    public static <T> T until(BooleanSupplier stop, String name, Callable<T> work) throws IOException {
        Waited<T> waited = new Waited<>(name, work);
        while (true) {
            Optional<T> done = waited.within(ASKED);
            if (done.isPresent()) {
                return done.get();
            }
            if (stop.getAsBoolean()) {
                waited.thread.interrupt();
                throw new Stopped();
            }
        }
    }

    /**
     * What it gives.
     *
     * @return nothing where it has not come to its end by then
     * @throws IOException that of the work, as whatever else it throws
     */
    public Optional<T> within(Duration patience) throws IOException {
        try {
            return Optional.of(result.get(patience.toMillis(), TimeUnit.MILLISECONDS));
        } catch (ExecutionException e) {
            switch (e.getCause()) {
                case RuntimeException failure -> throw failure;
                case Error failure -> throw failure;
                case IOException failure -> throw failure;
                default -> throw new IllegalStateException(e);
            }
        } catch (TimeoutException _) {
            return Optional.empty();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while it waited for " + thread.getName(), e);
        }
    }

    /** Where it stands. */
    public StackTraceElement[] stack() {
        return thread.getStackTrace();
    }
}
