package org.kolotoc.tests;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * A folder that looks like a JDK. Its {@code java} writes its arguments into a file, a line each, and then runs a script,
 * in which {@code $end} is the number that the {@code kolotoc} script drew.
 */
record FakeJdk(Path folder) {

    static FakeJdk make(Path folder, int major, String script) throws IOException {
        FakeJdk jdk = new FakeJdk(Files.createDirectories(folder));
        Files.createDirectories(folder.resolve("bin"));
        Files.writeString(folder.resolve("release"), "IMPLEMENTOR=\"nobody\"\nJAVA_VERSION=\"" + major + ".0.1\"\n");
        program(folder.resolve("bin/javac"), "exit 3");
        program(
                folder.resolve("bin/java"),
                "printf '%s\\n' java \"$@\" >> '" + jdk.calls() + "'\nend=${1#-Dkolotoc.end=}\n" + script);
        return jdk;
    }

    static void program(Path file, String script) throws IOException {
        Files.writeString(file, "#!/usr/bin/env bash\n" + script + "\n");
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Path calls() {
        return folder.resolve("calls");
    }

    /** All arguments of all calls so far; each call begins with {@code java}. */
    List<String> said() throws IOException {
        return Files.exists(calls()) ? Files.readAllLines(calls()) : List.of();
    }
}
