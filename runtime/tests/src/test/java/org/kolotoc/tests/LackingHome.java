package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A runtime whose folder of plugins has one for each thing that a plugin can lack, and with a feature more that is not
 * installed; a command {@code each} runs several commands in one process.
 */
final class LackingHome {
    private static final String FINE = "out.put(\"loss\", 1);";

    private LackingHome() {}

    /** Runs command lines, a name and then words each, parted by tabs. */
    static Launch.Result each(Path home, List<String> lines) throws IOException {
        return Launch.start(home, "each", Files.write(home.resolve("each.txt"), lines))
                .end();
    }

    /** What was told of each line, by its name. */
    static Map<String, String> parts(String all) {
        Map<String, String> parts = new LinkedHashMap<>();
        for (String part : all.split("(?m)^== ")) {
            parts.put(part.lines().findFirst().orElse(""), part);
        }
        return parts;
    }

    private static HostilePlugins plugins(Path files) {
        return new HostilePlugins(files)
                .phase("fine", "", FINE)
                .phase("good", "", FINE)
                .phase("kept", "", FINE)
                .phase("lone", "", FINE)
                .header("lone", "Import-Package", "org.kolotoc.api,org.example.thing;version=\"[2,3)\"")
                .phase("thing", "", FINE)
                .header("thing", "Export-Package", "org.example.thing;version=1.5")
                .phase("chain", "", FINE)
                .header("chain", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.behind")
                .phase("behind", "", FINE)
                .header("behind", "Import-Package", "org.example.absent,org.kolotoc.api,org.kolotoc.tensor")
                .header("behind", "Export-Package", "org.example.behind")
                .phase("tomorrow", "", FINE)
                .header("tomorrow", "Require-Capability", "osgi.ee;filter:=\"(&(osgi.ee=JavaSE)(version=99))\"")
                .phase("foreign", "", FINE)
                .header("foreign", "Bundle-NativeCode", "lib.dll;osname=Win32;processor=x86-64")
                .phase("waits", "", FINE)
                .reference("waits", "java.util.function.IntUnaryOperator")
                .phase("served", "", FINE)
                .reference("served", "java.util.function.LongUnaryOperator")
                .source(
                        "startthrows",
                        HostilePlugins.ACTIVATOR.formatted("throw new java.io.IOException(\"not today\");"))
                .header("startthrows", "Bundle-Activator", "hostile.startthrows.Odd")
                .header(
                        "startthrows",
                        "Provide-Capability",
                        "osgi.service;objectClass:List<String>=\"java.util.function.LongUnaryOperator\"")
                .phase("throwing", "public Odd() { throw new IllegalStateException(\"no way\"); }", FINE)
                .phase("needy", "", FINE)
                .header("needy", "Import-Package", "org.kolotoc.api,org.kolotoc.tensor,org.example.extra")
                .phase("extra", "", FINE)
                .header("extra", "Export-Package", "org.example.extra;version=3")
                .phase("orphan", "", FINE)
                .header("orphan", "Fragment-Host", "org.example.nobody")
                .source("each", HostilePlugins.ACTIVATOR.formatted(HostilePlugins.EACH))
                .header("each", "Bundle-Activator", "hostile.each.Odd");
    }

    /** A runtime with a feature more, which is not installed, and a folder of plugins. */
    static Path make(Path folder) throws IOException {
        Map<String, Path> jars =
                plugins(Files.createDirectories(folder.resolve("made"))).build();
        Path home = Files.createDirectories(folder.resolve("home"));
        Files.createSymbolicLink(home.resolve("launcher"), Assembled.HOME.resolve("launcher"));
        Path lib = Files.createDirectories(home.resolve("lib"));
        for (Path jar : Assembled.jars("lib")) {
            Files.createSymbolicLink(lib.resolve(jar.getFileName()), jar);
        }
        Path features = Files.createDirectories(home.resolve("features"));
        for (Path file : Assembled.files(Assembled.HOME.resolve("features"), ".json")) {
            Files.copy(file, features.resolve(file.getFileName()));
        }
        Files.copy(jars.remove("extra"), lib.resolve("hostile.extra-1.2.3.jar"));
        Files.writeString(features.resolve("extra.json"), """
            {"feature-resource-version": "1.0", "id": "hostile:extra:1.2.3",
             "bundles": [{"id": "hostile:hostile.extra:1.2.3"}]}
            """);
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        for (Map.Entry<String, Path> jar : jars.entrySet()) {
            Files.copy(jar.getValue(), plugins.resolve(jar.getKey() + ".jar"));
        }
        PluginJars.copy(jars.get("good"), plugins.resolve("good-next.jar"), Map.of("Bundle-Version", "1.3.0"));
        PluginJars.copy(
                jars.get("fine"), plugins.resolve("fine-again.jar"), Map.of("Bundle-SymbolicName", "hostile.again"));
        Files.writeString(plugins.resolve("text.jar"), "no jar at all");
        PluginJars.empty(
                plugins.resolve("nameless.jar"),
                Map.of("Provide-Capability", "kolotoc.seat;kind=phase;id=nameless;summary=odd"));
        Files.delete(plugins.resolve("kept.jar"));
        return home;
    }
}
