package org.kolotoc.engine.feature;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;

/** A feature that nobody asked for keeps nobody from another. */
final class SourceTest {
    @TempDir
    Path folder;

    private Source source(String... names) throws IOException {
        for (String name : names) {
            Files.writeString(folder.resolve(name + ".json"), """
                {"feature-resource-version": "1.0", "id": "g:%s:1.0.0", "bundles": [{"id": "g:%1$s:1.0.0"}]}
                """.formatted(name));
        }
        Files.createDirectories(folder.resolve("target"));
        Files.writeString(folder.resolve("target/whole-1.0.0.jar"), "");
        Files.writeString(folder.resolve("template.json"), """
            {"feature-resource-version": "1.0", "id": "g:t:${version}", "bundles": []}
            """);
        return Source.of(folder.toString(), Optional.empty(), folder);
    }

    @Test
    void oneThatCannotBeReadConcernsWhoAsksForIt() throws IOException {
        Source source = source("whole", "lacking");
        assertEquals("1.0.0", source.feature("whole").version());
        assertTrue(assertThrows(InputError.class, () -> source.feature("lacking"))
                .getMessage()
                .contains("target/lacking-1.0.0.jar"));
        assertTrue(assertThrows(InputError.class, () -> source.feature("template"))
                .getMessage()
                .contains("the id \"g:t:${version}\" is none"));
        List<Offered> listed = source.listed();
        assertEquals(
                List.of("whole", "lacking", "template"),
                listed.stream().map(Offered::name).toList());
        assertTrue(listed.get(1).description().startsWith("can't be installed: "), listed::toString);
    }

    @Test
    void whereNoneCanBeReadTheFirstIsTold() throws IOException {
        assertTrue(assertThrows(InputError.class, () -> source("lacking"))
                .getMessage()
                .contains("lacking-1.0.0.jar"));
    }
}
