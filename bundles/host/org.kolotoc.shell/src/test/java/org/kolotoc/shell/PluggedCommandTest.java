package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Command.Arguments;
import org.kolotoc.api.Family;
import org.kolotoc.api.InputError;
import org.kolotoc.api.SeatKind;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.engine.command.Syntax;

/** A command that a plugin brings: its line is read, explained and refused by its settings record. */
final class PluggedCommandTest {
    enum Manner {
        KIND,
        VERY_RUDE
    }

    @SeatKind(value = "voice", summary = "how it is said")
    interface VoiceFamily<S extends Record> extends Family<S, String> {}

    record Loudness(@Default("1") int marks) {}

    record Loud() implements VoiceFamily<Loudness> {
        @Override
        public Class<Loudness> settings() {
            return Loudness.class;
        }

        @Override
        public String create(Loudness own) {
            return "!".repeat(own.marks());
        }
    }

    record Greeting(
            @Help("who is greeted") @Arguments List<String> names,
            @Help("how often") @Range(min = 1, max = 9) int timesEach,
            @Default("false") @Help("in capitals") boolean loud,
            @Help("how") @Default("\"kind\"") Manner manner,
            @Default("[]") @Range(min = 0) List<Double> pauses,

            @Default("{\"id\": \"loud\"}") @Filled(VoiceFamily.class)
            String voice) {}

    /** Says what it was told, or breaks. */
    record Greet(Class<Greeting> settings) implements org.kolotoc.api.Command<Greeting> {
        @Override
        public boolean run(Greeting own, PrintStream out) throws IOException {
            switch (own.names().getFirst()) {
                case "nobody" -> throw InputError.of("nobody is there", "ask somebody else");
                case "missing" -> throw new NoSuchFileException("greetings.txt");
                case "broken" -> throw new IllegalStateException("no voice");
                default -> out.println(own);
            }
            return !own.names().contains("stranger");
        }
    }

    private final FakeHost host = new FakeHost()
            .plug(org.kolotoc.api.Command.class, "command", "greet", new Greet(Greeting.class))
            .plug(VoiceFamily.class, "voice", "loud", new Loud());
    private final PrintStream realOut = System.out;
    private final PrintStream realErr = System.err;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void listen() {
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void stopListening() {
        System.setOut(realOut);
        System.setErr(realErr);
    }

    private String runs(int code, String... line) {
        out.reset();
        err.reset();
        PluggedCommand command = new PluggedCommand("greet", "says hello", host.engine(), host.terminal());
        assertEquals(code, command.applyAsInt(line), () -> out + "\n" + err);
        return (code == 2 ? err : out).toString(StandardCharsets.UTF_8);
    }

    private void refused(String line, String... parts) {
        String said = runs(2, line.split(" "));
        for (String part : parts) {
            assertTrue(said.contains(part), () -> "«" + part + "» expected in " + said);
        }
    }

    @Test
    void aLineIsTheSettings() {
        assertEquals(
                "Greeting[names=[Eva, Jan], timesEach=3, loud=true, manner=VERY_RUDE, pauses=[0.5, 1.0], voice=!!]\n",
                runs(
                        0,
                        "Eva",
                        "--times-each",
                        "3",
                        "--manner=very-rude",
                        "--loud",
                        "Jan",
                        "--pauses",
                        "0.5",
                        "--pauses",
                        "1",
                        "--voice",
                        "{\"id\": \"loud\", \"marks\": 2}"));
        assertEquals(
                "Greeting[names=[Eva], timesEach=1, loud=false, manner=KIND, pauses=[], voice=!]\n",
                runs(0, "--times-each=1", "Eva", "--voice", "loud"));
    }

    @Test
    void whatItJudgesIsItsExitCode() {
        runs(1, "stranger", "--times-each", "1");
    }

    @Test
    void everyFaultNamesWhatWasTyped() {
        refused(
                "Eva --times-each 0 --manner rude --pauses 1 --pauses -2 --voice lod",
                "the line has 4 faults",
                "--times-each: is 0; expected a whole number, 1 to 9",
                "--manner: is \"rude\"; expected one of kind, very-rude",
                "--pauses[1]: is -2",
                "--voice.id: there is no voice 'lod'; did you mean 'loud'?",
                "do: ./kolotoc greet --help shows what it takes");
        refused("--times-each three", "<names>: is missing", "--times-each: is \"three\"; expected a whole number");
        refused("Eva --time-each 3", "greet has no option --time-each; did you mean '--times-each'?");
    }

    @Test
    void helpIsMadeOfTheRecord() {
        String help = runs(0, "--help");
        for (String part : List.of(
                "usage: ./kolotoc greet <names>... --times-each <number> [options]",
                "how often",
                "--loud",
                "in capitals",
                "--manner <name>",
                "how; kind if not given",
                "--voice <id>",
                "says hello")) {
            assertTrue(help.contains(part), () -> "«" + part + "» expected in " + help);
        }
    }

    @Test
    void itIsCompleted() {
        PluggedCommand command = new PluggedCommand("greet", "says hello", host.engine(), host.terminal());
        String script = Syntax.completion(List.of(command.syntax()), List.of());
        assertTrue(script.contains("--times-each") && script.contains("--loud"), script);
    }

    @Test
    void whatGoesWrongIsSaidAsByAnyCommand() {
        refused("nobody --times-each 1", "nobody is there", "do: ask somebody else");
        refused("missing --times-each 1", "kolotoc: a file can't be read or written: greetings.txt");
        refused(
                "broken --times-each 1",
                "the command 'greet' (bundle test.command.greet 0.1.0) failed while it ran:"
                        + " java.lang.IllegalStateException: no voice");
    }

    @Test
    void aCommandWithoutArgumentsRefusesThem() {
        record Plain(Class<Settings.None> settings) implements org.kolotoc.api.Command<Settings.None> {
            @Override
            public boolean run(Settings.None own, PrintStream out) {
                return true;
            }
        }
        host.plug(org.kolotoc.api.Command.class, "command", "plain", new Plain(Settings.None.class));
        PluggedCommand command = new PluggedCommand("plain", "", host.engine(), host.terminal());
        assertEquals(2, command.applyAsInt(new String[] {"word"}));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains("'word' is not expected here"), err::toString);
    }

    @Test
    void anOptionThatEveryCommandHasIsRefused() {
        record Odd(@Default("false") boolean help) {}
        record Odder(Class<Odd> settings) implements org.kolotoc.api.Command<Odd> {
            @Override
            public boolean run(Odd own, PrintStream out) {
                return true;
            }
        }
        host.plug(org.kolotoc.api.Command.class, "command", "odd", new Odder(Odd.class));
        PluggedCommand command = new PluggedCommand("odd", "", host.engine(), host.terminal());
        assertEquals(2, command.applyAsInt(new String[0]));
        assertTrue(
                err.toString(StandardCharsets.UTF_8)
                        .contains("the command 'odd' (bundle test.command.odd 0.1.0) has a field 'help'"),
                err::toString);
    }
}
