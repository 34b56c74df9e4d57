package org.kolotoc.engine.channel;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.event.EventLine;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Listing;

/** A run that goes on in some process of this user, to be spoken to. Each question has a connection of its own. */
public final class Live {
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final long LOOK_NANOSECONDS = 50_000_000;

    /** Bytes of an answer at most: samples may be pictures. */
    private static final int MOST = 1 << 28;

    private final Path folder;
    private final Duration patience;
    private final Consumer<String> waiting;

    private Live(Path folder, Duration patience, Consumer<String> waiting) {
        this.folder = folder;
        this.patience = patience;
        this.waiting = waiting;
    }

    /**
     * The run of a folder. Whether it goes on is found when it is asked.
     *
     * @param waiting hears what the run is at, as long as an answer takes, and nothing (an empty text) once it is there
     * @throws InputError when there is no such folder, it is no run's, or it holds what is not its own
     */
    public static Live of(Path folder, Consumer<String> waiting) {
        return of(folder, PATIENCE, waiting);
    }

    /** @param patience for each line of an answer */
    static Live of(Path folder, Duration patience, Consumer<String> waiting) {
        if (!Files.exists(folder)) {
            throw InputError.of(
                    "there is no folder " + folder + "; expected that of a run that goes on",
                    "./kolotoc status lists the runs that go on");
        }
        RunFolder.look(folder);
        return new Live(folder, patience, waiting);
    }

    /**
     * Runs that listen, in a folder that is a run's or has those of runs.
     *
     * @param folder there or not
     */
    public static List<Live> below(Path folder) {
        List<Path> candidates = new ArrayList<>(List.of(folder));
        try {
            candidates.addAll(Listing.of(folder));
        } catch (IOException _) {
            // There are none.
        }
        return candidates.stream()
                .filter(Live::listens)
                .sorted()
                .map(run -> new Live(run, PATIENCE, _ -> {}))
                .toList();
    }

    private static boolean listens(Path folder) {
        if (!Files.isDirectory(folder) || !RunFolder.isRun(folder)) {
            return false;
        }
        try (SocketChannel socket = connect(folder)) {
            return socket.isConnected();
        } catch (IOException _) {
            return false;
        }
    }

    /** A link in a folder would lead to another run. */
    private static SocketChannel connect(Path folder) throws IOException {
        Path place = SocketPlace.of(folder);
        if (Files.isSymbolicLink(place) || !Files.exists(place, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException("there is no socket " + place);
        }
        SocketChannel socket = SocketChannel.open(StandardProtocolFamily.UNIX);
        boolean connected = false;
        try {
            connected = socket.connect(UnixDomainSocketAddress.of(place));
            return socket;
        } finally {
            if (!connected) {
                socket.close();
            }
        }
    }

    public Path folder() {
        return folder;
    }

    /** How it is. */
    public RunStatus status() {
        return ask("status", RunStatus.class);
    }

    /**
     * Lets it wait before its next step.
     *
     * @return the last one that it took
     */
    public long pause() {
        return ask("pause", Long.class);
    }

    /**
     * Lets it go on after {@link #pause}.
     *
     * @return whether it waited
     */
    public boolean go() {
        return ask("go", Boolean.class);
    }

    /**
     * Has a checkpoint written before its next step.
     *
     * @return the step, once it is written
     */
    public long save() {
        return ask("save", Long.class);
    }

    /**
     * Ends it, saved, and waits until its folder is free for whoever goes on with it.
     *
     * @return what it had to say at its end
     */
    public String stop() {
        String end = ask("stop", String.class);
        long deadline = System.nanoTime() + patience.toNanos();
        while (RunFolder.heldBy(folder).isPresent() && System.nanoTime() < deadline) {
            LockSupport.parkNanos(LOOK_NANOSECONDS);
        }
        return end;
    }

    /**
     * Measures before its next step on held-out data what its phase measures. Nothing of the run changes by it: neither its
     * states nor its {@code metrics.jsonl}.
     */
    public Evaluation evaluate() {
        return ask("evaluate", Evaluation.class);
    }

    /**
     * Has samples drawn before its next step, as many as the experiment says, from random numbers of their own. Nothing of the
     * run changes by it.
     *
     * @param name which of the experiment's samples; the first if empty
     */
    public Drawn sample(Optional<String> name) {
        return ask("sample", name.map(given -> Map.of("name", given)).orElse(Map.of()), Drawn.class);
    }

    /**
     * Puts another bundle into a seat, between two steps; the run goes on with what it has learned.
     *
     * @param seat {@code phase:pretrain}, or {@code phase} where there is one of that kind
     * @param jar of the bundle, which the run's process reads
     * @param at steps that are to be taken before; the next boundary if empty
     * @param trust whether it may be a bundle that is quarantined in the run
     * @return what was done, once it is
     */
    public Swapped swap(String seat, Path jar, Optional<Long> at, boolean trust) {
        Map<String, String> more = new LinkedHashMap<>(
                Map.of("seat", seat, "jar", jar.toAbsolutePath().toString()));
        at.ifPresent(step -> more.put("at", step.toString()));
        if (trust) {
            more.put("trust", "true");
        }
        return ask("swap", more, Swapped.class);
    }

    /**
     * Has a probe read from now on, each step whose number {@code every} divides. It changes nothing of the run.
     *
     * @param probe id of its plugin
     * @param sets its settings: {@code name=value}
     */
    public Probed probe(String probe, List<String> sets, long every) {
        return ask("probe", probing(probe, "on", sets, every), Probed.class);
    }

    /** Has a probe read once, in the next step. */
    public Probed probeOnce(String probe, List<String> sets) {
        return ask("probe", probing(probe, "once", sets, 1), Probed.class);
    }

    /** Takes a probe off. */
    public Probed unprobe(String probe) {
        return ask("probe", probing(probe, "off", List.of(), 1), Probed.class);
    }

    private static Map<String, String> probing(String probe, String mode, List<String> sets, long every) {
        return Map.of(
                "name",
                probe,
                "mode",
                mode,
                "every",
                String.valueOf(every),
                "settings",
                ExperimentFile.assigned(sets).toString());
    }

    /**
     * Hears the run's events from now on, until it ends.
     *
     * @param events takes each as {@code run --json} prints it
     * @throws InputError when it ends without its last event, as a process does that is killed
     */
    public void follow(Consumer<String> events) {
        boolean[] ended = new boolean[1];
        try {
            exchange(Connection.FOLLOW, Map.of(), event -> {
                ended[0] |= event.get(EventLine.EVENT).getAsString().equals("ended");
                events.accept(event.toString());
            });
            if (!ended[0]) {
                throw new IOException("it ended without a word");
            }
        } catch (IOException | JsonParseException e) {
            throw failed(e);
        }
    }

    private <T> T ask(String request, Class<T> type) {
        return ask(request, Map.of(), type);
    }

    /**
     * Asks something of the run.
     *
     * @param more fields of the request
     * @param type of the answer
     * @throws InputError when the run can't be spoken to, or refuses
     */
    private <T> T ask(String request, Map<String, String> more, Class<T> type) {
        try {
            JsonElement answer = exchange(request, more, _ -> {});
            if (answer == null) {
                throw new IOException("it ended in the middle of its answer");
            }
            return Wire.read(answer, type);
        } catch (IOException | JsonParseException e) {
            throw failed(e);
        } finally {
            waiting.accept("");
        }
    }

    /** The answer; null where the run ended without one. */
    private JsonElement exchange(String request, Map<String, String> more, Consumer<JsonObject> events)
            throws IOException {
        try (LineSocket lines = new LineSocket(connect())) {
            try {
                lines.write(Request.line(request, more), patience);
            } catch (SocketTimeoutException e) {
                throw e;
            } catch (IOException _) {
                // It may have said why it does not listen.
            }
            while (true) {
                byte[] line = lines.read(MOST, patience);
                if (line == null) {
                    return null;
                }
                Fields answer = Fields.of(line);
                if (answer.has(EventLine.EVENT)) {
                    events.accept(answer.json());
                } else if (answer.has(Wire.ERROR)) {
                    throw InputError.of(answer.text(Wire.ERROR), answer.text(Wire.NEXT));
                } else if (answer.has(Wire.WAITING)) {
                    waiting.accept(answer.text(Wire.WAITING));
                } else {
                    return answer.json().get(Wire.ANSWER);
                }
            }
        }
    }

    /** A run that begins, or shows that it can be resumed, holds its folder and listens in a moment. */
    private SocketChannel connect() throws IOException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                return connect(folder);
            } catch (IOException e) {
                if (isDenied(e)
                        || System.nanoTime() > deadline
                        || RunFolder.heldBy(folder).isEmpty()) {
                    throw e;
                }
            }
            LockSupport.parkNanos(LOOK_NANOSECONDS);
        }
    }

    private static boolean isDenied(Exception e) {
        return String.valueOf(e.getMessage()).contains("Permission denied");
    }

    /** Why the run does not answer. */
    private InputError failed(Exception e) {
        Optional<String> process = RunFolder.heldBy(folder);
        if (e instanceof SocketTimeoutException) {
            return InputError.of(
                    "the run of " + folder + " gave no answer in " + patience.toSeconds() + " s; process "
                            + process.orElse("?") + " is stopped, or the machine has no time for it",
                    "let it go on: kill -CONT " + process.orElse("<process>") + "; or ask again",
                    e);
        }
        if (isDenied(e)) {
            return InputError.of(
                    "the run of " + folder + " belongs to the user " + owner() + ", who alone may speak to it; this is "
                            + Peer.me(),
                    "ask " + owner(),
                    e);
        }
        if (process.isPresent()) {
            return InputError.of(
                    "process " + process.get() + " works in " + folder
                            + ", but does not listen: it prepares the run, or"
                            + " ends it, or warned that its socket can't be made (" + e.getMessage() + ")",
                    "ask again in a moment; a run whose folder has a long path is found with the TMPDIR it was begun"
                            + " with",
                    e);
        }
        return ended(e);
    }

    private String owner() {
        try {
            return Files.getOwner(folder).getName();
        } catch (IOException | UnsupportedOperationException _) {
            return "?";
        }
    }

    private InputError ended(Exception e) {
        RunFolder.look(folder);
        Status.Last last;
        try {
            last = Status.last(folder);
        } catch (IOException also) {
            e.addSuppressed(also);
            return InputError.of(
                    "the run of " + folder + " does not go on, and " + Status.FILE + " can't be read: "
                            + also.getMessage(),
                    "see that you may read it",
                    e);
        }
        String resume = RunFolder.hasCheckpoint(folder)
                ? "go on with it: ./kolotoc run --resume " + Printable.word(folder)
                : "it saved nothing; begin anew: ./kolotoc run " + Printable.word(folder.resolve(RunFolder.EXPERIMENT));
        String how =
                last.state().map(state -> state.name().toLowerCase(Locale.ROOT)).orElse("unknown how")
                        + " after step " + last.step()
                        + (last.reason().isEmpty() ? "" : ": " + last.reason());
        return InputError.of(
                "the run of " + folder + " has ended: " + how,
                last.state().filter(Status.State.FINISHED::equals).isPresent()
                        ? "see " + folder.resolve(RunFolder.REPORT) + ", or let it write: ./kolotoc sample "
                                + Printable.word(folder)
                        : last.state().filter(Status.State.DIVERGED::equals).isPresent()
                                ? "begin with other settings: ./kolotoc run "
                                        + Printable.word(folder.resolve(RunFolder.EXPERIMENT))
                                        + " --set <setting>=<value>"
                                : resume,
                e);
    }
}
