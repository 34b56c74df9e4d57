package org.kolotoc.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.kolotoc.launcher.trust.Gate;

/**
 * Jars of others: each is read whole and looked at before the framework gets these very bytes.
 *
 * @param gate knows what may run
 */
record Jars(Gate gate) {
    private static final int MOST_BYTES = 1 << 28;

    /**
     * Reads one.
     *
     * @param sha256 that it has to have; empty where any will do
     * @param next what to do where it has another
     * @throws Problem when it can't be read, was changed, or a policy does not let it run
     */
    byte[] read(Path jar, String sha256, String next) {
        requireReadable(jar);
        byte[] content;
        try (InputStream in = Files.newInputStream(jar)) {
            content = in.readNBytes(MOST_BYTES + 1);
        } catch (IOException e) {
            throw unreadable(jar, e);
        }
        if (content.length > MOST_BYTES) {
            throw new Problem("bundle " + jar + " has more than " + (MOST_BYTES >> 20) + " MiB; take it out");
        }
        if (!sha256.isEmpty() && !Hashes.of(content).equals(sha256)) {
            throw new Problem("bundle " + jar + " was changed on the disk since it was installed: SHA-256 "
                    + Hashes.of(content) + ", recorded " + sha256 + "; do: " + next);
        }
        List<String> fault = gate.apply(content);
        if (!fault.isEmpty()) {
            throw new Problem("bundle " + jar + " " + fault.getFirst() + "; do: " + fault.getLast());
        }
        return content;
    }

    static void requireReadable(Path jar) {
        if (!Files.exists(jar)) {
            throw new Problem("bundle " + jar + " is not there; do: look at the path, or take it out");
        }
        if (!Files.isRegularFile(jar)) {
            throw new Problem("bundle " + jar + " is no file; a jar file is expected");
        }
        if (!Files.isReadable(jar)) {
            throw new Problem("bundle " + jar + " cannot be read; do: chmod u+r " + jar);
        }
    }

    static Problem unreadable(Path jar, IOException e) {
        return new Problem("bundle " + jar + " cannot be read: " + e.getMessage(), e);
    }
}
