package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
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
import org.kolotoc.engine.LockedData;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.Origin;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.lease.InstalledBundles;
import org.kolotoc.engine.lease.LockedSeats;
import org.kolotoc.engine.lease.Trusted;
import org.kolotoc.engine.seat.Leases;

/** {@code lock.json}: exactly what a run ran with. */
final class Lock {
    static final String FILE = RunFolder.LOCK;
    private static final String BUNDLES = "bundles";
    private static final String JDK = "jdk";
    private static final String BACKEND = "backend";
    private static final String LIBRARIES = "libraries";

    private Lock() {}

    /**
     * Of a run that begins.
     *
     * @param seats what fills them
     * @param origin of the experiment
     */
    static JsonObject of(InstalledBundles installed, Workbench bench, LockedSeats seats, Origin origin) {
        JsonObject lock = new JsonObject();
        lock.addProperty("schema", "kolotoc.lock/1");
        lock.add(BUNDLES, bundles(installed));
        seats.write(lock);
        lock.addProperty(JDK, jdk());
        lock.addProperty("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        lock.addProperty("cpu", cpu());
        lock.addProperty(BACKEND, bench.backend().id());
        lock.addProperty("device", bench.backend().device());
        lock.add(LIBRARIES, libraries(bench));
        lock.addProperty(Origin.FIELD, origin.folder().toString());
        lock.add("data", LockedData.json(bench.dataFiles()));
        return lock;
    }

    static JsonArray bundles(InstalledBundles installed) {
        JsonArray list = new JsonArray();
        installed.all().stream().map(bundle -> installed.content(bundle).json()).forEach(list::add);
        return list;
    }

    /** Writes into the lock of a run that goes on what fills its seats from now on, if that is another than before. */
    static void refill(RunFolder folder, InstalledBundles installed, Trusted trusted, Leases leases, long step)
            throws IOException {
        Optional<JsonObject> lock = folder.read(FILE);
        if (lock.isPresent()) {
            LockedSeats locked = LockedSeats.of(folder.path());
            LockedSeats now = locked.with(leases, installed, trusted, step, folder);
            if (!now.equals(locked)) {
                now.write(lock.get());
                folder.write(FILE, lock.get());
            }
        }
    }

    private static String jdk() {
        return System.getProperty("java.vm.name") + " " + Runtime.version();
    }

    private static JsonObject libraries(Workbench bench) {
        JsonObject libraries = new JsonObject();
        new TreeMap<>(bench.backend().libraries()).forEach(libraries::addProperty);
        return libraries;
    }

    /**
     * What to tell of code that is not the code that began a run, so that the bits may be others; empty where it is the same.
     * Another backend is no news: somebody asked for it.
     */
    static List<String> otherCode(RunFolder folder, InstalledBundles installed, Workbench bench) {
        List<String> told = new ArrayList<>();
        otherBundles(folder, installed).ifPresent(told::add);
        JsonObject began = folder.read(FILE).orElseGet(JsonObject::new);
        Map<String, String> then = texts(began.get(LIBRARIES));
        Map<String, String> now = texts(libraries(bench));
        if (began.has(LIBRARIES)
                && texts(began).getOrDefault(BACKEND, "").equals(bench.backend().id())) {
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

    private static Optional<String> otherBundles(RunFolder folder, InstalledBundles installed) {
        Map<String, String> began = folder.read(FILE).map(Lock::versions).orElseGet(TreeMap::new);
        if (began.isEmpty()) {
            return Optional.of("the bundles that began this run are not known: " + FILE + " is "
                    + (Files.exists(folder.path().resolve(FILE)) ? "broken" : "missing"));
        }
        JsonObject present = new JsonObject();
        present.add(BUNDLES, bundles(installed));
        Map<String, String> now = versions(present);
        LockedSeats seats = LockedSeats.of(folder.path());
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

    private static String cpu() {
        try {
            List<String> lines = Files.readAllLines(Path.of("/proc/cpuinfo"));
            return lines.stream()
                    .filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .findFirst()
                    .orElse("unknown");
        } catch (IOException _) {
            return System.getProperty("os.arch");
        }
    }
}
