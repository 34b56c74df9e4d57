package org.kolotoc.engine.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.api.InputError;
import org.kolotoc.engine.open.Options;

final class SyntaxTest {
    private static final Syntax SYNTAX = Syntax.of("try", "<file> [options]", "--resume <folder>")
            .option("--prompt", "<text>", "what to go on from")
            .flag("--all", "each for itself")
            .takes(Shared.values())
            .notes("""
                examples:
                  ./kolotoc try 100% of it
                """);

    private static InputError refused(String... line) {
        return assertThrows(InputError.class, () -> SYNTAX.parse(line).options());
    }

    /** A value stands after its option, or after an equals sign. */
    @Test
    void bothWaysToGiveAValueAreOne() {
        List<String> values = List.of("a=b", "7", "runs/x", ".", "tornado:ptx", "2", "runs/y", "40", "900m");
        List<Shared> options = List.of(
                Shared.SET,
                Shared.SEED,
                Shared.OUT,
                Shared.DATA,
                Shared.BACKEND,
                Shared.THREADS,
                Shared.RESUME,
                Shared.FROM,
                Shared.MEMORY);
        String[] apart = new String[2 * values.size()];
        String[] together = new String[values.size()];
        for (int i = 0; i < values.size(); i++) {
            apart[2 * i] = options.get(i).option();
            apart[2 * i + 1] = values.get(i);
            together[i] = options.get(i).option() + "=" + values.get(i);
        }
        Options one = SYNTAX.parse(apart).options();
        assertEquals(one, SYNTAX.parse(together).options());
        assertEquals(List.of("a=b"), one.sets());
        assertEquals(Optional.of(900_000_000L), one.memory());
        assertEquals(Optional.of(Path.of("runs/x")), one.out());
        assertEquals(Optional.of("--all"), SYNTAX.parse("--prompt=--all").text("--prompt"));
    }

    @Test
    void valuesAreTakenAsTheyStand() throws IOException {
        Path file = Files.writeString(Path.of("target/words.txt"), "one two");
        Line line = SYNTAX.parse(
                "@" + file, "--prompt", "say \"no\" = @" + file + " ", "--set", "a=\"b c\"", "--set=d=e=f");
        assertEquals(List.of("@" + file), line.files());
        assertEquals(Optional.of("say \"no\" = @" + file + " "), line.text("--prompt"));
        assertEquals(List.of("a=\"b c\"", "d=e=f"), line.options().sets());
        assertEquals(Optional.of(-5L), SYNTAX.parse("--seed", "-5").options().seed());
        assertEquals(
                Optional.of(2L),
                SYNTAX.parse("--seed", "1", "--seed", "2").options().seed(),
                "the last one holds");
        assertEquals(List.of("--all", "-x"), SYNTAX.parse("--", "--all", "-x").files());
    }

    @Test
    void whatWasNotGivenIsNotThere() {
        Options none = SYNTAX.parse().options();
        assertEquals(Options.none(), none);
        assertTrue(SYNTAX.parse("--json", "--all").has("--all"));
    }

    @ParameterizedTest
    @CsvSource({
        "--promt, did you mean '--prompt'?",
        "--thread=2, did you mean '--threads'?",
        "--set:a=b, try has no option --set:a",
        "-x, try has no option -x",
        "--ou, did you mean '--out'?",
    })
    void anUnknownOptionIsRefusedWithTheNearest(String option, String message) {
        InputError error = refused("file", option);
        assertTrue(error.getMessage().contains(message), error.getMessage());
        assertTrue(error.next().contains("./kolotoc try --help"), error.next());
    }

    @ParameterizedTest
    @ValueSource(strings = {"--set", "--seed", "--out", "--prompt"})
    void anOptionWithoutItsValueIsNamed(String option) {
        assertTrue(refused(option)
                .getMessage()
                .startsWith("option " + option + " needs a value after it: " + option + " <"));
        assertTrue(refused(option, "--json").getMessage().contains(option), "another option is no value");
    }

    @ParameterizedTest
    @CsvSource({
        "--threads=0, --threads 0: expected 1 to 1024",
        "--threads=many, --threads many: expected a whole number",
        "--seed=1.5, --seed 1.5: expected a whole number",
        "--from=, --from : expected a whole number",
        "--memory=lots, --memory lots: expected a number of bytes",
        "--memory=0g, --memory 0g",
        "--data=nowhere, --data nowhere: there is no such folder",
        "--data=pom.xml, --data pom.xml: that is no folder",
        "--json=yes, --json",
    })
    void aValueThatIsNoneIsNamed(String option, String message) {
        assertTrue(
                refused(option).getMessage().contains(message),
                () -> refused(option).getMessage());
    }

    @Test
    void aPathThatIsNoneIsNamed() {
        assertTrue(refused("--out", "a\0b").getMessage().startsWith("--out 'a\0b' is no path"));
        InputError error =
                assertThrows(InputError.class, () -> SYNTAX.parse("a\0b").file("one file", "./kolotoc try file"));
        assertTrue(error.getMessage().contains("is no path"), error.getMessage());
    }

    @Test
    void helpTellsUsageOptionsAndExamplesInPlainText() {
        String help = SYNTAX.help();
        assertTrue(
                help.startsWith("usage: ./kolotoc try <file> [options]\n       ./kolotoc try --resume <folder>\n"),
                help);
        for (Shared option : Shared.values()) {
            assertTrue(help.contains(" " + option.option() + " "), option + " is not in " + help);
        }
        assertTrue(help.contains("--prompt <text> "), help);
        assertTrue(help.contains("\nexamples:\n  ./kolotoc try 100% of it"), help);
        assertFalse(help.contains("\033"), "colours");
        assertTrue(help.lines().allMatch(line -> line.length() <= 120), help);
    }

    @Test
    void completionKnowsCommandsOfBundlesAndOthers(@TempDir Path folder) {
        String script = Syntax.completion(List.of(SYNTAX), List.of("--plugin= --debug", "build --all", "lines"));
        for (String word : List.of("try", "build", "lines", "--prompt", "--all", "--plugin", "--debug", "--backend")) {
            assertTrue(script.contains("'" + word + "'") || script.contains(word), word);
        }
        assertFalse(script.contains("'--plugin='"));
    }

    /** As bash asks for it, in a folder with runs of which one has a socket. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void completionKnowsTheRunsThatGoOn(@TempDir Path folder) throws IOException, InterruptedException {
        Path script = folder.resolve("script");
        Files.writeString(
                script,
                Syntax.completion(List.of(SYNTAX, Syntax.of("save").ofLiveRuns().flag("--all", "")), List.of()));
        Files.createDirectories(folder.resolve("runs/ended"));
        Files.createDirectories(folder.resolve("runs/fake"));
        Files.writeString(folder.resolve("runs/fake/control.sock"), "");
        Files.createDirectories(folder.resolve("runs/goes-on"));
        try (ServerSocketChannel socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            socket.bind(UnixDomainSocketAddress.of(folder.resolve("runs/goes-on/control.sock")));
            assertEquals("runs/goes-on", completed(script, "save", "''"));
            assertEquals("runs/goes-on", completed(script, "save", "runs/g"));
            assertEquals("", completed(script, "save", "runs/e"));
            assertEquals("--all", completed(script, "save", "--a"));
            assertEquals("", completed(script, "try", "runs/g"), "which takes none");
            assertEquals("save", completed(script, "sav"));
        }
    }

    private static String completed(Path script, String... words) throws IOException, InterruptedException {
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "compopt() { :; }; source '" + script + "'; COMP_WORDS=(kolotoc " + String.join(" ", words)
                                + "); COMP_CWORD=" + words.length + "; _complete_kolotoc; echo \"${COMPREPLY[@]}\"")
                .directory(script.getParent().toFile())
                .redirectErrorStream(true)
                .start();
        String said = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, bash.waitFor(), said);
        return said;
    }

    /** Wherever a line ends, it does not end within a command. */
    @Test
    void aLineDoesNotEndWithinACommand() {
        for (int length = 1; length < 120; length++) {
            String help = Syntax.of("x", "")
                    .flag("--y", "a".repeat(length) + " see ./kolotoc why and --set-it")
                    .help();
            assertTrue(help.contains("./kolotoc why"), help);
            assertTrue(help.contains("--set-it"), help);
            assertTrue(help.lines().allMatch(line -> line.length() <= 120), help);
        }
    }
}
