package org.kolotoc.engine.ledger;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.json.Fields;

/** {@code ledger.jsonl} of a run folder. A run in which nothing was noted has none. */
public final class LedgerFile {
    public static final String FILE = "ledger.jsonl";

    /** Bytes that no ledger has. */
    private static final int MOST = 1 << 24;

    private LedgerFile() {}

    /**
     * The lines in a folder; none where there is no such file.
     *
     * @throws InputError when one is not as it must be, with line and field
     */
    public static List<Line> read(Path run) throws IOException {
        Path file = run.resolve(FILE);
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        byte[] text;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            text = in.readNBytes(MOST + 1);
        }
        if (text.length > MOST) {
            throw fault(file, 1, "the file has more than " + MOST + " bytes", null);
        }
        List<Line> lines = new ArrayList<>();
        int from = 0;
        for (int i = 0; i < text.length; i++) {
            if (text[i] == '\n') {
                lines.add(line(file, lines.size() + 1, Arrays.copyOfRange(text, from, i)));
                from = i + 1;
            }
        }
        return lines;
    }

    private static Line line(Path file, int number, byte[] utf8) {
        try {
            return Line.of(Fields.of(utf8));
        } catch (JsonParseException e) {
            throw fault(file, number, e.getMessage(), e);
        }
    }

    private static InputError fault(Path file, int line, String what, Exception cause) {
        return InputError.of(
                file + ", line " + line + ": " + what,
                "mend that line, or remove it: the run goes on, and only what it says is lost",
                cause);
    }

    /** The text of a file. */
    public static String text(List<Line> lines) {
        StringBuilder text = new StringBuilder();
        lines.forEach(line -> text.append(line.json()).append('\n'));
        return text.toString();
    }
}
