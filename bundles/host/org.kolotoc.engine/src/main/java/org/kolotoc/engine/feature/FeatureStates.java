package org.kolotoc.engine.feature;

import com.google.gson.JsonParseException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.state.Atomic;
import org.kolotoc.engine.state.Hash;

/**
 * The states of a runtime, beside its own features: {@code installed/state-<n>.json} each, {@code installed/current} with
 * the number of the one that holds, and {@code installed/jars}. The launcher reads the same files.
 *
 * @param folder {@code installed}
 */
record FeatureStates(Path folder) {
    private static final String CURRENT = "current";

    /** Where jars lie. */
    Path jars() {
        return folder.resolve("jars");
    }

    /** The one that holds. */
    FeatureState current() {
        Path file = folder.resolve(CURRENT);
        if (!Files.exists(file)) {
            return FeatureState.none();
        }
        try {
            return state(Integer.parseInt(Files.readString(file).strip()));
        } catch (IOException | NumberFormatException e) {
            throw InputError.of(
                    file + " does not name a state: " + e.getMessage(), "./kolotoc feature rollback <number>", e);
        }
    }

    /** One by its number; 0 is that before anything was installed. */
    FeatureState state(int number) {
        if (number == 0) {
            return FeatureState.none();
        }
        Path file = file(number);
        if (!Files.isRegularFile(file)) {
            throw InputError.of(
                    "there is no state " + number + " (there is "
                            + String.join(
                                    ", ",
                                    numbers().stream().map(String::valueOf).toList()) + ")",
                    "./kolotoc feature history");
        }
        try {
            return FeatureState.of(Fields.read(file));
        } catch (IOException | JsonParseException e) {
            throw InputError.of(
                    file + " can't be read: " + Printable.reason(e), "./kolotoc feature rollback to another state", e);
        }
    }

    private Path file(int number) {
        return folder.resolve("state-" + number + ".json");
    }

    /** Numbers of all states, 0 included. */
    List<Integer> numbers() {
        List<Integer> numbers = new ArrayList<>(List.of(0));
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> file.getFileName().toString())
                        .filter(name -> name.matches("state-\\d{1,8}\\.json"))
                        .map(name -> Integer.parseInt(name.replaceAll("\\D", "")))
                        .sorted()
                        .forEach(numbers::add);
            } catch (IOException e) {
                throw InputError.of(folder + " can't be read: " + Printable.reason(e), "look at its rights", e);
            }
        }
        return numbers;
    }

    /** Writes a new state, which holds from then on. */
    void write(FeatureState state) throws IOException {
        Atomic.write(file(state.number()), Engine.json(state.json()) + "\n");
        Atomic.write(folder.resolve(CURRENT), state.number() + "\n");
    }

    /**
     * Forgets states, and the jars that no other names.
     *
     * @param keep how many of the newest stay; the one that holds stays besides
     */
    void forget(int keep) throws IOException {
        List<Integer> old = new ArrayList<>(numbers());
        old.removeAll(List.of(0, current().number()));
        for (int number : old.subList(0, Math.max(0, old.size() - keep))) {
            Files.delete(file(number));
        }
        sweep();
    }

    /** Removes jars that no state names, such as those of a change that was cut short. */
    void sweep() throws IOException {
        Set<String> named = new HashSet<>();
        numbers().forEach(number -> named.addAll(state(number).files()));
        try (Stream<Path> files = Files.list(jars())) {
            for (Path file : files.toList()) {
                if (!named.contains(file.getFileName().toString())) {
                    Files.delete(file);
                }
            }
        }
    }

    /** Whether the jar of a bundle lies there with its content. */
    boolean has(FeatureState.Jar jar) throws IOException {
        Path file = jars().resolve(jar.file());
        return Files.isRegularFile(file) && Hash.of(file).equals(jar.sha256());
    }

    /** Keeps other processes from changing the states meanwhile. */
    FileChannel lock() {
        try {
            Files.createDirectories(jars());
            FileChannel channel =
                    FileChannel.open(folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return channel;
                }
            } catch (OverlappingFileLockException _) {
                // Somebody in this process.
            }
            channel.close();
            throw InputError.of(
                    "another process changes the features in " + folder, "run it again when that has ended");
        } catch (IOException e) {
            throw InputError.of(
                    "nothing can be written into " + folder + ": " + Printable.reason(e),
                    "give yourself the right to write there: chmod -R u+w " + folder.getParent(),
                    e);
        }
    }
}
