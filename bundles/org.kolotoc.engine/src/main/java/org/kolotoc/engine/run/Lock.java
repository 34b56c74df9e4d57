package org.kolotoc.engine.run;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.state.Hash;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** {@code lock.json}: exactly what a run ran with. */
final class Lock {
    private Lock() {}

    static JsonObject of(BundleContext context, Workbench bench) {
        JsonObject lock = new JsonObject();
        lock.addProperty("schema", "kolotoc.lock/1");
        lock.add("bundles", bundles(context));
        lock.addProperty("jdk", System.getProperty("java.vm.name") + " " + Runtime.version());
        lock.addProperty("os", System.getProperty("os.name") + " " + System.getProperty("os.arch"));
        lock.addProperty("cpu", cpu());
        lock.addProperty("backend", bench.backend().id());
        lock.addProperty("device", bench.backend().device());
        JsonObject data = new JsonObject();
        bench.dataHashes().forEach(data::addProperty);
        lock.add("data", data);
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
                    entry.addProperty("sha256", hash(bundle));
                    list.add(entry);
                });
        return list;
    }

    private static String hash(Bundle bundle) {
        try {
            return bundle.getLocation().startsWith("file:") ? Hash.of(Path.of(URI.create(bundle.getLocation()))) : "";
        } catch (IOException | IllegalArgumentException _) {
            return "";
        }
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
