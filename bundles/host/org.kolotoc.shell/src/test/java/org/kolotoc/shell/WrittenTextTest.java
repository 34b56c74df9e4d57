package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.ToIntFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.Engine;
import org.kolotoc.sampler.text.ChatSampler;
import org.kolotoc.sampler.text.NextWordsSampler;

/** A model that learned from escape sequences writes them: a terminal gets none of them, and a file or a pipe each as it is. */
class WrittenTextTest {
    private static final String ESCAPE = "\u001b";
    private static final String BELL = "\u0007";
    private static final String OVERRIDE = "\u202e";
    private static final List<String> HOSTILE = List.of(ESCAPE, BELL, OVERRIDE, "\r", "\u009b");

    @TempDir
    static Path temporary;

    private static Path run;
    private static FakeHost host;
    private static Engine engine;

    @BeforeAll
    static void train() throws Exception {
        host = FakeHost.standard()
                .plug(Sampler.class, Seat.SAMPLER, "next-words", new NextWordsSampler())
                .plug(Sampler.class, Seat.SAMPLER, "chat", new ChatSampler());
        engine = host.engine();
        Files.writeString(temporary.resolve("text.txt"), ("a\tb\n" + String.join("", HOSTILE)).repeat(200));
        Path experiment = Files.writeString(temporary.resolve("hostile.json"), """
            {"schema": "kolotoc.experiment/1", "backend": "reference", "data": {"id": "text", "path": "text.txt"},
             "tokenizer": {"id": "char"}, "model": {"id": "gpt", "layers": 1, "heads": 1, "width": 4, "context": 16},
             "phases": [{"id": "pretrain", "steps": 1, "batch": 2, "warmup": 1, "evaluationBatches": 1}],
             "samples": {"id": "text", "prompt": "a", "length": 60}}
            """);
        run = temporary.resolve("run");
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false), experiment.toString(), "--out", run.toString());
        assertEquals(0, printed.code(), printed.err());
        requireVisible(printed.out());
    }

    private static void requireVisible(String out) {
        for (String hostile : HOSTILE) {
            assertFalse(out.contains(hostile), () -> "it has the character " + hostile.codePointAt(0));
        }
        assertTrue(out.contains("\\u{1b}") && out.contains("\\u{202e}"), out);
    }

    private static void requireRaw(String out) {
        HOSTILE.forEach(hostile -> assertTrue(out.contains(hostile), out));
    }

    private Terminal on(boolean terminal) {
        return terminal
                ? FakeHost.standard().onTerminal().terminal()
                : FakeHost.standard().terminal();
    }

    private Printed printed(ToIntFunction<String[]> command, String... more) {
        String[] line = new String[more.length + 2];
        line[0] = run.toString();
        line[1] = "--quiet";
        System.arraycopy(more, 0, line, 2, more.length);
        Printed printed = Printed.by(command, line);
        assertEquals(0, printed.code(), printed.err());
        return printed;
    }

    @Test
    void samplesAndContinuationsAreShownAsTextAlone() {
        requireVisible(
                printed(new SampleCommand(engine, on(true)), "--count", "5").out());
        String json = printed(new SampleCommand(engine, on(true)), "--count", "5", "--json")
                .out();
        assertTrue(json.contains("\\u001b") && !json.contains(ESCAPE), json);
        String[] prompt = {"--prompt", "a", "--n", "3"};
        String shown = printed(new GenerateCommand(engine, on(true)), prompt).out();
        requireVisible(shown);
        assertTrue(shown.contains("\t") && shown.lines().count() > 3, "tabs and lines stay: " + shown);
        requireRaw(printed(new GenerateCommand(engine, on(false)), prompt).out());
        requireRaw(printed(new SampleCommand(engine, on(false)), "--count", "5").out());
    }

    @Test
    void wordsAreShownAsTextAlone() {
        Printed table = Printed.by(new NextCommand(engine, on(true)), run.toString(), "a", "--quiet", "--words", "30");
        assertEquals(0, table.code(), table.err());
        requireVisible(table.out());
    }

    @Test
    void answersAreShownAsTextAlone() throws Exception {
        requireVisible(answers(true));
        String raw = answers(false);
        assertTrue(raw.contains(ESCAPE) && raw.contains(OVERRIDE), raw);
        assertEquals(6, raw.lines().count(), "an answer is a line: " + raw);
    }

    private String answers(boolean terminal) throws Exception {
        InputStream before = System.in;
        System.setIn(
                new ByteArrayInputStream("a\na\n/again\n/again\n/again\n/again\n".getBytes(StandardCharsets.UTF_8)));
        try {
            return printed(new ChatCommand(engine, on(terminal), () -> false, () -> {}))
                    .out();
        } finally {
            System.setIn(before);
        }
    }
}
