package org.kolotoc.engine.suite;

import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.folder.InUse;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Listing;

/**
 * {@code suite.jsonl}: a line when the run of an experiment begins, and one with what became of it. The folder is this process's own
 * until the log is closed. A line that a killed process did not finish is cut off.
 */
final class SuiteLog implements AutoCloseable {
    static final String FILE = "suite.jsonl";

    private static final String EXPERIMENT = "experiment";
    private static final String STATE = "state";
    private static final String BEGUN = "begun";
    private static final String SECONDS = "seconds";
    private static final String RUN = "run";
    private static final String KEY = "key";
    private static final String REASON = "reason";

    private final InUse held;
    private final FileChannel channel;
    private final List<Entry> entries = new ArrayList<>();

    /** A line; without a state it says that a run begins. */
    private record Entry(Optional<Row.State> state, Row row) {}

    private SuiteLog(InUse held, FileChannel channel) {
        this.held = held;
        this.channel = channel;
    }

    /**
     * Takes the log of a folder, which is made where there is none.
     *
     * @throws InputError when the folder is no suite's, another process has it, or a line is not as it must be
     */
    static SuiteLog open(Path folder) throws IOException {
        Path file = folder.resolve(FILE);
        if (Files.exists(folder) && !Files.isDirectory(folder)) {
            throw InputError.of(folder + " is a file; expected the folder of a suite", "--out <folder>");
        }
        Files.createDirectories(folder);
        if (!Files.exists(file) && Listing.of(folder).stream().anyMatch(other -> !other.endsWith(InUse.FILE))) {
            throw InputError.of(
                    folder + " is not empty, and no suite's: it has no " + FILE,
                    "give an empty or new folder: --out <folder>");
        }
        InUse held = InUse.take(folder, "folder");
        FileChannel channel = null;
        boolean opened = false;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            SuiteLog log = new SuiteLog(held, channel);
            log.read(file);
            opened = true;
            return log;
        } finally {
            if (!opened) {
                try (held) {
                    if (channel != null) {
                        channel.close();
                    }
                }
            }
        }
    }

    private void read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int from = 0;
        int line = 1;
        for (int at = 0; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                try {
                    entries.add(entry(Fields.of(Arrays.copyOfRange(bytes, from, at))));
                } catch (JsonParseException | IllegalArgumentException e) {
                    throw InputError.of(
                            file + ", line " + line + ": " + e.getMessage(),
                            "remove that line: its experiment is run anew",
                            e);
                }
                from = at + 1;
                line++;
            }
        }
        channel.truncate(from).position(from);
    }

    private static Entry entry(Fields fields) {
        String state = fields.text(STATE);
        Optional<Row.State> found = Arrays.stream(Row.State.values())
                .filter(known -> known.label().equals(state))
                .findFirst();
        if (found.isEmpty() && !state.equals(BEGUN)) {
            throw new JsonParseException("$." + STATE + " is \"" + state + "\"; expected what became of an experiment");
        }
        return new Entry(
                found,
                new Row(
                        fields.text(EXPERIMENT),
                        found.orElse(Row.State.NOT_EVALUATED),
                        fields.json().get(SECONDS).getAsDouble(),
                        fields.text(RUN),
                        fields.text(KEY),
                        fields.text(REASON)));
    }

    /** What is known last of an experiment as it is now; nothing where it was another then. */
    Optional<Row> last(String experiment, String key) {
        return entries.stream()
                .filter(entry -> entry.state().isPresent())
                .map(Entry::row)
                .filter(row -> row.experiment().equals(experiment) && row.key().equals(key))
                .reduce((_, later) -> later);
    }

    /** The folder in which an experiment as it is now was begun last. */
    Optional<String> run(String experiment, String key) {
        return entries.stream()
                .map(Entry::row)
                .filter(row -> row.experiment().equals(experiment)
                        && row.key().equals(key)
                        && !row.run().isEmpty())
                .map(Row::run)
                .reduce((_, later) -> later);
    }

    /** The folder in which an experiment of that name was begun as another. */
    Optional<String> other(String experiment, String key) {
        return entries.stream()
                .map(Entry::row)
                .filter(row -> row.experiment().equals(experiment)
                        && !row.key().equals(key)
                        && !row.run().isEmpty())
                .map(Row::run)
                .findFirst();
    }

    /** Notes where an experiment is run from now on. */
    void begun(String experiment, String run, String key) throws IOException {
        add(new Entry(Optional.empty(), new Row(experiment, Row.State.NOT_EVALUATED, 0, run, key, "")));
    }

    /** Notes what became of one. */
    void ended(Row row) throws IOException {
        add(new Entry(Optional.of(row.state()), row));
    }

    private void add(Entry entry) throws IOException {
        entries.add(entry);
        String state = entry.state().map(Row.State::label).orElse(BEGUN);
        ByteBuffer line = ByteBuffer.wrap((json(entry.row(), state) + "\n").getBytes(StandardCharsets.UTF_8));
        while (line.hasRemaining()) {
            channel.write(line);
        }
        channel.force(false);
    }

    /** A row as a line of JSON. */
    static String json(Row row) {
        return json(row, row.state().label());
    }

    private static String json(Row row, String state) {
        JsonObject json = new JsonObject();
        json.addProperty(EXPERIMENT, row.experiment());
        json.addProperty(STATE, state);
        json.addProperty(SECONDS, Math.round(row.seconds() * 1e3) / 1e3);
        json.addProperty(RUN, row.run());
        json.addProperty(KEY, row.key());
        json.addProperty(REASON, row.reason());
        return new GsonBuilder().disableHtmlEscaping().create().toJson(json);
    }

    @Override
    public void close() throws IOException {
        try (held) {
            channel.close();
        }
    }
}
