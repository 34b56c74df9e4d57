package org.kolotoc.tests;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A folder that is to the {@code kolotoc} script what the repository is: built, with the assembled runtime. */
record Clone(Path root, Path jdk) {

    /** Makes one, for a JDK. */
    static Clone make(Path root, Path jdk) throws IOException {
        Path home = Files.createDirectories(root.resolve("runtime/assembly/target/kolotoc"));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(home.resolve(part), Assembled.HOME.resolve(part));
        }
        Files.copy(
                Assembled.PROJECT.resolve("kolotoc"),
                root.resolve("kolotoc"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        Files.createFile(root.resolve("pom.xml"));
        Files.createFile(home.resolve(".built"));
        return new Clone(root, jdk);
    }

    /** Starts the script from a folder, with more variables of the environment; those without a value are not set. */
    Launch start(Path from, Map<String, String> environment, Object... arguments) {
        List<String> line = new ArrayList<>(List.of(root.resolve("kolotoc").toString()));
        for (Object argument : arguments) {
            line.add(argument.toString());
        }
        return start(line, from, environment);
    }

    /** Runs it as somebody types it at a terminal, which util-linux's {@code script} makes. */
    Launch.Result typed(String command) {
        return start(List.of("script", "-qec", root.resolve("kolotoc") + " " + command, "/dev/null"), root, Map.of())
                .end();
    }

    private Launch start(List<String> line, Path from, Map<String, String> environment) {
        ProcessBuilder builder = new ProcessBuilder(line).directory(from.toFile());
        Map<String, String> all = builder.environment();
        all.keySet().removeAll(List.of("JAVA_HOME", "TORNADOVM_HOME", "SDKMAN_DIR", "TMPDIR"));
        all.put("KOLOTOC_JAVA_HOME", jdk.toString());
        all.put("SDKMAN_DIR", "/nowhere");
        environment.forEach((name, value) -> {
            if (value.isEmpty()) {
                all.remove(name);
            } else {
                all.put(name, value);
            }
        });
        return Launch.startLine(builder);
    }

    Launch start(Object... arguments) {
        return start(root, Map.of(), arguments);
    }

    Launch.Result run(Object... arguments) {
        return start(arguments).end();
    }

    /** Makes a file newer than the build. */
    void change(String path) {
        try {
            Path file = root.resolve(path);
            Files.createDirectories(file.getParent());
            Files.writeString(file, "changed");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
