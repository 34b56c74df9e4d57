package org.kolotoc.engine.folder;

import com.google.gson.JsonParseException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;

/**
 * Reads {@code metrics.jsonl} ({@code kolotoc.metrics/1}) line by line, in memory that does not depend on its length. A
 * last line without its end is being written, or was when the process ended, and is no line yet.
 */
public final class MetricsReader {
    public static final String FILE = "metrics.jsonl";

    /** No measure of any run takes so many bytes. */
    private static final int LONGEST = 1 << 20;

    private MetricsReader() {}

    /** Takes lines in their order. */
    @FunctionalInterface
    public interface Lines {
        /**
         * Takes a line.
         *
         * @param end bytes of the file up to its end
         */
        void take(MetricsLine line, long end);
    }

    /**
     * Reads all lines; none where there is no such file.
     *
     * @throws InputError when one is not as it must be, with its number and field
     */
    public static void read(Path file, Lines lines) throws IOException {
        read(file, Long.MAX_VALUE, lines);
    }

    /** Reads the lines of the first bytes. */
    static void read(Path file, long bytes, Lines lines) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] part = new byte[1 << 16];
            ByteArrayOutputStream line = new ByteArrayOutputStream();
            long end = 0;
            long number = 1;
            for (int count = in.read(part); count > 0 && end < bytes; count = in.read(part)) {
                int from = 0;
                for (int i = 0; i < count && end < bytes; i++) {
                    end++;
                    if (part[i] == '\n') {
                        line.write(part, from, i - from);
                        from = i + 1;
                        lines.take(parsed(file, number++, line.toByteArray()), end);
                        line.reset();
                    }
                }
                line.write(part, from, count - from);
                if (line.size() > LONGEST) {
                    throw fault(file, number, "has more than " + LONGEST + " bytes", null);
                }
            }
        } catch (NoSuchFileException _) {
            // A run that has measured nothing.
        }
    }

    private static MetricsLine parsed(Path file, long number, byte[] line) {
        try {
            return MetricsLine.of(Fields.of(line));
        } catch (JsonParseException e) {
            throw fault(file, number, e.getMessage(), e);
        }
    }

    private static InputError fault(Path file, long number, String what, Throwable cause) {
        return InputError.of(
                file + ", line " + number + ": " + what,
                "put the file back as the run wrote it; or begin a new run: ./kolotoc run "
                        + Printable.word(file.resolveSibling("experiment.json")),
                cause);
    }
}
