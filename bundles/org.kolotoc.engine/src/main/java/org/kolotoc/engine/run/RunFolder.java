package org.kolotoc.engine.run;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Comparator;
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
        String stamp = LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss"));
        Path path = out.orElseGet(() -> free(project.resolve("runs").resolve(name + "-" + seed + "-" + stamp)));
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

    /** Removes samples of steps that are taken again. */
    void dropSamplesAfter(long step) throws IOException {
        Path folder = path.resolve("samples");
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(f -> stepOf(f) > step).toList()) {
                try (Stream<Path> tree = Files.walk(file)) {
                    for (Path part : tree.sorted(Comparator.reverseOrder()).toList()) {
                        Files.delete(part);
                    }
                }
            }
        }
    }

    private static long stepOf(Path folder) {
        String name = folder.getFileName().toString();
        return name.matches("step-\\d+") ? Long.parseLong(name.substring(5)) : -1;
    }

    @Override
    public void close() throws IOException {
        held.close();
    }
}
