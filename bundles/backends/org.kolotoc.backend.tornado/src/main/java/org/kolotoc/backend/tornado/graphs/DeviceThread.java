package org.kolotoc.backend.tornado.graphs;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.kolotoc.tensor.DeviceFailure;

/**
 * The one thread that speaks to TornadoVM. What a driver of CUDA keeps belongs to a thread, and TornadoVM's PTX back end
 * ends the process of another that comes with a transfer.
 */
public final class DeviceThread implements AutoCloseable {
    private final ExecutorService thread = Executors.newSingleThreadExecutor(
            work -> Thread.ofPlatform().name("kolotoc-device").daemon().unstarted(work));

    /**
     * Does work there and waits for it; what it throws comes out here. Work takes no lock that a caller may hold.
     *
     * @throws DeviceFailure when TornadoVM or its libraries fail
     */
    public <T> T call(Supplier<T> work) {
        try {
            return CompletableFuture.supplyAsync(work, thread).join();
        } catch (CompletionException e) {
            switch (e.getCause()) {
                case LinkageError cause ->
                    throw new DeviceFailure(
                            "TornadoVM does not work, its SDK may be broken (TORNADOVM_HOME): " + Reason.of(cause),
                            cause);
                case Throwable cause
                when isOfTornado(cause) -> throw new DeviceFailure("TornadoVM fails: " + Reason.of(cause), cause);
                case RuntimeException cause -> throw cause;
                case Error cause -> throw cause;
                case null, default -> throw e;
            }
        }
    }

    private static boolean isOfTornado(Throwable cause) {
        return cause.getClass().getName().startsWith("uk.ac.manchester.tornado.");
    }

    /** As {@link #call}, without a result. */
    public void run(Runnable work) {
        call(() -> {
            work.run();
            return null;
        });
    }

    @Override
    public void close() {
        thread.shutdown();
    }
}
