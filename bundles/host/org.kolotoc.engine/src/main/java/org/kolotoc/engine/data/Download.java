package org.kolotoc.engine.data;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.kolotoc.api.InputError;
import org.kolotoc.api.PublicFile;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.state.Hash;

/** Fetches public files: whole and checked, or nothing of them stays. */
final class Download {
    private static final Duration CONNECT = Duration.ofSeconds(15);
    private static final Duration SILENCE = Duration.ofSeconds(30);
    private static final long LOOK_MILLISECONDS = 100;
    private static final int OK = 200;

    private final Client client;
    private final Duration connect;
    private final Duration silence;

    Download(Client client) {
        this(client, CONNECT, SILENCE);
    }

    /**
     * @param connect how long a server may take to be reached
     * @param silence how long nothing may come from it
     */
    Download(Client client, Duration connect, Duration silence) {
        this.client = client;
        this.connect = connect;
        this.silence = silence;
    }

    /**
     * Fetches a file to where it is to lie.
     *
     * @return that place
     * @throws InputError when the server can't be reached, stops sending, or sends something else; nothing is there then
     */
    Path fetch(PublicFile file, Path target) {
        client.tell(new Event.Disclosed("fetching " + file.address()));
        Path part = target.resolveSibling(target.getFileName() + ".part");
        try {
            Files.createDirectories(target.getParent());
            // One name for all, so that what a killed process left is overwritten; held while it is written.
            try (FileChannel channel = FileChannel.open(part, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                    FileLock _ = held(channel)) {
                try {
                    channel.truncate(0);
                    received(file, channel);
                    channel.force(true);
                    requireSame(file, part);
                    Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
                } finally {
                    Files.deleteIfExists(part);
                }
            }
            return target;
        } catch (IOException e) {
            throw InputError.of(
                    "the data file " + file.path() + " could not be fetched from " + file.address() + ": "
                            + e.getMessage(),
                    "try again, or put it at " + target + " by hand",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw InputError.of("fetching " + file.address() + " was interrupted", "run the command again", e);
        }
    }

    private static FileLock held(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException _) {
            // Somebody in this process.
        }
        throw new IOException("somebody else fetches it right now");
    }

    private void received(PublicFile file, FileChannel channel) throws IOException, InterruptedException {
        Sink sink = new Sink(file, channel);
        HttpClient client = HttpClient.newBuilder()
                .connectTimeout(connect)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build();
        try {
            HttpResponse<Void> response = awaited(
                    file,
                    sink,
                    client.sendAsync(
                            HttpRequest.newBuilder(file.address()).build(),
                            info -> info.statusCode() == OK
                                    ? HttpResponse.BodySubscribers.ofByteArrayConsumer(
                                            part -> part.ifPresent(sink::take))
                                    : HttpResponse.BodySubscribers.replacing(null)));
            if (response.statusCode() != OK) {
                throw new IOException("the server answers " + response.statusCode());
            }
        } finally {
            client.shutdownNow();
        }
    }

    private HttpResponse<Void> awaited(PublicFile file, Sink sink, CompletableFuture<HttpResponse<Void>> response)
            throws IOException, InterruptedException {
        while (true) {
            try {
                return response.get(LOOK_MILLISECONDS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException _) {
                client.reached("fetching " + file.address(), sink.count, file.bytes());
                if (System.nanoTime() - sink.heard > silence.toNanos()) {
                    throw new IOException("nothing came for " + silence.toMillis() / 1000.0 + " s");
                }
            } catch (ExecutionException e) {
                throw switch (e.getCause()) {
                    case UncheckedIOException unchecked -> unchecked.getCause();
                    case ConnectException unreachable -> new IOException("the server can't be reached", unreachable);
                    case Throwable other -> new IOException("the connection failed: " + other.getMessage(), other);
                };
            }
        }
    }

    /** Takes what comes, on a thread of the client's. */
    private static final class Sink {
        private final PublicFile file;
        private final FileChannel channel;
        private volatile long count;
        private volatile long heard = System.nanoTime();

        Sink(PublicFile file, FileChannel channel) {
            this.file = file;
            this.channel = channel;
        }

        void take(byte[] part) {
            try {
                if (part.length > file.bytes() - count) {
                    throw new IOException("it sends more than the " + file.bytes() + " bytes that are expected");
                }
                ByteBuffer buffer = ByteBuffer.wrap(part);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            count += part.length;
            heard = System.nanoTime();
        }
    }

    private static void requireSame(PublicFile file, Path part) throws IOException {
        if (Files.size(part) != file.bytes()) {
            throw new IOException("only " + Files.size(part) + " of " + file.bytes() + " bytes came");
        }
        String hash = Hash.of(part);
        if (!hash.equalsIgnoreCase(file.sha256())) {
            throw new IOException("what came has another SHA-256 (" + hash + ") than " + file.sha256());
        }
    }
}
