package org.kolotoc.engine.channel;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.event.EventLine;
import org.kolotoc.engine.experiment.Printable;

/** A client of a run: asks once, and is answered. */
final class Connection {
    /** Asks for the events from now on. The channel's own, whatever is served. */
    static final String FOLLOW = "follow";

    private final SocketChannel client;
    private final LineSocket lines;
    private final Channel channel;

    /** Events that are not sent yet; empty is the end. Null as long as it does not follow. */
    private volatile BlockingQueue<Optional<Event>> events;

    private volatile boolean asked;
    private volatile boolean behind;
    private final Thread thread;

    /** @param over hears that it has ended */
    Connection(SocketChannel client, Channel channel, Consumer<Connection> over) {
        this.client = client;
        this.lines = new LineSocket(client);
        this.channel = channel;
        this.thread = Thread.ofVirtual().unstarted(() -> {
            try (lines) {
                answered();
            } catch (IOException | InterruptedException _) {
                // It went away, or was too slow.
            } finally {
                over.accept(this);
            }
        });
    }

    void start() {
        thread.start();
    }

    /** Answers a client that nobody has time for. */
    void refuse(InputError why) throws IOException {
        try (lines) {
            error(why);
        }
    }

    private void answered() throws IOException, InterruptedException {
        try {
            channel.requireOwn(client);
            byte[] line = lines.read(Request.MOST, channel.limits().request());
            if (line == null) {
                return;
            }
            Request request = Request.of(line);
            asked = true;
            if (request.name().equals(FOLLOW)) {
                request.requireOnly();
                follow();
            } else {
                answer(request, channel.served().answer(request));
            }
        } catch (InputError e) {
            error(e);
        } catch (RuntimeException e) {
            write(Wire.error("this should not have happened: " + e, "report it"));
        }
    }

    private void answer(Request request, CompletableFuture<?> answer) throws IOException, InterruptedException {
        boolean waits = true;
        try {
            while (waits) {
                try {
                    Object value = answer.get(beat(), TimeUnit.NANOSECONDS);
                    waits = false;
                    write(Wire.answer(value));
                } catch (TimeoutException _) {
                    write(Wire.waiting(channel.served().doing()));
                }
            }
        } catch (CancellationException _) {
            error(tooLate(request));
        } catch (ExecutionException e) {
            throw switch (e.getCause()) {
                // Of what it is a copy of.
                case CancellationException _ -> tooLate(request);
                case RuntimeException cause -> cause;
                default -> new IllegalStateException(e.getCause());
            };
        } finally {
            answer.cancel(false);
        }
    }

    private InputError tooLate(Request request) {
        return InputError.of(
                "the run came to its end, or began to show that it can be resumed, before it could do this: "
                        + request.name(),
                "./kolotoc status " + Printable.word(channel.folder())
                        + " says how it is; where it goes on, ask again");
    }

    private long beat() {
        return channel.limits().beat().toNanos();
    }

    private void follow() throws IOException, InterruptedException {
        events = new ArrayBlockingQueue<>(channel.limits().events());
        channel.requireRoomToFollow();
        // At once, so that whoever asked knows from when on it hears all.
        write(Wire.waiting(channel.served().doing()));
        while (!behind) {
            Optional<Event> event = events.poll(beat(), TimeUnit.NANOSECONDS);
            if (event == null) {
                write(Wire.waiting(channel.served().doing()));
            } else if (event.isEmpty()) {
                return;
            } else {
                write(EventLine.of(event.get()));
            }
        }
        throw InputError.of(
                "more than " + channel.limits().events() + " events were not taken in time",
                "follow again, and read faster");
    }

    boolean follows() {
        return events != null;
    }

    void tell(Event event) {
        offer(Optional.of(event));
    }

    private void offer(Optional<Event> event) {
        BlockingQueue<Optional<Event>> follower = events;
        if (follower != null && !follower.offer(event)) {
            behind = true;
        }
    }

    /** The run is over. */
    void end() {
        offer(Optional.empty());
        if (!asked) {
            close();
        }
    }

    /** Waits until it has ended by itself, or ends it. */
    void join(long deadline) {
        try {
            if (!thread.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())))) {
                close();
            }
        } catch (InterruptedException _) {
            close();
            Thread.currentThread().interrupt();
        }
    }

    private void close() {
        try {
            lines.close();
        } catch (IOException _) {
            // It is closed.
        }
    }

    private void error(InputError why) throws IOException {
        write(Wire.error(why.getMessage(), why.next()));
    }

    private void write(String line) throws IOException {
        lines.write(line, channel.limits().write());
    }
}
