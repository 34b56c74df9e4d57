package org.kolotoc.engine.folder;

import com.google.gson.JsonParseException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.function.Consumer;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Disk;

/**
 * Writes {@code probes.jsonl} ({@code kolotoc.probes/1}), a line for each reading, and the newest pictures below {@code probes}.
 * They are no part of what a run is held against: there is no such file as long as nobody looks into the run.
 */
public final class ProbesLog implements AutoCloseable {
    public static final String FILE = "probes.jsonl";

    /** Of the folder with pictures. */
    public static final String FOLDER = "probes";

    private final RunFolder folder;
    private FileChannel channel;

    public ProbesLog(RunFolder folder) {
        this.folder = folder;
    }

    /** Writes a line, behind those that are there. */
    public void write(ProbesLine line) throws IOException {
        folder.requireThere();
        if (channel == null) {
            channel = folder.disk()
                    .open(
                            folder.path().resolve(FILE),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.APPEND);
        }
        ByteBuffer rest = ByteBuffer.wrap((line.json() + "\n").getBytes(StandardCharsets.UTF_8));
        while (rest.hasRemaining()) {
            channel.write(rest);
        }
    }

    /**
     * Writes a picture in the place of the one before: {@code probes/attention/train/block0.attention.png}.
     *
     * @return its path in the run's folder
     */
    public String picture(String probe, String program, String name, Sample picture) throws IOException {
        folder.requireThere();
        Path place = folder.path();
        for (String part : new String[] {FOLDER, fileName(probe), fileName(program)}) {
            place = place.resolve(part);
            folder.disk().needFolder(place);
        }
        Path file = place.resolve(fileName(name) + "." + picture.fileEnding());
        Atomic.write(folder.disk(), file, picture.content());
        return folder.path().relativize(file).toString().replace('\\', '/');
    }

    /** A plugin names what it likes. */
    private static String fileName(String name) {
        String safe = name.replaceAll("[^A-Za-z0-9._#-]", "_").replaceFirst("^\\.", "_");
        return safe.substring(0, Math.min(100, safe.length()));
    }

    /** Reads all lines that are whole; a run that goes on may be writing one, and others are left out. */
    public static void read(Path run, Consumer<ProbesLine> lines) throws IOException {
        Path file = run.resolve(FILE);
        if (!Files.isRegularFile(file)) {
            return;
        }
        try (BufferedReader reader = Files.newBufferedReader(file)) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                try {
                    lines.accept(ProbesLine.of(Fields.of(line.getBytes(StandardCharsets.UTF_8))));
                } catch (JsonParseException _) {
                    // Half a line, or of another version.
                }
            }
        }
    }

    /** Leaves out what was read after a step; a line that is no reading goes too. */
    static void keep(Disk disk, Path run, long step) throws IOException {
        StringBuilder kept = new StringBuilder();
        read(run, line -> {
            if (line.step() <= step) {
                kept.append(line.json()).append('\n');
            }
        });
        Atomic.write(disk, run.resolve(FILE), kept.toString().getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public void close() throws IOException {
        if (channel != null) {
            channel.close();
            channel = null;
        }
    }
}
