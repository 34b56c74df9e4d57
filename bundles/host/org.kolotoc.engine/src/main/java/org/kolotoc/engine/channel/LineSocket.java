package org.kolotoc.engine.channel;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.kolotoc.api.InputError;

/** Lines of UTF-8 over a socket, each within a time: what takes longer closes it. For one thread. */
final class LineSocket implements AutoCloseable {
    private static final int PART = 8192;

    private final SocketChannel channel;
    private final ByteBuffer part = ByteBuffer.allocate(PART).limit(0);
    private volatile boolean late;

    LineSocket(SocketChannel channel) {
        this.channel = channel;
    }

    /** Closes the socket when a time is over before it is closed itself. */
    private final class Deadline implements AutoCloseable {
        private final Thread thread;

        Deadline(Duration within) {
            thread = Thread.ofVirtual().start(() -> {
                try {
                    Thread.sleep(within);
                    late = true;
                    channel.close();
                } catch (InterruptedException | IOException _) {
                    // It was in time.
                }
            });
        }

        @Override
        public void close() {
            thread.interrupt();
        }
    }

    /**
     * Reads a line.
     *
     * @param most bytes
     * @return without its end; null where the other side ended before it began one
     * @throws InputError when it is longer, or has no end
     * @throws SocketTimeoutException when it took too long
     */
    byte[] read(int most, Duration within) throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        try (Deadline _ = new Deadline(within)) {
            while (true) {
                while (part.hasRemaining()) {
                    byte next = part.get();
                    if (next == '\n') {
                        return line.toByteArray();
                    }
                    if (line.size() == most) {
                        throw InputError.of("a line has more than " + most + " bytes", "send a shorter one");
                    }
                    line.write(next);
                }
                part.clear();
                int got = channel.read(part);
                part.flip();
                if (got < 0) {
                    part.limit(0);
                    if (line.size() == 0) {
                        return null;
                    }
                    throw InputError.of("a line has no end", "send all of it, and a line feed");
                }
            }
        } catch (ClosedChannelException e) {
            throw ended(e, within);
        }
    }

    /**
     * Writes a line.
     *
     * @throws SocketTimeoutException when the other side did not take it in time
     */
    void write(String line, Duration within) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        try (Deadline _ = new Deadline(within)) {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (ClosedChannelException e) {
            throw ended(e, within);
        }
    }

    private IOException ended(ClosedChannelException e, Duration within) {
        return late ? new SocketTimeoutException("nothing for " + within.toMillis() + " ms") : e;
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
