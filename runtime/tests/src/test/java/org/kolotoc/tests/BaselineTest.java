package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import aQute.bnd.differ.Baseline;
import aQute.bnd.differ.DiffPluginImpl;
import aQute.bnd.osgi.Jar;
import aQute.bnd.osgi.Processor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Exported packages against those of the newest {@code v*} tag: what changed must carry a new version, a larger one the
 * more it breaks. The tag's bundles are built in a work tree of its own.
 */
class BaselineTest {
    @TempDir
    Path folder;

    @Test
    void exportedPackagesCarryTheVersionTheirChangesAskFor() throws Exception {
        Path project = Assembled.PROJECT;
        String tag = output(project, "git", "describe", "--tags", "--abbrev=0", "--match", "v*");
        Assumptions.assumeFalse(tag.isBlank(), "not evaluated: there is no v* tag yet to compare with");
        Path old = folder.resolve("tag");
        output(project, "git", "worktree", "add", "--detach", old.toString(), tag);
        try {
            output(old, "mvn", "-o", "-q", "-B", "package", "-Dmaven.test.skip=true", "-pl", "runtime/assembly", "-am");
            List<String> faults = new ArrayList<>();
            try (Stream<Path> jars = Files.list(project.resolve("runtime/assembly/target/kolotoc/lib"))) {
                for (Path jar : jars.filter(j -> j.getFileName().toString().startsWith("org.kolotoc."))
                        .toList()) {
                    Path before =
                            old.resolve("runtime/assembly/target/kolotoc/lib").resolve(jar.getFileName());
                    if (Files.exists(before)) {
                        faults.addAll(compare(jar, before));
                    }
                }
            }
            assertTrue(faults.isEmpty(), () -> String.join("\n", faults));
        } finally {
            output(project, "git", "worktree", "remove", "--force", old.toString());
        }
    }

    /** The comparison notices a method that is gone and a version that stayed. */
    @Test
    void aBrokenPackageWithAnOldVersionIsNoticed() throws Exception {
        Path whole = jar("whole", "public interface Seat { void a(); void b(); }");
        Path broken = jar("broken", "public interface Seat { void a(); }");
        assertEquals(1, compare(broken, whole).size());
        assertEquals(List.of(), compare(whole, whole));
    }

    private static List<String> compare(Path newer, Path older) throws Exception {
        List<String> faults = new ArrayList<>();
        try (Jar after = new Jar(newer.toFile());
                Jar before = new Jar(older.toFile());
                Processor reporter = new Processor()) {
            for (Baseline.Info info : new Baseline(reporter, new DiffPluginImpl()).baseline(after, before, null)) {
                if (info.mismatch) {
                    faults.add(newer.getFileName() + ": package " + info.packageName + " is version "
                            + info.newerVersion + "; its changes ask for " + info.suggestedVersion);
                }
            }
        }
        return faults;
    }

    private Path jar(String name, String source) throws Exception {
        Path sources = Files.createDirectories(folder.resolve(name).resolve("p"));
        Path file = Files.writeString(sources.resolve("Seat.java"), "package p; " + source);
        assertEquals(0, ToolProvider.getSystemJavaCompiler().run(null, null, null, file.toString()));
        Path jar = folder.resolve(name + ".jar");
        try (Jar made = new Jar(name)) {
            made.putResource("p/Seat.class", new aQute.bnd.osgi.FileResource(sources.resolve("Seat.class")));
            var manifest = new java.util.jar.Manifest();
            Map.of(
                            "Manifest-Version", "1.0",
                            "Bundle-ManifestVersion", "2",
                            "Bundle-SymbolicName", "p",
                            "Bundle-Version", "1.0.0",
                            "Export-Package", "p;version=\"1.0.0\"")
                    .forEach((key, value) -> manifest.getMainAttributes().putValue(key, value));
            made.setManifest(manifest);
            made.write(jar.toFile());
        }
        return jar;
    }

    /** What a command prints; nothing where it fails. */
    private static String output(Path in, String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .directory(in.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        return process.waitFor(5, TimeUnit.MINUTES) && process.exitValue() == 0 ? text : "";
    }
}
