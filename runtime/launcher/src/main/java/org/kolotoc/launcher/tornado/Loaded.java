package org.kolotoc.launcher.tornado;

import java.lang.module.ModuleDescriptor;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What of TornadoVM is in this JVM. */
public final class Loaded {
    static final String ABSENT = "kolotoc.absent";

    private Loaded() {}

    /** Packages that bundles may import from it, with commas between; empty when this JVM runs without. */
    public static String packages() {
        return ModuleLayer.boot().findModule("tornado.api").stream()
                .flatMap(module -> module.getDescriptor().exports().stream())
                .filter(exports -> !exports.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .sorted()
                .collect(Collectors.joining(","));
    }

    /** Framework properties that say what is not there, and why; none when there is an SDK and nobody asked for it. */
    public static Map<String, String> absences() {
        Map<String, String> found = new TreeMap<>();
        if (!Sdk.isThere(System.getenv(), Path.of(System.getProperty("user.home")))) {
            found.put(ABSENT + ".tornado", Sdk.NONE);
        }
        for (String key : System.getProperties().stringPropertyNames()) {
            if (key.startsWith(ABSENT + ".")) {
                found.put(key, System.getProperty(key));
            }
        }
        String ids = found.keySet().stream()
                .map(key -> key.substring(ABSENT.length() + 1))
                .collect(Collectors.joining(","));
        if (!ids.isEmpty()) {
            found.put(ABSENT, ids);
        }
        return found;
    }
}
