package org.kolotoc.engine.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * What whoever started the process is to tell when it ends under a run's hands: a line in a file that the system property
 * {@code kolotoc.note} names, where there is one.
 */
final class Note {
    private Note() {}

    /** Notes how to go on with a run of which nobody will know more. Into a fresh file: its folder is everybody's. */
    static void begin(Path folder) throws IOException {
        String file = System.getProperty("kolotoc.note", "");
        if (!file.isEmpty()) {
            Files.writeString(
                    Path.of(file),
                    "./kolotoc run --resume " + folder + "   (if it has a checkpoint)\n",
                    StandardOpenOption.CREATE_NEW,
                    StandardOpenOption.WRITE);
        }
    }
}
