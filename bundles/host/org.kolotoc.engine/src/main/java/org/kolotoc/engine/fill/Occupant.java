package org.kolotoc.engine.fill;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.function.Supplier;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Stopped;
import org.kolotoc.engine.guard.Calls;
import org.kolotoc.engine.guard.Waited;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.ShapeError;

/**
 * Who fills a seat.
 *
 * @param kind of the seat
 * @param id of the plugin
 * @param bundle it came in
 */
public record Occupant(String kind, String id, PluginBundle bundle) {
    /** Longest time that a plugin may take to be made. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /**
     * Lets the plugin do something.
     *
     * @param doing in words, after "failed while it": {@code opened its data}
     * @throws InputError as it comes: the plugin refuses what a person gave; {@link ShapeError},
     *     {@link DeviceFailure} and {@link HostDefect} likewise say by themselves who is at fault, and {@link Stopped} is
     *     nobody's
     * @throws PluginFailure for whatever else is thrown, checked exceptions and errors included
     */
    public <T> T call(String doing, Supplier<T> work) {
        return Calls.within(
                doing,
                (seconds, stack) -> PluginFailure.hanging(this, doing, seconds, stack),
                () -> guarded(doing, work));
    }

    private <T> T guarded(String doing, Supplier<T> work) {
        T result;
        try {
            result = work.get();
        } catch (InputError | ShapeError | DeviceFailure | HostDefect | PluginFailure | Stopped e) {
            throw e;
        } catch (Throwable e) {
            // Also what the compiler thinks can't be thrown: nothing of a plugin's may be taken for something of ours.
            throw PluginFailure.thrown(this, doing, e);
        }
        if (Thread.interrupted()) {
            // It would end the next read or write of a file, of whoever does that.
            throw PluginFailure.broken(this, "left its thread interrupted when it " + doing);
        }
        return result;
    }

    /** The same for what gives nothing. */
    public void run(String doing, Runnable work) {
        call(doing, () -> {
            work.run();
            return "";
        });
    }

    /** The same for what may not be null. */
    public <T> T give(String doing, Supplier<T> work) {
        T result = call(doing, work);
        if (result == null) {
            throw PluginFailure.broken(this, "gave null when it " + doing);
        }
        return result;
    }

    /**
     * The same on a thread of its own, for what must not keep a command from answering: a constructor that hangs costs one
     * plugin. The thread stays behind.
     *
     * @throws PluginFailure also when it takes longer than ten seconds, with the line it stands at
     */
    public <T> T soon(String doing, Supplier<T> work) {
        return within(PATIENCE, doing, work);
    }

    <T> T within(Duration patience, String doing, Supplier<T> work) {
        Waited<T> waited = new Waited<>(kind + " " + id, () -> give(doing, work));
        try {
            return waited.within(patience)
                    .orElseThrow(() -> PluginFailure.hanging(this, doing, patience.toMillis() / 1e3, waited.stack()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** {@code the phase 'pretrain' (bundle org.kolotoc.phase.pretrain 0.1.0)}. */
    @Override
    public String toString() {
        return "the " + kind + " '" + id + "' (bundle " + bundle + ")";
    }
}
