package org.kolotoc.engine.state;

import com.google.gson.Gson;
import com.google.gson.GsonBuilder;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonParser;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;

/**
 * The checkpoints of a run: {@code step-00000250/state.safetensors} with the tensors, and {@code checkpoint.json}
 * ({@code kolotoc.checkpoint/1}) with everything else and the first file's hash. The folder appears whole or not at all.
 */
public final class Checkpoints {
    public static final String SCHEMA = "kolotoc.checkpoint/1";

    private static final Gson GSON =
            new GsonBuilder().setPrettyPrinting().disableHtmlEscaping().create();
    private static final String PREFIX = "step-";
    private static final String TENSORS = "state.safetensors";

    /** Field with the hash of all other fields, in their order. */
    private static final String SEAL = "seal";

    private final Path folder;

    /** Checkpoints below a run's folder. */
    public Checkpoints(Path runFolder) {
        this.folder = runFolder.resolve("checkpoints");
    }

    /** A checkpoint that was read and found whole. */
    public record Checkpoint(Path path, long step, Snapshot snapshot, JsonObject json) {
        /** State of the tokenizer, or null where the data was no text. */
        public String tokenizer() {
            return json.has("tokenizer") ? json.get("tokenizer").getAsString() : null;
        }
    }

    /**
     * Writes a checkpoint.
     *
     * @param more fields of the engine: seed, bundles, tokenizer
     */
    public Path write(long step, Snapshot snapshot, JsonObject more) throws IOException {
        Path target = folder.resolve(name(step));
        Path beside = folder.resolve(target.getFileName() + ".part");
        Files.createDirectories(folder);
        delete(beside);
        try {
            fill(beside, step, snapshot, more);
            delete(target);
            Files.move(beside, target, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(beside);
        }
        Atomic.forceFolder(folder);
        return target;
    }

    private static void fill(Path beside, long step, Snapshot snapshot, JsonObject more) throws IOException {
        Files.createDirectory(beside);
        MessageDigest digest = Hash.digest();
        Atomic.force(
                beside.resolve(TENSORS),
                out -> Safetensors.write(snapshot.tensors(), new DigestOutputStream(out, digest)));
        JsonObject json = new JsonObject();
        json.addProperty("schema", SCHEMA);
        json.addProperty("step", step);
        json.addProperty("sha256", Hash.text(digest.digest()));
        JsonObject counters = new JsonObject();
        snapshot.counters().forEach(counters::addProperty);
        json.add("counters", counters);
        more.entrySet().forEach(entry -> json.add(entry.getKey(), entry.getValue()));
        json.addProperty(SEAL, Hash.of(json.toString().getBytes(StandardCharsets.UTF_8)));
        Atomic.force(beside.resolve("checkpoint.json"), GSON.toJson(json).getBytes(StandardCharsets.UTF_8));
        Atomic.forceFolder(beside);
    }

    private static String name(long step) {
        return PREFIX + String.format("%08d", step);
    }

    /** Steps of which there is a checkpoint, ascending; half-written ones don't count. */
    public List<Long> steps() {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.matches(PREFIX + "\\d{8,18}"))
                    .map(name -> Long.parseLong(name.substring(PREFIX.length())))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw InputError.of("folder " + folder + " can't be read: " + e.getMessage(), "", e);
        }
    }

    /**
     * The checkpoint of a step, or the newest.
     *
     * @throws InputError when there is none, or it is damaged; then names the newest whole one
     */
    public Checkpoint read(Optional<Long> wanted) {
        List<Long> steps = steps();
        if (steps.isEmpty()) {
            throw InputError.of(folder + " has no checkpoint yet", "start the run anew");
        }
        if (wanted.isPresent() && !steps.contains(wanted.get())) {
            throw InputError.of(
                    folder + " has no checkpoint of step " + wanted.get() + "; it has steps " + steps,
                    "give a step it has: --from <step>");
        }
        long step = wanted.orElse(steps.getLast());
        try {
            return load(step);
        } catch (IOException e) {
            Optional<Long> whole = steps.reversed().stream()
                    .filter(other -> other != step && isWhole(other))
                    .findFirst();
            throw InputError.of(
                    "checkpoint " + folder.resolve(name(step)) + " is damaged: it " + e.getMessage(),
                    whole.map(other -> "go on from the newest whole one: ./kolotoc run --resume " + folder.getParent()
                                    + " --from " + other)
                            .orElse("there is no other; start the run anew"),
                    e);
        }
    }

    private boolean isWhole(long step) {
        try {
            load(step);
            return true;
        } catch (IOException _) {
            return false;
        }
    }

    private Checkpoint load(long step) throws IOException {
        Path path = folder.resolve(name(step));
        JsonObject json;
        Path tensors = path.resolve(TENSORS);
        String hash;
        try {
            json = JsonParser.parseString(Files.readString(path.resolve("checkpoint.json")))
                    .getAsJsonObject();
            hash = Hash.of(tensors);
        } catch (JsonParseException | IllegalStateException e) {
            throw new IOException("has a checkpoint.json that is no JSON object", e);
        } catch (IOException e) {
            throw new IOException("lacks a file that can be read: " + e.getMessage(), e);
        }
        if (!json.has("sha256") || !json.has("counters") || !json.has("step")) {
            throw new IOException("has a checkpoint.json without step, sha256 and counters");
        }
        JsonElement seal = json.remove(SEAL);
        if (seal == null
                || !seal.equals(new JsonPrimitive(Hash.of(json.toString().getBytes(StandardCharsets.UTF_8))))) {
            throw new IOException("has a checkpoint.json that was changed after it was written");
        }
        String expected = json.get("sha256").getAsString();
        if (!hash.equals(expected)) {
            throw new IOException(
                    "has a state.safetensors of " + Files.size(tensors) + " bytes whose hash is not the recorded one");
        }
        if (json.get("step").getAsLong() != step) {
            throw new IOException("holds step " + json.get("step") + ", which is not the folder's");
        }
        Map<String, Long> counters = new TreeMap<>();
        json.getAsJsonObject("counters")
                .entrySet()
                .forEach(e -> counters.put(e.getKey(), e.getValue().getAsLong()));
        return new Checkpoint(path, step, new Snapshot(Safetensors.read(tensors), counters), json);
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        try (Stream<Path> tree = Files.walk(path)) {
            for (Path file : tree.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
