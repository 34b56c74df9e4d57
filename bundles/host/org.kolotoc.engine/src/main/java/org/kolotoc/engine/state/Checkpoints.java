package org.kolotoc.engine.state;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.TreeSet;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;

/**
 * The checkpoints of a run: {@code step-00000250/state.safetensors} with the tensors, and {@code checkpoint.json}
 * ({@code kolotoc.checkpoint/1}) with everything else and the first file's hash.
 *
 * <p>Whenever the process ends, there are at least as many whole checkpoints as before. One is written as
 * {@code step-00000250.part} and renamed when all of it has reached the disk; what was there under its name is renamed to
 * {@code step-00000250.gone} just before, and removed just after. A crash between the two leaves a {@code .part} that is
 * whole: it is read in place of what lacks its name, and {@link #mend} gives the name back.
 */
public final class Checkpoints {
    public static final String SCHEMA = "kolotoc.checkpoint/1";

    /** Of the folder in a run's folder. */
    public static final String FOLDER = "checkpoints";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final String TENSORS = "state.safetensors";
    private static final String DESCRIPTION = "checkpoint.json";
    private static final String GONE = ".gone";

    private static final String STEP = "step";
    private static final String HASH = "sha256";
    private static final String COUNTERS = "counters";
    private static final String METRICS = "metrics";
    public static final String TOKENIZER = "tokenizer";
    public static final String DIMENSIONS = "dimensions";
    public static final String FROZEN = "frozen";
    public static final String UNDONE = "undone";

    /** Field with the hash of all other fields, in their order. */
    private static final String SEAL = "seal";

    private final Path run;
    private final Path folder;
    private final Disk disk;

    /** Checkpoints below a run's folder. */
    public Checkpoints(Path runFolder) {
        this(runFolder, Disk.SYSTEM);
    }

    public Checkpoints(Path runFolder, Disk disk) {
        this.run = runFolder;
        this.folder = runFolder.resolve(FOLDER);
        this.disk = disk;
    }

    /**
     * A checkpoint that was read and found whole.
     *
     * @param tokenizer its state, or null where the data was no text
     * @param dimensions what the data stated; empty where an older version wrote it
     * @param undone whether what is due after the step is still to be done: somebody stopped the run while it was
     * @param metrics which lines belong to it; empty where an older version wrote it
     * @param frozen hashes of weights that are kept as they were at ends of phases, by {@code model@phase}
     * @param sha256 hash of the tensors' file
     * @param seal hash of all that it says, that of the tensors included
     */
    public record Checkpoint(
            Path path,
            long step,
            Snapshot snapshot,
            String tokenizer,
            Optional<Map<String, Integer>> dimensions,
            boolean undone,
            Optional<MetricsSeal> metrics,
            Map<String, String> frozen,
            String sha256,
            String seal) {}

    /**
     * Writes a checkpoint, unless it is there already with these very bytes.
     *
     * @param metrics which lines belong to it
     * @param more fields of the engine: seed, bundles, tokenizer
     */
    public Path write(long step, Snapshot snapshot, MetricsSeal metrics, JsonObject more) throws IOException {
        Path target = folder.resolve(StepFolder.name(step));
        mend(target, step);
        if (isThere(target)
                && holds(
                        target, step, described(step, Safetensors.hash(snapshot.tensors()), snapshot, metrics, more))) {
            return target;
        }
        if (disk.needFolder(folder)) {
            disk.forceFolder(run);
        }
        Path part = beside(target, Atomic.PART);
        try {
            fill(part, step, snapshot, metrics, more);
            // The new one's name lasts before the old one loses its own.
            disk.forceFolder(folder);
            put(part, target);
        } catch (IOException | RuntimeException | Error e) {
            if (isThere(target) || !isWhole(part, step)) {
                try {
                    Atomic.remove(disk, part);
                } catch (IOException also) {
                    e.addSuppressed(also);
                }
            }
            throw e;
        }
        return target;
    }

    private void fill(Path part, long step, Snapshot snapshot, MetricsSeal metrics, JsonObject more)
            throws IOException {
        disk.makeFolder(part);
        MessageDigest digest = Hash.digest();
        Atomic.force(
                disk,
                part.resolve(TENSORS),
                out -> Safetensors.write(snapshot.tensors(), new DigestOutputStream(out, digest)));
        JsonObject json = described(step, Hash.text(digest.digest()), snapshot, metrics, more);
        byte[] text = GSON.toJson(json).getBytes(StandardCharsets.UTF_8);
        Atomic.force(disk, part.resolve(DESCRIPTION), out -> out.write(text));
        disk.forceFolder(part);
    }

    private static JsonObject described(
            long step, String hash, Snapshot snapshot, MetricsSeal metrics, JsonObject more) {
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty(STEP, step);
        json.addProperty(HASH, hash);
        JsonObject counters = new JsonObject();
        snapshot.counters().forEach(counters::addProperty);
        json.add(COUNTERS, counters);
        json.add(METRICS, metrics.json());
        more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        json.addProperty(SEAL, sealOf(json));
        return json;
    }

    private static String sealOf(JsonObject json) {
        return Hash.of(json.toString().getBytes(StandardCharsets.UTF_8));
    }

    private static boolean holds(Path path, long step, JsonObject json) {
        try {
            return load(path, step).seal().equals(json.get(SEAL).getAsString());
        } catch (IOException _) {
            return false;
        }
    }

    /** Gives a whole checkpoint its name, and takes away what had it. */
    private void put(Path part, Path target) throws IOException {
        Path gone = beside(target, GONE);
        if (isThere(target)) {
            disk.rename(target, gone);
        }
        disk.rename(part, target);
        disk.forceFolder(folder);
        Atomic.remove(disk, gone);
    }

    /** Takes or cleans what a crash left; to be called by who holds the run's folder. */
    public void mend() throws IOException {
        for (String name : names()) {
            for (String ending : List.of(Atomic.PART, GONE)) {
                OptionalLong step = stepOf(name, ending);
                if (step.isPresent()) {
                    mend(folder.resolve(StepFolder.name(step.getAsLong())), step.getAsLong());
                }
            }
        }
    }

    private void mend(Path target, long step) throws IOException {
        Path part = beside(target, Atomic.PART);
        if (isThere(part) && isWhole(part, step) && !isWhole(target, step)) {
            Atomic.remove(disk, beside(target, GONE));
            put(part, target);
        }
        Atomic.remove(disk, part);
        Atomic.remove(disk, beside(target, GONE));
    }

    /** Removes checkpoints; none of them is ever seen half. */
    public void remove(Collection<Long> steps) throws IOException {
        for (long step : steps) {
            Path target = folder.resolve(StepFolder.name(step));
            Path gone = beside(target, GONE);
            disk.rename(target, gone);
            disk.forceFolder(folder);
            Atomic.remove(disk, gone);
        }
    }

    private static Path beside(Path target, String ending) {
        return target.resolveSibling(target.getFileName() + ending);
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }

    private static OptionalLong stepOf(String name, String ending) {
        return name.endsWith(ending)
                ? StepFolder.step(name.substring(0, name.length() - ending.length()))
                : OptionalLong.empty();
    }

    private List<String> names() throws IOException {
        return Listing.of(folder).stream()
                .map(file -> file.getFileName().toString())
                .toList();
    }

    /** Steps of which there is a checkpoint, ascending; half-written ones don't count. */
    public List<Long> steps() {
        TreeSet<Long> steps = new TreeSet<>();
        try {
            for (String name : names()) {
                StepFolder.step(name).ifPresent(steps::add);
                OptionalLong left = stepOf(name, Atomic.PART);
                if (left.isPresent() && isWhole(folder.resolve(name), left.getAsLong())) {
                    steps.add(left.getAsLong());
                }
            }
        } catch (IOException e) {
            throw InputError.of(
                    "folder " + folder + " can't be read: " + Printable.reason(e), "see that you may read it", e);
        }
        return List.copyOf(steps);
    }

    /** What to type where no checkpoint is left to go on from. */
    private String anew() {
        return "begin a new run: ./kolotoc run " + Printable.word(run.resolve("experiment.json"));
    }

    /**
     * The checkpoint of a step, or the newest.
     *
     * @throws InputError when there is none, or it is damaged; then names the newest whole one
     */
    public Checkpoint read(Optional<Long> wanted) {
        List<Long> steps = steps();
        if (steps.isEmpty()) {
            throw InputError.of(
                    "the run " + run + " has no checkpoint yet",
                    "if it is going on, wait until it saves one; else " + anew());
        }
        if (wanted.isPresent() && !steps.contains(wanted.get())) {
            throw InputError.of(
                    folder + " has no checkpoint of step " + wanted.get() + "; it has steps " + steps,
                    "give a step it has: --from <step>, or \"step\": <step> where weights begin with it");
        }
        long step = wanted.orElse(steps.getLast());
        try {
            return load(step);
        } catch (IOException e) {
            Optional<Long> whole = steps.reversed().stream()
                    .filter(other -> other != step && whole(other).isPresent())
                    .findFirst();
            throw InputError.of(
                    "checkpoint " + path(step) + " is damaged: it " + e.getMessage(),
                    whole.map(other -> "take the newest whole one, with --from " + other + "; to go on from it:"
                                    + " ./kolotoc run --resume " + Printable.word(run) + " --from " + other)
                            .orElse("there is no other; " + anew()),
                    e);
        }
    }

    /**
     * The train state after a step.
     *
     * @throws InputError when there is no whole checkpoint of it
     */
    public Snapshot state(long step) {
        return read(Optional.of(step)).snapshot();
    }

    /** The checkpoint of a step, if it is there and whole. */
    public Optional<Checkpoint> whole(long step) {
        try {
            return Optional.of(load(step));
        } catch (IOException _) {
            return Optional.empty();
        }
    }

    private Path path(long step) {
        Path target = folder.resolve(StepFolder.name(step));
        return isThere(target) ? target : beside(target, Atomic.PART);
    }

    private Checkpoint load(long step) throws IOException {
        return load(path(step), step);
    }

    private static boolean isWhole(Path path, long step) {
        try {
            load(path, step);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private static Checkpoint load(Path path, long step) throws IOException {
        Path tensors = path.resolve(TENSORS);
        try {
            Fields fields;
            String found;
            try {
                fields = Fields.read(path.resolve(DESCRIPTION));
                found = Hash.of(tensors);
            } catch (IOException e) {
                throw new IOException("lacks a file that can be read: " + Printable.reason(e), e);
            }
            requireSeal(fields);
            if (!fields.text("schema").equals(SCHEMA)) {
                throw new IOException("is a " + fields.text("schema") + "; this version reads " + SCHEMA);
            }
            if (!fields.text(HASH).equals(found)) {
                throw new IOException("has a state.safetensors of " + Files.size(tensors)
                        + " bytes whose hash is not the recorded one");
            }
            if (fields.count(STEP) != step) {
                throw new IOException("holds step " + fields.count(STEP) + ", which is not the folder's");
            }
            Map<String, Long> counters = new TreeMap<>();
            Fields counted = fields.object(COUNTERS);
            counted.names().forEach(name -> counters.put(name, counted.whole(name)));
            return new Checkpoint(
                    path,
                    step,
                    new Snapshot(Safetensors.read(tensors), counters),
                    fields.has(TOKENIZER) ? fields.text(TOKENIZER) : null,
                    fields.has(DIMENSIONS) ? Optional.of(dimensions(fields.object(DIMENSIONS))) : Optional.empty(),
                    fields.has(UNDONE) && fields.flag(UNDONE),
                    fields.has(METRICS) ? Optional.of(MetricsSeal.of(fields.object(METRICS))) : Optional.empty(),
                    fields.has(FROZEN) ? texts(fields.object(FROZEN)) : Map.of(),
                    found,
                    fields.text(SEAL));
        } catch (JsonParseException e) {
            throw new IOException("has a " + DESCRIPTION + " that is not as it must be: " + e.getMessage(), e);
        }
    }

    private static Map<String, String> texts(Fields fields) {
        Map<String, String> texts = new TreeMap<>();
        fields.names().forEach(name -> texts.put(name, fields.text(name)));
        return texts;
    }

    private static Map<String, Integer> dimensions(Fields fields) {
        Map<String, Integer> dimensions = new TreeMap<>();
        fields.names().forEach(name -> dimensions.put(name, Math.toIntExact(fields.count(name))));
        return dimensions;
    }

    private static void requireSeal(Fields fields) throws IOException {
        JsonObject others = fields.json().deepCopy();
        others.remove(SEAL);
        if (!fields.text(SEAL).equals(sealOf(others))) {
            throw new IOException("has a " + DESCRIPTION + " that was changed after it was written");
        }
    }
}
