package org.kolotoc.engine.channel;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.Printable;

/**
 * Where a run is spoken to: listens on the socket of its folder, which this process holds, until it is closed. Clients have
 * threads of their own, and neither their number nor what they send, or don't, holds up the run.
 */
public final class Channel implements AutoCloseable {
    /** A client that knocks without a pause gets no more of the processor than this leaves it. */
    private static final long PAUSE_MILLISECONDS = 2;

    private final Path folder;
    private final Path place;
    private final Object key;
    private final ServerSocketChannel server;
    private final Served served;
    private final Limits limits;
    private final String me;
    private final Set<Connection> connections = ConcurrentHashMap.newKeySet();
    private boolean over;

    private Channel(Path folder, Path place, ServerSocketChannel server, Served served, Limits limits, String me)
            throws IOException {
        this.folder = folder;
        this.place = place;
        this.key = key(place);
        this.server = server;
        this.served = served;
        this.limits = limits;
        this.me = me;
    }

    /**
     * Begins to listen.
     *
     * @param folder of the run
     * @param warn hears why nobody can speak to it, where that is so
     */
    public static Optional<Channel> open(Path folder, Served served, Consumer<String> warn) {
        return open(folder, served, warn, Limits.USUAL, Peer.me());
    }

    /** @param me the user whose clients are answered */
    static Optional<Channel> open(Path folder, Served served, Consumer<String> warn, Limits limits, String me) {
        try {
            Path place = SocketPlace.prepared(folder);
            // Of a process that was killed: this one holds the folder now.
            Files.deleteIfExists(place);
            ServerSocketChannel server = listen(place, limits);
            Channel channel = new Channel(folder, place, server, served, limits, me);
            Thread.ofVirtual().start(channel::accept);
            return Optional.of(channel);
        } catch (IOException | UnsupportedOperationException e) {
            warn.accept("nobody can speak to this run while it goes on (./kolotoc status, pause, save, ...): its socket"
                    + " can't be made: " + Printable.reason(e));
            return Optional.empty();
        }
    }

    private static ServerSocketChannel listen(Path place, Limits limits) throws IOException {
        ServerSocketChannel server = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
        boolean listens = false;
        try {
            server.bind(UnixDomainSocketAddress.of(place), limits.clients());
            // Until here others may have come in; each is asked who it is.
            if (place.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.setPosixFilePermissions(place, PosixFilePermissions.fromString("rw-------"));
            }
            listens = true;
            return server;
        } finally {
            if (!listens) {
                server.close();
            }
        }
    }

    private static Object key(Path place) throws IOException {
        return Files.readAttributes(place, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                .fileKey();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                take(server.accept());
            } catch (ClosedChannelException _) {
                return;
            } catch (IOException _) {
                // No file is left for it, as long as somebody has them all.
            }
            try {
                Thread.sleep(PAUSE_MILLISECONDS);
            } catch (InterruptedException _) {
                return;
            }
        }
    }

    private synchronized void take(SocketChannel client) throws IOException {
        if (over) {
            client.close();
            return;
        }
        Connection connection = new Connection(client, this, connections::remove);
        if (connections.size() >= limits.clients()) {
            connection.refuse(InputError.of(
                    limits.clients() + " clients speak to this run already", "wait until one of them has ended"));
            return;
        }
        connections.add(connection);
        connection.start();
    }

    /**
     * Refuses who is not this process's user.
     *
     * @throws InputError naming both
     */
    void requireOwn(SocketChannel client) throws IOException {
        Optional<String> user = Peer.user(client);
        if (user.isPresent() && !user.get().equals(me)) {
            throw InputError.of(
                    "the run of " + folder + " belongs to the user " + me + ", who alone may speak to it; this is "
                            + user.get(),
                    "ask " + me);
        }
    }

    /** Refuses more followers than may be. */
    void requireRoomToFollow() {
        if (connections.stream().filter(Connection::follows).count() > limits.followers()) {
            throw InputError.of(
                    limits.followers() + " clients follow this run already",
                    "wait until one of them has ended, or read " + folder.resolve("metrics.jsonl"));
        }
    }

    Served served() {
        return served;
    }

    Limits limits() {
        return limits;
    }

    Path folder() {
        return folder;
    }

    /** Lets those who follow hear of an event; waits for none of them. */
    public void tell(Event event) {
        if (!event.isProgress()) {
            connections.forEach(connection -> connection.tell(event));
        }
    }

    /** Listens no more; what is being answered has a moment for it. */
    @Override
    public void close() {
        try {
            server.close();
            if (Objects.equals(key, key(place))) {
                Files.delete(place);
            }
        } catch (IOException _) {
            // The folder was removed or moved: the socket with it.
        }
        synchronized (this) {
            over = true;
        }
        long deadline = System.nanoTime() + limits.grace().toNanos();
        connections.forEach(Connection::end);
        connections.forEach(connection -> connection.join(deadline));
    }
}
