package org.kolotoc.engine.event;

import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.kolotoc.api.Stopped;

/**
 * Who waits for something: hears how it goes on, and may stop it. A listener is called by one thread at a time, and who
 * tells waits for it.
 *
 * @param stop whether somebody wants to stop
 */
public record Client(BooleanSupplier stop, Consumer<Event> listener) {
    /** Nobody listens, and nobody stops. */
    public static final Client NOBODY = new Client(() -> false, _ -> {});

    public void tell(Event event) {
        listener.accept(event);
    }

    public void note(String sentence) {
        tell(new Event.Noted(sentence));
    }

    public void warn(String sentence) {
        tell(new Event.Warned(sentence));
    }

    /**
     * So much of all of something is done.
     *
     * @throws Stopped when somebody wants to stop
     */
    public void reached(String what, long done, long all) {
        requireNoStop();
        tell(new Event.Working(what, done, all, ""));
    }

    /** @throws Stopped when somebody wants to stop */
    public void requireNoStop() {
        if (stop.getAsBoolean()) {
            throw new Stopped();
        }
    }
}
