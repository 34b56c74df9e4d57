package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystemNotFoundException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.CodeSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.LongFunction;
import org.kolotoc.engine.LockedData;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.Origin;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;

/** {@code lock.json}: exactly what a run ran with. */
final class Lock {
    static final String FILE = RunFolder.LOCK;
    private static final String JDK = "jdk";
    private static final String BACKEND = "backend";
    private static final String LIBRARIES = "libraries";

    private Lock() {}

    /** @param origin of the experiment that the run is begun with */
    static JsonObject of(BundleContext context, Workbench bench, Origin origin) {
        JsonObject lock = new JsonObject();
        lock.addProperty("schema", "kolotoc.lock/1");
        lock.add("bundles", bundles(context));
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

    static JsonArray bundles(BundleContext context) {
        JsonArray list = new JsonArray();
        Arrays.stream(context.getBundles())
                .sorted(Comparator.comparing(Bundle::getSymbolicName))
                .forEach(bundle -> {
                    JsonObject entry = new JsonObject();
                    entry.addProperty("name", bundle.getSymbolicName());
                    entry.addProperty("version", bundle.getVersion().toString());
                    entry.addProperty("sha256", hash(context, bundle));
                    list.add(entry);
                });
        return list;
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
    static List<String> otherCode(RunFolder folder, BundleContext context, Workbench bench) {
        List<String> told = new ArrayList<>();
        otherBundles(folder, context).ifPresent(told::add);
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

    private static Optional<String> otherBundles(RunFolder folder, BundleContext context) {
        Map<String, String> began = folder.read(FILE).map(Lock::versions).orElse(Map.of());
        if (began.isEmpty()) {
            return Optional.of("the bundles that began this run are not known: " + FILE + " is "
                    + (Files.exists(folder.path().resolve(FILE)) ? "broken" : "missing"));
        }
        JsonObject now = new JsonObject();
        now.add("bundles", bundles(context));
        return differing(began, versions(now)).map(what -> "other bundles than those that began this run: " + what);
    }

    /** Version and the beginning of the hash, by name; empty where it is no lock. */
    private static Map<String, String> versions(JsonObject lock) {
        Map<String, String> versions = new TreeMap<>();
        if (lock.get("bundles") instanceof JsonArray list) {
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

    /** Of the bytes that were installed, where the launcher tells it; elsewhere of the jar that lies there now. */
    private static String hash(BundleContext context, Bundle bundle) {
        Optional<LongFunction<?>> installed = installed(context);
        if (installed.isPresent()) {
            return String.valueOf(installed.get().apply(bundle.getBundleId()));
        }
        try {
            return Hash.of(Path.of(
                    bundle.getBundleId() == Constants.SYSTEM_BUNDLE_ID
                            ? framework(bundle)
                            : URI.create(bundle.getLocation())));
        } catch (IOException | IllegalArgumentException | URISyntaxException | FileSystemNotFoundException _) {
            return "";
        }
    }

    @SuppressWarnings("rawtypes")
    private static Optional<LongFunction<?>> installed(BundleContext context) {
        try {
            return context.getServiceReferences(LongFunction.class, "(kolotoc.hashes=bundle)").stream()
                    .findFirst()
                    .map(reference -> (LongFunction<?>) context.getService(reference));
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Where the framework's own code came from; its bundle has no location. */
    private static URI framework(Bundle bundle) throws URISyntaxException {
        CodeSource source = bundle.getClass().getProtectionDomain().getCodeSource();
        return source == null
                ? URI.create(bundle.getLocation())
                : source.getLocation().toURI();
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
