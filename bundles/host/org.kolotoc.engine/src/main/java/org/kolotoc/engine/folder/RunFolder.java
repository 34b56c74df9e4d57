package org.kolotoc.engine.folder;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Sample;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Checkpoints;
import org.kolotoc.engine.state.Disk;
import org.kolotoc.engine.state.Listing;
import org.kolotoc.engine.state.StepFolder;

/** The folder of one run, held by this process until it is closed. */
public final class RunFolder implements AutoCloseable {
    public static final String EXPERIMENT = "experiment.json";
    public static final String LOCK = "lock.json";
    public static final String VERDICT = "verdict.json";
    public static final String REPORT = "report.html";
    public static final String PICTURE = "experiment.svg";

    /** Of the socket over which people speak to a run while it goes on. */
    public static final String SOCKET = "control.sock";

    /** Of the folder in a run's folder that has the jars of its plugins. */
    public static final String BUNDLES = "bundles";

    public static final String SAMPLES = "samples";
    static final String SUPERSEDED = "superseded";

    /** Keeps nulls: a measure that was not taken, a control that nothing refused. */
    private static final Gson GSON = new GsonBuilder()
            .setPrettyPrinting()
            .disableHtmlEscaping()
            .serializeNulls()
            .create();

    private final Path path;
    private final InUse held;
    private final Disk disk;
    private final AtomicBoolean closed = new AtomicBoolean();

    private RunFolder(Path path, InUse held, Disk disk) {
        this.path = path;
        this.held = held;
        this.disk = disk;
    }

    /**
     * A run that is there. What a process left that ended in the middle of something is taken or cleaned.
     *
     * @throws InputError when the folder is no run's, holds what is not its own, or another process works in it
     */
    public static RunFolder existing(Path path) {
        return existing(path, Disk.SYSTEM);
    }

    static RunFolder existing(Path path, Disk disk) {
        require(path);
        try {
            RunFolder folder = new RunFolder(path, InUse.take(path), disk);
            boolean mended = false;
            try {
                folder.mend();
                mended = true;
                return folder;
            } finally {
                if (!mended) {
                    folder.close();
                }
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /**
     * Refuses what is no run folder, or holds what is not its own.
     *
     * @throws InputError naming what was found
     */
    private static void require(Path path) {
        if (!isRun(path)) {
            throw InputError.of(
                    path + " is no run folder: it has no " + EXPERIMENT, "give the folder that a run wrote");
        }
        requireOwnFiles(path);
    }

    /** Whether a folder is a run's. */
    public static boolean isRun(Path path) {
        return Files.exists(path.resolve(EXPERIMENT), LinkOption.NOFOLLOW_LINKS);
    }

    private static void requireOwnFiles(Path path) {
        try {
            OwnFiles.require(path);
        } catch (IOException e) {
            throw InputError.of(
                    "the run folder " + path + " can't be read: " + Printable.reason(e),
                    "see that you may read all of it",
                    e);
        }
    }

    /**
     * Looks at a run that may be going on, to read from it or to put something beside its work. The end of a process that
     * could not note it is noted now.
     *
     * @throws InputError when the folder is no run's, or holds what is not its own
     */
    public static void look(Path path) {
        require(path);
        try {
            Optional<InUse> free = Status.saysRunning(path) ? InUse.ifFree(path) : Optional.empty();
            if (free.isPresent()) {
                try (RunFolder folder = new RunFolder(path, free.get(), Disk.SYSTEM)) {
                    folder.mend();
                }
            }
        } catch (IOException _) {
            // A folder that may only be read is left as it is.
        }
    }

    /**
     * Looks at a run and leaves it as it is.
     *
     * @throws InputError when the folder is no run's, or holds what is not its own
     */
    public static void inspect(Path path) {
        require(path);
    }

    /** The process that works in a folder, or {@code ?}; empty where none does, or nobody can tell. */
    public static Optional<String> heldBy(Path path) {
        try {
            Optional<InUse> free = InUse.ifFree(path);
            if (free.isPresent()) {
                free.get().close();
                return Optional.empty();
            }
            return Optional.of(InUse.holder(path.toRealPath()));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    /** Does {@link #look} where a folder is a run's. */
    public static void lookAtRun(Path path) {
        if (isRun(path)) {
            look(path);
        }
    }

    private void mend() throws IOException {
        Checkpoints checkpoints = new Checkpoints(path, disk);
        checkpoints.mend();
        for (String file : OwnFiles.FILES) {
            Atomic.remove(disk, path.resolve(file + Atomic.PART));
        }
        for (Path jar : Listing.of(path.resolve(BUNDLES))) {
            if (jar.getFileName().toString().endsWith(Atomic.PART)) {
                Atomic.remove(disk, jar);
            }
        }
        Atomic.remove(disk, path.resolve(SOCKET));
        new Status(this).mend(checkpoints.steps().stream().reduce(0L, Math::max));
    }

    /**
     * A new folder.
     *
     * @param out given by the user, else one below {@code runs} is made
     * @throws InputError when it can't be made or holds something already
     */
    public static RunFolder create(Optional<Path> out, Path project, String name, long seed) {
        Path path = out.orElseGet(() -> free(project.resolve("runs").resolve(name + "-" + seed + "-" + stamp())));
        try {
            if (Files.exists(path) && !Files.isDirectory(path)) {
                throw InputError.of("the output folder " + path + " is a file", "give a folder: --out <folder>");
            }
            Files.createDirectories(path);
            // Before a file is made in what may be somebody's folder, and once it is ours.
            requireEmpty(path);
            requireOwnFiles(path);
            RunFolder folder = new RunFolder(path, InUse.take(path), Disk.SYSTEM);
            boolean begun = false;
            try {
                requireEmpty(path);
                new Status(folder).write(Status.State.RUNNING, 0);
                begun = true;
                return folder;
            } finally {
                if (!begun) {
                    folder.close();
                }
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static void requireEmpty(Path path) throws IOException {
        if (Listing.of(path.toRealPath()).stream().anyMatch(file -> !file.endsWith(InUse.FILE))) {
            throw InputError.of("the output folder " + path + " is not empty", instead(path));
        }
    }

    private static String instead(Path path) {
        if (!isRun(path)) {
            return "give an empty or new folder: --out <folder>";
        }
        Optional<String> process = heldBy(path);
        if (process.isPresent()) {
            return "process " + process.get() + " writes a run there; give another folder: --out <folder>";
        }
        return hasCheckpoint(path)
                ? "go on with that run: ./kolotoc run --resume " + Printable.word(path) + "; or give another folder"
                : "it holds a run that saved nothing: remove it, or give another folder: --out <folder>";
    }

    /** Whether a run has something to go on from. */
    public static boolean hasCheckpoint(Path path) {
        return !new Checkpoints(path).steps().isEmpty();
    }

    static String stamp() {
        return LocalDateTime.now().format(DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss", Locale.ROOT));
    }

    static Path free(Path wanted) {
        Path path = wanted;
        for (int i = 2; Files.exists(path); i++) {
            path = wanted.resolveSibling(wanted.getFileName() + "-" + i);
        }
        return path;
    }

    /** The message for a folder that takes no more. */
    public static InputError unwritable(Path path, IOException cause) {
        return InputError.of(
                "the output folder " + path + " can't be written: " + Printable.reason(cause),
                hasCheckpoint(path)
                        ? "make room, then go on from the last checkpoint: ./kolotoc run --resume "
                                + Printable.word(path)
                        : "make room or give another folder: --out <folder>",
                cause);
    }

    public Path path() {
        return path;
    }

    Disk disk() {
        return disk;
    }

    /**
     * Refuses to go on where the folder was removed, moved or replaced under the run. Asks the system about one file.
     *
     * @throws InputError saying so, and where its checkpoints are if that can be known
     * @throws IllegalStateException when it was given back: somebody else may hold it by now
     */
    public void requireThere() {
        if (closed.get()) {
            throw new IllegalStateException("the run folder " + path + " was given back");
        }
        if (held.isThere()) {
            return;
        }
        Optional<Path> now = held.nowAt();
        String what = now.isPresent() ? "moved" : "removed";
        throw InputError.of(
                "the run folder " + path + " was "
                        + (Files.exists(path) ? what + " or its process.lock replaced" : what)
                        + " while the run went on, which ends here",
                now.filter(RunFolder::hasCheckpoint)
                        .map(folder ->
                                "go on from its last checkpoint: ./kolotoc run --resume " + Printable.word(folder))
                        .orElseGet(() -> now.map(folder -> "it is now " + folder
                                        + ", and has no checkpoint yet; begin a" + " new run: ./kolotoc run "
                                        + Printable.word(folder.resolve(EXPERIMENT)))
                                .orElse("begin a new run, and leave its folder alone until it ends")));
    }

    public void write(String file, JsonElement json) throws IOException {
        write(file, GSON.toJson(json) + "\n");
    }

    /** The same with text. */
    public void write(String file, String text) throws IOException {
        requireThere();
        Atomic.write(disk, path.resolve(file), text.getBytes(StandardCharsets.UTF_8));
    }

    /** Removes a file, if it is there. */
    public void remove(String file) throws IOException {
        requireThere();
        Atomic.remove(disk, path.resolve(file));
    }

    /** Keeps the jar of a plugin: {@code bundles/hello-1.0.0-0a1b2c3d.jar}. */
    public void keep(String name, byte[] jar) throws IOException {
        requireThere();
        disk.needFolder(path.resolve(BUNDLES));
        Atomic.write(disk, path.resolve(BUNDLES).resolve(name), jar);
    }

    /**
     * Writes the samples of a step: {@code samples/step-00000250/0.txt}, or {@code samples/step-00000250/faces/0.png}.
     *
     * @param name of whoever drew them; empty where there is one alone
     */
    public void samples(String name, long step, List<Sample> samples) throws IOException {
        requireThere();
        Path folder = path.resolve(SAMPLES).resolve(StepFolder.name(step));
        disk.needFolder(folder.getParent());
        disk.needFolder(folder);
        if (!name.isEmpty()) {
            folder = folder.resolve(name);
            disk.needFolder(folder);
        }
        for (int i = 0; i < samples.size(); i++) {
            Atomic.write(
                    disk,
                    folder.resolve(i + "." + samples.get(i).fileEnding()),
                    samples.get(i).content());
        }
    }

    /**
     * Writes what an evaluation showed beside the samples of its step: {@code samples/step-00000250/arena/leaderboard.txt}.
     *
     * @param name with slashes for folders
     * @return the file, as seen from here
     */
    public String shown(String name, long step, Sample sample) throws IOException {
        requireThere();
        Path folder = path.resolve(SAMPLES).resolve(StepFolder.name(step));
        disk.needFolder(folder.getParent());
        disk.needFolder(folder);
        String[] parts = name.split("/");
        for (int i = 0; i < parts.length - 1; i++) {
            folder = folder.resolve(parts[i]);
            disk.needFolder(folder);
        }
        Path file = folder.resolve(parts[parts.length - 1] + "." + sample.fileEnding());
        Atomic.write(disk, file, sample.content());
        return path.relativize(file).toString();
    }

    /** A file of JSON; nothing where it is missing or broken. */
    public Optional<JsonObject> read(String file) {
        try {
            return Optional.of(Fields.read(path.resolve(file)).json());
        } catch (IOException | JsonParseException _) {
            return Optional.empty();
        }
    }

    /**
     * Moves what came after a step to {@code superseded/<time>}, so that nothing takes it for part of the run that goes on
     * from there: later checkpoints and samples, a copy of the metrics, what probes read, and a verdict.
     *
     * @param anew whether the run gets another verdict even if nothing came after the step
     * @param metrics whether lines of metrics come after it
     * @return what was moved and where, or empty
     */
    public Optional<String> supersede(long step, boolean anew, boolean metrics) throws IOException {
        return new Superseded(path, disk).set(step, anew, metrics);
    }

    /** May be called again, and by any thread. */
    @Override
    public void close() throws IOException {
        if (closed.compareAndSet(false, true)) {
            held.close();
        }
    }
}
