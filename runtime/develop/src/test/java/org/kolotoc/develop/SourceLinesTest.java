package org.kolotoc.develop;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceLinesTest {
    @TempDir
    Path root;

    private void file(String path, int lines) throws IOException {
        Path file = root.resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, "line\n".repeat(lines));
    }

    @Test
    void everyModuleHasALine() throws IOException {
        file("bundles/host/org.a/pom.xml", 1);
        file("bundles/host/org.a/src/main/java/a/A.java", 10);
        file("bundles/host/org.a/src/main/java/a/notes.txt", 1000);
        file("bundles/host/org.a/src/test/java/a/Long.java", 401);
        file("bundles/none/readme", 1);
        file("runtime/b/pom.xml", 1);
        file("bench/src/main/java/B.java", 400);
        assertEquals(
                List.of(
                        "lines per bundle (Java: main, test, longest file)",
                        "  host/org.a                               10    401  401 Long.java  over 400",
                        "  runtime/b                                 0      0  ",
                        "  bench                                   400      0  400 B.java"),
                SourceLines.table(SourceLines.of(new Project(root))).lines().toList());
    }
}
