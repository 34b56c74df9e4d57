package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;

/** Two versions of a plugin serve runs of one host; one that is taken out serves its run to the end, and nobody else notices. */
final class VersionsTest {
    @TempDir
    static Path folder;

    private static Path experiment(String name, String phase) throws Exception {
        return Files.writeString(folder.resolve(name + ".json"), """
            {"schema": "kolotoc.experiment/1", "name": "%s", "seed": 3,
              "data": {"id": "template-world", "characters": 20000},
              "tokenizer": {"id": "char"},
              "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 16, "context": 16},
              "phases": [{"id": "sum", "steps": 6%s}]}
            """.formatted(name, phase));
    }

    private static void feature(Path source, String name, String... bundles) throws Exception {
        Files.writeString(
                source.resolve(name + ".json"),
                "{\"feature-resource-version\": \"1.0\", \"id\": \"g:" + name + ":1.0.0\", \"bundles\": [{\"id\": \""
                        + String.join("\"}, {\"id\": \"", bundles) + "\"}]}");
    }

    private static float sum(String run) throws Exception {
        byte[] state = Files.readAllBytes(Tiny.state(folder.resolve("runs").resolve(run), 6));
        return ByteBuffer.wrap(state).order(ByteOrder.LITTLE_ENDIAN).getFloat(state.length - 4);
    }

    @Test
    void aVersionThatIsTakenOutServesItsRunToTheEndAndNoOtherBundleIsTouched() throws Exception {
        Map<String, Path> first = SumPlugins.version(folder.resolve("first"), "1.0.0", "1", "0");
        Map<String, Path> second = SumPlugins.version(folder.resolve("second"), "2.0.0", "1", "0.5f");
        Path source = Files.createDirectories(folder.resolve("source"));
        Files.copy(first.get("lib"), source.resolve("lib-1.jar"));
        Files.copy(first.get("sum"), source.resolve("sum-1.jar"));
        Files.copy(second.get("sum"), source.resolve("sum-2.jar"));
        feature(source, "old", "g:lib:1", "g:sum:1");
        feature(source, "new", "g:lib:1", "g:sum:2");
        Path home = Files.createDirectories(folder.resolve("home"));
        for (String part : List.of("launcher", "lib", "features")) {
            Files.createSymbolicLink(home.resolve(part), Assembled.HOME.resolve(part));
        }
        Path driver = OutsideBundle.build(
                "versions",
                folder.resolve("driver"),
                Assembled.jar("org.kolotoc.engine"),
                OutsideBundle.home(Bundle.class).toPath());
        Launch.Result result = Launch.start(
                        home,
                        "versions",
                        experiment("old", ", \"pluginVersion\": \"1\""),
                        experiment("any", ""),
                        source,
                        Files.createDirectories(folder.resolve("runs")),
                        "--plugin",
                        driver)
                .end()
                .expect(0);
        List<String> said = result.out().lines().toList();
        assertEquals(
                List.of(
                        "again FINISHED 6",
                        "removed [hostile.sum 1.0.0] used [hostile.sum 1.0.0]",
                        "old bundle " + Bundle.ACTIVE + ", touched []",
                        "next FINISHED 6"),
                said.subList(0, 4),
                result.out());
        assertTrue(
                said.get(4)
                        .contains("$.phases[0].pluginVersion: no version \"1\" of the phase 'sum' is plugged in; there"
                                + " is hostile.sum 2.0.0"),
                said.get(4));
        assertEquals(
                List.of(
                        "before the end " + Bundle.ACTIVE,
                        "old FINISHED 6",
                        "after the end " + Bundle.UNINSTALLED + ", touched [hostile.sum 1.0.0]",
                        "loader gone",
                        "library used 1",
                        "any FINISHED 6",
                        "library " + Bundle.UNINSTALLED + ", importer " + Bundle.ACTIVE
                                + ", touched [hostile.lib 1.2.3]",
                        "its loader gone",
                        "importer " + Bundle.UNINSTALLED + ", touched [hostile.sum 2.0.0]"),
                said.subList(5, said.size()),
                result.out());
        assertEquals(21, sum("old"), "1 + 2 + 3 + 4 + 5 + 6");
        assertEquals(24, sum("any"), "1.5 + 2.5 + 3.5 + 4.5 + 5.5 + 6.5");
        assertEquals(24, sum("next"));
    }
}
