package org.kolotoc.engine.isolate;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.kolotoc.engine.Failure;
import org.kolotoc.engine.event.Client;

/**
 * The side of a run's process: what there is to tell goes to the host, which tells people. Over standard output, behind a mark
 * that the host drew, since plugins may print there too.
 */
public final class Relay {
    /** System property with the mark; a process that has none tells people itself. */
    static final String MARK = "kolotoc.relay";

    private final String mark;
    private final FileOutputStream out = new FileOutputStream(FileDescriptor.out);

    private Relay(String mark) {
        this.mark = mark;
    }

    /** That of this process; nothing where no host waits for what it tells. */
    public static Optional<Relay> ofThisProcess() {
        return Optional.ofNullable(System.getProperty(MARK)).map(Relay::new);
    }

    /** Tells every event. */
    public Client client(BooleanSupplier stop) {
        return new Client(stop, event -> tell(Wire.line(event)));
    }

    /** Tells how the run ended. */
    public void tell(Outcome outcome) {
        tell(Wire.line(outcome));
    }

    /** Tells why there is no such end. */
    public void tell(Failure failure) {
        tell(Wire.line(failure));
    }

    private synchronized void tell(String line) {
        try {
            out.write((mark + line + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException("the host of this run's process is gone", e);
        }
    }
}
