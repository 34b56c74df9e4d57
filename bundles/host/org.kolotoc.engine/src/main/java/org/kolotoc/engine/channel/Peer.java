package org.kolotoc.engine.channel;

import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.util.Optional;
import jdk.net.ExtendedSocketOptions;

/** Who is at the other end of a socket, as the system says. */
final class Peer {
    private Peer() {}

    /** The user of this process. */
    static String me() {
        return ProcessHandle.current().info().user().orElseGet(() -> System.getProperty("user.name"));
    }

    /** The user of the process at the other end; empty where the system does not tell. */
    static Optional<String> user(SocketChannel socket) throws IOException {
        return socket.supportedOptions().contains(ExtendedSocketOptions.SO_PEERCRED)
                ? Optional.of(socket.getOption(ExtendedSocketOptions.SO_PEERCRED)
                        .user()
                        .getName())
                : Optional.empty();
    }
}
