package org.kolotoc.author.project;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.InputError;
import org.kolotoc.author.build.PluginProject;

/** What is in a project; that it builds, passes its suite and runs is tested on the assembled runtime. */
final class NewProjectTest {
    @TempDir
    Path folder;

    private static NewProject project(String kind, String id) {
        return new NewProject(kind, PluginName.of(id, Optional.empty()), Path.of("/home/a & b%20"));
    }

    @Test
    void nothingOfThePagesOwnNamesIsLeft() {
        for (String kind : NewProject.KINDS) {
            Page page = Page.of(kind);
            String all = String.join("\n", project(kind, "my-thing").files().values());
            assertFalse(all.contains("package example;"), kind);
            assertTrue(all.contains("class MyThingTest extends"), kind);
            assertTrue(all.contains("id = \"my-thing\""), kind);
            assertFalse(page.does().isBlank(), kind);
            assertEquals(!kind.equals("command"), page.experiment().isPresent(), kind);
            // A probe is in no experiment: it looks into a run of one.
            assertEquals(
                    page.experiment().isPresent() && !kind.equals("probe"), all.contains("\"id\": \"my-thing\""), kind);
        }
    }

    /** An id is also a word of the language, or the name of a field that belongs to another plugin. */
    @Test
    void onlyTheNameIsRenamed() {
        String sampler = project("sampler", "my-thing").files().get("src/main/java/mything/MyThing.java");
        assertTrue(sampler.contains("int[] next = new int[tokens];"), sampler);
        String experiment = project("tokenizer", "my-thing").files().get("experiment.json");
        assertTrue(experiment.contains("\"characters\": 20000"), experiment);
    }

    /** A claim is of two sides, so its project has a comparison; a command is typed itself. */
    @Test
    void whatIsTypedToTryItIsThere() {
        for (String kind : NewProject.KINDS) {
            NewProject made = project(kind, "my-thing");
            String command = kind.equals("claim") ? "compare" : "run";
            assertEquals(
                    kind.equals("command") ? Optional.empty() : Optional.of(command),
                    made.tried().map(List::getFirst),
                    kind);
            made.tried().ifPresent(typed -> assertTrue(made.files().containsKey(typed.getLast()), kind));
        }
    }

    @Test
    void itsFeatureIsTheJarThatItBuilds() {
        NewProject made = project("model", "my-thing");
        String feature = made.files().get("feature.json");
        assertTrue(feature.contains("\"bundles\": [{\"id\": \"mything:my-thing:1.0.0\"}]"), feature);
        assertEquals("target/my-thing-1.0.0.jar", made.jar());
    }

    @Test
    void itsPomSaysWhereTheContractsLie() throws IOException {
        Path made = folder.resolve("made");
        project("model", "my-thing").write(made);
        String pom = Files.readString(made.resolve("pom.xml"));
        assertTrue(pom.contains("<kolotoc.home>/home/a &amp; b%2520</kolotoc.home>"), pom);
        PluginProject read = PluginProject.read(made);
        assertEquals("my-thing", read.name());
        assertEquals("1.0.0", read.version());
        assertEquals(made.resolve("src/main/java"), read.sources());
        assertEquals("-consumer-policy: ${range;[==,=+)}", read.instructions());
    }

    @ParameterizedTest
    @CsvSource({
        "phase, plan, Plan",
        "model, list, List",
        "metric, sample, Sample",
        "data, rows, Rows",
        "judge, judge, Judge",
        "claim, trial, Trial",
        "data, rows-test, "
    })
    void aNameThatItsCodeHasAnotherUseForIsRefused(String kind, String id, String type) {
        if (type == null) {
            project(kind, id);
            return;
        }
        InputError refused = assertThrows(InputError.class, () -> project(kind, id));
        assertTrue(refused.getMessage().contains("would be called " + type + ", which is something else"), kind);
        assertTrue(refused.next().endsWith("as my-" + id), refused.next());
    }

    @Test
    void whatIsThereStaysAsItIs() throws IOException {
        Path file = Files.writeString(folder.resolve("pom.xml"), "mine");
        for (Path there : List.of(folder, file, Files.createSymbolicLink(folder.resolve("link"), Path.of("nowhere")))) {
            InputError refused = assertThrows(
                    InputError.class, () -> project("model", "my-thing").write(there));
            assertTrue(refused.getMessage().startsWith(there + " is there already"), refused.getMessage());
            assertTrue(refused.next().contains("--out <folder>"), refused.next());
        }
        InputError refused = assertThrows(
                InputError.class, () -> project("model", "my-thing").write(file.resolve("below")));
        assertTrue(refused.getMessage().contains("pom.xml"), refused.getMessage());
        assertEquals("mine", Files.readString(file));
        try (Stream<Path> list = Files.list(folder)) {
            assertEquals(2, list.count());
        }
    }
}
