package org.kolotoc.engine.data;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.PublicFile;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.fill.TokenizerSeat;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * The files that a run's data is made of: found or, if the user allows it, fetched; hashed, held against what is known of
 * them, and remembered. What does not fit into memory goes to a folder that is removed when this is closed.
 */
public final class DataFiles implements DataContext, AutoCloseable {
    /** Files that a message names. */
    private static final int SHOWN = 10;

    private final DataPlaces places;
    private final Client client;
    private final RunLedger ledger;
    private final long seed;
    private final Optional<TokenizerSeat> tokenizers;
    private Tokenizer fitted;

    /** What the tokenizer refused; null where it did not. */
    private InputError refused;

    private final Map<String, DataFile> used = new TreeMap<>();
    private Path scratch;

    /** Folders whose files were listed: they were told of, and so were these. */
    private final Set<Path> listed = new HashSet<>();

    /**
     * A lookup.
     *
     * @param tokenizers makes the run's tokenizer from the first training text
     */
    public DataFiles(
            DataPlaces places, Client client, RunLedger ledger, long seed, Optional<TokenizerSeat> tokenizers) {
        this.places = places;
        this.client = client;
        this.ledger = ledger;
        this.seed = seed;
        this.tokenizers = tokenizers;
    }

    /** What was read, by path. */
    public Collection<DataFile> used() {
        return used.values();
    }

    @Override
    public Path file(String path) {
        return file(path, "the data file ", "");
    }

    /** The same for a tokenizer. */
    Path ofTokenizer(String path) {
        return file(
                path,
                "the tokenizer's file ",
                "; beside an imported checkpoint it was lost: ./kolotoc import <folder> makes the run's folder anew");
    }

    /**
     * A file.
     *
     * @param what it is, for messages
     * @param more to do where it is nowhere
     */
    private Path file(String path, String what, String more) {
        List<Path> candidates = places.of(path);
        return lookedFor(path, candidates).orElseThrow(() -> {
            Optional<Path> folder = first(candidates, Files::isDirectory);
            if (folder.isPresent()) {
                return InputError.of(
                        what + path + " is a folder, " + folder.get() + "; expected a file",
                        "name a file in it" + more);
            }
            if (candidates.size() == 1) {
                return InputError.of(
                        what + path + (Files.exists(candidates.getFirst()) ? " is no file" : " is not there"),
                        "check the path" + more);
            }
            return absent(
                    what + path,
                    candidates,
                    "put it at one of them, or name the folder that it lies below: --data <folder>" + more);
        });
    }

    @Override
    public List<String> files(String folder) {
        List<Path> candidates = places.of(folder);
        Path found = first(candidates, Files::isDirectory)
                .orElseThrow(() -> first(candidates, Files::isRegularFile)
                        .map(file -> InputError.of(
                                "the data folder " + folder + " is a file, " + file + "; expected a folder",
                                "name the folder that it lies in"))
                        .orElseGet(() -> absent(
                                "the data folder " + folder,
                                candidates,
                                "put it at one of them, or name the folder that it lies below: --data <folder>")));
        places.origin().tell(found);
        listed.add(found);
        try (Stream<Path> below = Files.walk(found)) {
            return below.filter(Files::isRegularFile)
                    .map(file ->
                            folder + "/" + found.relativize(file).toString().replace(File.separatorChar, '/'))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw unreadable(found, e);
        } catch (UncheckedIOException e) {
            throw unreadable(found, e.getCause());
        }
    }

    @Override
    public Path file(PublicFile file) {
        List<Path> candidates = places.ofPublic(file.path());
        Path found = lookedFor(file.path(), candidates).orElseGet(() -> {
            if (!places.download()) {
                throw absent(
                        "the data file " + file.path(),
                        candidates,
                        "let it be fetched from " + file.address() + ": add --download; or put it at one of them, or"
                                + " name your folder: --data <folder>");
            }
            return used(hashed(file.path(), new Download(client).fetch(file, places.home(file.path()))));
        });
        String hash = used.get(file.path()).sha256();
        if (!file.sha256().equalsIgnoreCase(hash)) {
            throw InputError.of(
                    "the data file " + found + " has another content than expected (SHA-256 " + hash + ", expected "
                            + file.sha256() + ")",
                    "remove it, then get it again: add --download");
        }
        return found;
    }

    private static Optional<Path> first(List<Path> candidates, Predicate<Path> kind) {
        return candidates.stream().filter(kind).findFirst();
    }

    private static InputError absent(String file, List<Path> candidates, String next) {
        return InputError.of(file + " is at none of these places:\n  " + listed(candidates), next);
    }

    private static String listed(List<Path> candidates) {
        return String.join("\n  ", candidates.stream().map(Path::toString).toList());
    }

    /** The first that is there; of a run that goes on the first that is the same file. */
    private Optional<Path> lookedFor(String path, List<Path> candidates) {
        if (used.containsKey(path)) {
            return Optional.of(used.get(path).found());
        }
        List<Path> there = candidates.stream().filter(Files::isRegularFile).toList();
        Optional<String> locked = locked(path, there);
        DataFile first = null;
        for (Path candidate : there) {
            if (listed.stream().noneMatch(candidate::startsWith)) {
                places.origin().tell(candidate);
            }
            DataFile file = hashed(path, candidate);
            if (locked.isEmpty() || locked.get().equals(file.sha256())) {
                return Optional.of(used(file));
            }
            first = first == null ? file : first;
        }
        if (first != null) {
            throw InputError.of(
                    "the data file " + path + " is not the one that the run began with: "
                            + places.locked().orElseThrow().lock() + " has SHA-256 " + locked.orElseThrow() + ", "
                            + first.found() + " has " + first.sha256(),
                    "put the former file there, or name the folder that it lies below: --data <folder>; or begin a new"
                            + " run: ./kolotoc run " + experiment());
        }
        return Optional.empty();
    }

    /** The hash that a file has in the lock; nothing where there is no lock. */
    private Optional<String> locked(String path, List<Path> there) {
        return places.locked().flatMap(lock -> {
            if (lock.fault() != null) {
                throw lock.fault();
            }
            LockedData.Entry entry = lock.files().get(path);
            if (entry != null) {
                return Optional.of(entry.sha256());
            }
            if (lock.complete()) {
                throw InputError.of(
                        "the data file " + path + " is none of those that the run began with, which " + lock.lock()
                                + " has: " + lock.files().keySet(),
                        "use the plugins that the run began with, or begin a new run: ./kolotoc run " + experiment());
            }
            if (!there.isEmpty()) {
                ledger.note(
                        Ledger.Kind.UNVERIFIED,
                        "data",
                        RunFolder.LOCK,
                        "whether " + there.getFirst() + " is what the run began with is not known: "
                                + "it was begun by a version that did not note it");
            }
            return Optional.empty();
        });
    }

    private String experiment() {
        return Printable.word(places.locked().orElseThrow().lock().resolveSibling("experiment.json"));
    }

    /**
     * Refuses data that is not made of all the files that a run began with.
     *
     * @throws InputError naming those that nobody asked for
     */
    public void requireAllLocked() {
        places.locked().ifPresent(lock -> {
            List<String> left = lock.files().keySet().stream()
                    .filter(path -> !used.containsKey(path))
                    .toList();
            List<String> gone = left.stream()
                    .filter(path -> places.of(path).stream().noneMatch(Files::isRegularFile))
                    .toList();
            if (!gone.isEmpty()) {
                throw InputError.of(
                        "the run began with data files that are not there any more: " + some(gone) + " (" + lock.lock()
                                + ")",
                        "put them back, or name the folder that they lie below: --data <folder>; or begin a new run:"
                                + " ./kolotoc run " + experiment());
            }
            if (!left.isEmpty()) {
                throw InputError.of(
                        "the run began with data files that are not read any more: " + some(left) + " (" + lock.lock()
                                + ")",
                        "use the plugins that the run began with, or begin a new run: ./kolotoc run " + experiment());
            }
        });
    }

    /** The first of many. */
    private static String some(List<String> paths) {
        return String.join(", ", paths.subList(0, Math.min(SHOWN, paths.size())))
                + (paths.size() > SHOWN ? " and " + (paths.size() - SHOWN) + " more" : "");
    }

    /**
     * Refuses to go on with a file that somebody changed while it was used.
     *
     * @throws InputError naming it
     */
    public void requireUnchanged() {
        for (DataFile file : used.values()) {
            if (isUnchanged(file)) {
                continue;
            }
            throw InputError.of(
                    "the data file " + file.found() + " was changed while the run used it: it has not the content any"
                            + " more that was read at first (SHA-256 " + file.sha256() + ")",
                    "put that content back, then go on from the last checkpoint; or begin a new run");
        }
    }

    private boolean isUnchanged(DataFile file) {
        try {
            return file.isUnchanged(read -> client.reached("checking " + file.found(), read, file.bytes()));
        } catch (IOException e) {
            throw unreadable(file.found(), e);
        }
    }

    private DataFile hashed(String path, Path found) {
        try {
            long bytes = Files.size(found);
            return DataFile.of(path, found, read -> client.reached("hashing " + found, read, bytes));
        } catch (IOException e) {
            throw unreadable(found, e);
        }
    }

    private static InputError unreadable(Path file, IOException cause) {
        return InputError.of(
                "the data file " + file + " can't be read: " + Printable.reason(cause),
                "check its permissions and the disk",
                cause);
    }

    private Path used(DataFile file) {
        used.put(file.path(), file);
        return file.found();
    }

    @Override
    public Tokenizer tokenizer(Text trainingText) {
        if (fitted == null) {
            TokenizerSeat seat = tokenizers.orElseThrow(() -> InputError.of(
                    "this data is text, but the experiment names no tokenizer",
                    "add \"tokenizer\": {\"id\": \"char\"} to the experiment"));
            try {
                fitted = seat.fit(trainingText, new TokenizerFiles(this, ledger.of(seat.occupant(), seat.path())));
            } catch (InputError e) {
                refused = e;
                throw e;
            }
        }
        return fitted;
    }

    /** What the tokenizer said of its own settings and files, last; it passes through the data that is opened. */
    public Optional<InputError> refusedByTokenizer() {
        return Optional.ofNullable(refused);
    }

    /** What text became tokens by, where some data was text. */
    public Optional<Tokenizer> fitted() {
        return Optional.ofNullable(fitted);
    }

    /**
     * The same.
     *
     * @throws InputError when no data was text
     */
    public Tokenizer tokenizer() {
        return fitted().orElseThrow(() ->
                InputError.of("there is no tokenizer: none of the data is text", "choose data that is text"));
    }

    @Override
    public long seed() {
        return seed;
    }

    @Override
    public Path scratch() {
        if (scratch == null) {
            try {
                // For nobody else to read, where the system knows owners.
                scratch = Files.createTempDirectory("kolotoc-data-");
            } catch (IOException e) {
                throw InputError.of(
                        "no folder for temporary files can be made: " + Printable.reason(e),
                        "make room there, or set TMPDIR to a folder that can be written",
                        e);
            }
        }
        return scratch;
    }

    @Override
    public void reached(String what, long done, long all) {
        client.reached(what, done, all);
    }

    @Override
    public void close() {
        if (scratch == null) {
            return;
        }
        try (Stream<Path> files = Files.walk(scratch)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
            scratch = null;
        } catch (IOException | UncheckedIOException e) {
            client.warn("temporary files stay in " + scratch + ": " + Printable.reason(e));
        }
    }
}
