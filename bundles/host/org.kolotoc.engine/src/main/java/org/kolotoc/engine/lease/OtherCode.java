package org.kolotoc.engine.lease;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.tensor.Backend;

/** Code that runs now, held against what a lock says of the code that began the run. */
public final class OtherCode {
    /** Fields of a lock. */
    public static final String BUNDLES = "bundles";

    public static final String JDK = "jdk";
    public static final String BACKEND = "backend";
    public static final String LIBRARIES = "libraries";

    private OtherCode() {}

    public static String jdk() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    public static JsonObject libraries(Backend backend) {
        JsonObject libraries = new JsonObject();
        new TreeMap<>(backend.libraries()).forEach(libraries::addProperty);
        return libraries;
    }

    /**
     * What to tell of code that is not the code that began a run, so that the bits may be others; empty where it is the same.
     * Another backend is no news: somebody asked for it.
     *
     * @param leases what fills the run's seats now
     */
    public static List<String> of(Path run, Leases leases, InstalledBundles installed, Backend backend) {
        List<String> told = new ArrayList<>();
        unknown(run, leases, installed).or(() -> otherBundles(run, installed)).ifPresent(told::add);
        JsonObject began = read(run).orElseGet(JsonObject::new);
        Map<String, String> then = texts(began.get(LIBRARIES));
        Map<String, String> now = texts(libraries(backend));
        if (began.has(LIBRARIES) && texts(began).getOrDefault(BACKEND, "").equals(backend.id())) {
            differing(then, now)
                    .ifPresent(what -> told.add("other libraries than those that began this run: " + what
                            + "; the bytes of a run without a stop may be others"));
        }
        String jdk = texts(began).getOrDefault(JDK, jdk());
        if (!jdk.equals(jdk())) {
            told.add("another JDK than the one that began this run: " + jdk + ", now " + jdk());
        }
        return told;
    }

    /** The texts of an object by their names. */
    private static Map<String, String> texts(JsonElement json) {
        Map<String, String> texts = new TreeMap<>();
        if (json instanceof JsonObject object) {
            object.entrySet().forEach(entry -> {
                if (entry.getValue() instanceof JsonPrimitive text) {
                    texts.put(entry.getKey(), text.getAsString());
                }
            });
        }
        return texts;
    }

    /** {@code a: 1, now 2; b: not there, now 3}; empty where nothing differs. */
    private static Optional<String> differing(Map<String, String> then, Map<String, String> now) {
        Set<String> names = new TreeSet<>(then.keySet());
        names.addAll(now.keySet());
        List<String> differing = names.stream()
                .filter(name -> !Objects.equals(then.get(name), now.get(name)))
                .map(name -> name + ": " + then.getOrDefault(name, "not there") + ", now "
                        + now.getOrDefault(name, "not there"))
                .toList();
        return differing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", differing));
    }

    /**
     * What to tell where no lock says which bundles began a run, so that nobody can prove what it was made with; empty where
     * one does.
     *
     * @param leases what fills the run's seats now
     */
    public static Optional<String> unknown(Path run, Leases leases, InstalledBundles installed) {
        return began(run).isEmpty()
                ? Optional.of("the bundles that began this run are not known: " + fault(run) + "; used now: "
                        + leases.filled().values().stream()
                                .map(bundle -> installed.content(bundle).toString())
                                .distinct()
                                .sorted()
                                .collect(Collectors.joining(", ")))
                : Optional.empty();
    }

    private static String fault(Path run) {
        return RunFolder.LOCK + " is " + (Files.exists(run.resolve(RunFolder.LOCK)) ? "broken" : "missing");
    }

    /**
     * What to tell of a model whose weights another run trained: that nobody can prove what they were made with, or that another
     * bundle fills its seat here than there.
     *
     * @param run that trained it
     * @param id of the model's plugin
     * @param leases what fills the seats here
     */
    public static Optional<String> ofModel(Path run, String id, Leases leases, InstalledBundles installed) {
        if (began(run).isEmpty()) {
            return Optional.of("the bundles that made " + run + " are not known: " + fault(run));
        }
        SeatName seat = new SeatName(Seat.MODEL, id);
        List<BundleContent> made = LockedSeats.of(run).now().entrySet().stream()
                .filter(entry -> entry.getKey().ofAnyVersion().equals(seat))
                .map(Map.Entry::getValue)
                .toList();
        return leases.filled().entrySet().stream()
                .filter(entry -> entry.getKey().ofAnyVersion().equals(seat))
                .map(entry -> installed.content(entry.getValue()))
                .filter(content -> !made.isEmpty() && !made.contains(content))
                .findFirst()
                .map(content -> "the " + seat + " is " + content + ", which was " + made.getFirst() + " in " + run);
    }

    /** Empty where it is not known. */
    private static Map<String, String> began(Path run) {
        return read(run).map(OtherCode::versions).orElseGet(TreeMap::new);
    }

    private static Optional<String> otherBundles(Path run, InstalledBundles installed) {
        Map<String, String> began = began(run);
        JsonObject present = new JsonObject();
        present.add(BUNDLES, installed.json());
        Map<String, String> now = versions(present);
        LockedSeats seats = LockedSeats.of(run);
        // Of those that fill seats it is known which is used, whatever else is plugged in.
        seats.entries().stream().map(entry -> entry.bundle().name()).forEach(name -> {
            began.remove(name);
            now.remove(name);
        });
        return differing(began, now).map(what -> "other bundles than those that began this run: " + what);
    }

    /** Version and the beginning of the hash, by name; empty where it is no lock. */
    private static Map<String, String> versions(JsonObject lock) {
        Map<String, String> versions = new TreeMap<>();
        if (lock.get(BUNDLES) instanceof JsonArray list) {
            for (JsonElement element : list) {
                if (element instanceof JsonObject bundle
                        && bundle.get("name") instanceof JsonPrimitive name
                        && bundle.get("version") instanceof JsonPrimitive version
                        && bundle.get("sha256") instanceof JsonPrimitive hash) {
                    String start = hash.getAsString()
                            .substring(0, Math.min(8, hash.getAsString().length()));
                    versions.put(name.getAsString(), version.getAsString() + (start.isEmpty() ? "" : " " + start));
                }
            }
        }
        return versions;
    }

    private static Optional<JsonObject> read(Path run) {
        try {
            return Optional.of(Fields.read(run.resolve(RunFolder.LOCK)).json());
        } catch (IOException | JsonParseException _) {
            return Optional.empty();
        }
    }
}
