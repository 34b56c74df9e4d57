package org.kolotoc.console;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jline.reader.Candidate;
import org.jline.reader.Parser;
import org.jline.reader.impl.DefaultParser;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.command.Shared;
import org.kolotoc.engine.command.Syntax;

/** What the tab key offers, as JLine asks for it. */
class WordsTest {
    @TempDir
    Path folder;

    private Words words;

    @BeforeEach
    void runsAndCommands() throws IOException {
        Files.createDirectories(folder.resolve("runs/first-1"));
        Files.createDirectories(folder.resolve("examples"));
        Files.writeString(folder.resolve("examples/small.json"), "{}");
        Files.writeString(folder.resolve("examples/.hidden"), "");
        words = new Words(
                () -> List.of("list", "run"),
                name -> name.equals("run")
                        ? Optional.of(Syntax.of("run", "<experiment>").takes(Shared.SEED, Shared.OUT))
                        : Optional.empty(),
                () -> Map.of("model", List.of("gpt"), "probe", List.of("attention")),
                folder.resolve("runs"));
    }

    /** What is offered of a line that was typed so far, as JLine would leave it: by its beginning. */
    private List<String> offered(String line) {
        List<Candidate> candidates = new ArrayList<>();
        var parsed = new DefaultParser().parse(line, line.length(), Parser.ParseContext.COMPLETE);
        words.complete(null, parsed, candidates);
        String begun = parsed.word().substring(0, parsed.wordCursor());
        return List.copyOf(new TreeSet<>(candidates.stream()
                .map(Candidate::value)
                .filter(value -> value.startsWith(begun))
                .toList()));
    }

    @Test
    void commandsBegin() {
        assertEquals(List.of("exit", "help", "list", "run"), offered(""));
        assertEquals(List.of("list"), offered("li"));
        assertEquals(List.of("run"), offered("help r"));
    }

    @Test
    void optionsFollow() {
        assertEquals(List.of("--help", "--out", "--seed"), offered("run small.json --"));
        assertEquals(List.of("--seed"), offered("run --s"));
        assertEquals(List.of(), offered("list --"), "which says not what it takes");
    }

    @Test
    void idsOfWhatIsPluggedInAreOffered() {
        assertEquals(List.of("model", "model:gpt"), offered("swap mod"));
        assertEquals(List.of("attention"), offered("probe att"));
    }

    @Test
    void runsAndPathsAreOffered() {
        assertEquals(List.of(folder + "/runs/first-1/"), offered("status " + folder + "/runs/"));
        assertEquals(List.of(folder + "/examples/small.json"), offered("run " + folder + "/examples/s"));
        assertFalse(offered("run " + folder + "/examples/").toString().contains("hidden"));
        assertEquals(List.of(), offered("run " + folder + "/nowhere/"));
        assertTrue(offered("status ").contains(folder + "/runs/first-1/"), "though nothing of it was typed");
    }
}
