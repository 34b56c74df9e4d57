package org.kolotoc.engine.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.state.Atomic;

/** The folder of one run, held by this process until it is closed. */
public final class RunFolder implements AutoCloseable {
    /** Keeps nulls: a measure that was not taken, a control that nothing refused. */
    public static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    /** How much of what was set aside is named. */
    private static final int NAMED = 5;

    private final Path path;
    private final InUse held;

    private RunFolder(Path path, InUse held) {
        this.path = path;
        this.held = held;
    }

    /**
     * A run that is there.
     *
     * @throws InputError when the folder is no run's or another process works in it
     */
    static RunFolder existing(Path path) {
        if (!Files.isRegularFile(path.resolve("experiment.json"))) {
            throw InputError.of(
                    path + " is no run folder: it has no experiment.json", "give the folder that a run wrote");
        }
        try {
            return new RunFolder(path, InUse.take(path));
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /**
     * A new folder.
     *
     * @param out given by the user, else one below {@code runs} is made
     * @throws InputError when it can't be made or holds something already
     */
    static RunFolder create(Optional<Path> out, Path project, String name, long seed) {
        Path path = out.orElseGet(() -> free(project.resolve("runs").resolve(name + "-" + seed + "-" + stamp())));
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw InputError.of("the output folder " + path + " is a file", "give a folder: --out <folder>");
            }
            Files.createDirectories(path);
            // Before a file is made in what may be somebody's folder, and once it is ours.
            requireEmpty(path);
            InUse held = InUse.take(path);
            try {
                requireEmpty(path);
                Atomic.write(path.resolve("run.json"), "{}\n");
            } catch (IOException | InputError e) {
                held.close();
                throw e;
            }
            return new RunFolder(path, held);
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static void requireEmpty(Path path) throws IOException {
        try (Stream<Path> files = Files.list(path)) {
            if (files.anyMatch(file -> !file.endsWith(InUse.FILE))) {
                throw InputError.of(
                        "the output folder " + path + " is not empty",
                        Files.exists(path.resolve("checkpoints"))
                                ? "go on with that run: ./kolotoc run --resume " + path + "; or give another folder"
                                : "give an empty or new folder: --out <folder>");
            }
        }
    }

    private static String stamp() {
        return LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
    }

    private static Path free(Path wanted) {
        Path path = wanted;
        for (int i = 2; Files.exists(path); i++) {
            path = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return path;
    }

    /** The message for a folder that takes no more. */
    static InputError unwritable(Path path, IOException cause) {
        return InputError.of(
                "the output folder " + path + " can't be written: " + reason(cause),
                Files.isDirectory(path.resolve("checkpoints"))
                        ? "make room, then go on from the last checkpoint: ./kolotoc run --resume " + path
                        : "make room or give another folder: --out <folder>",
                cause);
    }

    /** The system's words: {@code No space left on device}, with the file where it says which. */
    private static String reason(IOException cause) {
        if (cause instanceof FileSystemException system && system.getReason() == null) {
            String what = switch (system) {
                case AccessDeniedException _ -> "access is denied";
                case FileAlreadyExistsException _ -> "there is a file already";
                case NoSuchFileException _ -> "there is no such folder";
                default -> "the system refuses";
            };
            return system.getFile() + ": " + what;
        }
        return cause.getMessage();
    }

    public Path path() {
        return path;
    }

    void write(String file, JsonElement json) throws IOException {
        Atomic.write(path.resolve(file), GSON.toJson(json) + "\n");
    }

    /** Writes the samples of a step: {@code samples/step-00000250/0.txt}. */
    void samples(long step, List<Sample> samples) throws IOException {
        Path folder = path.resolve("samples").resolve(String.format("step-%08d", step));
        Files.createDirectories(folder);
        for (int i = 0; i < samples.size(); i++) {
            String ending = samples.get(i).mediaType().equals("text/plain") ? ".txt" : ".bin";
            Atomic.write(folder.resolve(i + ending), samples.get(i).content());
        }
    }

    /** A file of JSON; nothing where it is missing or broken. */
    Optional<JsonObject> read(String file) {
        try {
            return JsonParser.parseString(Files.readString(path.resolve(file))) instanceof JsonObject object
                    ? Optional.of(object)
                    : Optional.empty();
        } catch (IOException | JsonParseException _) {
            return Optional.empty();
        }
    }

    /**
     * Moves what came after a step to {@code superseded/<time>}, so that nothing takes it for part of the run that goes on
     * from there: later checkpoints and samples, with a copy of the metrics, and a verdict.
     *
     * @param anew whether the run gets another verdict even if nothing came after the step
     * @return what was moved and where, or empty
     */
    Optional<String> supersede(long step, boolean anew) throws IOException {
        List<Path> later = new ArrayList<>();
        for (String part : List.of("checkpoints", "samples")) {
            if (Files.isDirectory(path.resolve(part))) {
                try (Stream<Path> files = Files.list(path.resolve(part))) {
                    files.filter(file -> stepOf(file) > step).sorted().forEach(later::add);
                }
            }
        }
        boolean back = !later.isEmpty();
        if ((back || anew) && Files.exists(path.resolve("verdict.json"))) {
            Stream.of("verdict.json", "report.html")
                    .map(path::resolve)
                    .filter(Files::exists)
                    .forEach(later::add);
        }
        if (later.isEmpty()) {
            return Optional.empty();
        }
        Path aside = free(path.resolve("superseded").resolve(stamp()));
        Files.createDirectories(aside);
        if (back && Files.exists(path.resolve(MetricsLog.FILE))) {
            Files.copy(path.resolve(MetricsLog.FILE), aside.resolve(MetricsLog.FILE));
        }
        for (Path file : later.reversed()) {
            Path target = aside.resolve(path.relativize(file));
            Files.createDirectories(target.getParent());
            Files.move(file, target);
        }
        List<String> names =
                later.stream().map(file -> path.relativize(file).toString()).toList();
        return Optional.of("set aside what came after step " + step + ": "
                + String.join(", ", names.subList(0, Math.min(NAMED, names.size())))
                + (names.size() > NAMED ? " and " + (names.size() - NAMED) + " more" : "") + " (now in " + aside + ")");
    }

    private static long stepOf(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches("step-\\d{8,18}") ? Long.parseLong(name.substring(5)) : -1;
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
