package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.probe.Probe;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.event.Event;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.run.Run;
import org.kolotoc.probe.Attention;
import org.kolotoc.probe.GradientNorms;
import org.kolotoc.probe.UpdateRatio;

/** The commands that speak to runs, and what they print. */
@Timeout(120)
@DisabledOnOs(OS.WINDOWS)
final class LiveCommandsTest {
    private static final String EXPERIMENT = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "small",
          "backend": "reference",
          "data": {"id": "template-world", "characters": 2000},
          "tokenizer": {"id": "char"},
          "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
          "phases": [{"id": "pretrain", "steps": 100000, "batch": 2, "evaluationBatches": 2}],
          "samples": {"count": 2, "length": 5, "prompt": " "}
        }
        """;

    @TempDir
    Path folder;

    private FakeHost host;
    private Engine engine;
    private final List<Run> begun = new ArrayList<>();

    @BeforeEach
    void host() throws IOException {
        host = FakeHost.standard()
                .at(folder)
                .plug(Probe.class, Probe.KIND, "gradient-norms", new GradientNorms())
                .plug(Probe.class, Probe.KIND, "attention", new Attention())
                .plug(Probe.class, Probe.KIND, "update-ratio", new UpdateRatio());
        engine = host.engine();
        Files.writeString(folder.resolve("small.json"), EXPERIMENT);
    }

    @AfterEach
    void stop() throws Exception {
        for (Run run : begun) {
            run.stop();
            run.result();
        }
    }

    /** A run that waits before its first step. */
    private Path waiting() throws InterruptedException {
        Run[] run = new Run[1];
        CountDownLatch ready = new CountDownLatch(1);
        CountDownLatch paused = new CountDownLatch(1);
        Consumer<Event> pausing = event -> {
            if (event instanceof Event.Began) {
                await(ready);
                run[0].pause();
            } else if (event instanceof Event.Paused) {
                paused.countDown();
            }
        };
        run[0] = engine.start(
                ExperimentFile.read(folder.resolve("small.json")), Options.none(), new Client(() -> false, pausing));
        begun.add(run[0]);
        ready.countDown();
        paused.await();
        return run[0].folder().orElseThrow();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private Printed status(Object... line) {
        return Printed.by(new StatusCommand(engine, host.terminal()), words(line));
    }

    private Printed sample(Object... line) {
        return Printed.by(new SampleCommand(engine, host.terminal()), words(line));
    }

    private Printed command(String name, Object... line) {
        return Printed.by(
                name.equals("evaluate")
                        ? new EvaluateCommand(engine, host.terminal(), () -> false)
                        : LiveCommands.all(engine, host.terminal()).stream()
                                .filter(one -> one.name().equals(name))
                                .findFirst()
                                .orElseThrow(),
                words(line));
    }

    private static String[] words(Object... line) {
        return java.util.Arrays.stream(line).map(Object::toString).toArray(String[]::new);
    }

    private static String done(Printed printed) {
        assertEquals(0, printed.code(), printed.err());
        return printed.out();
    }

    private static void refused(Printed answer, String... parts) {
        assertEquals(2, answer.code(), answer.out());
        for (String part : parts) {
            assertTrue(answer.err().contains(part), () -> "«" + part + "» expected in " + answer.err());
        }
        assertFalse(answer.err().contains("\tat "), answer.err());
    }

    @Test
    void oneRunIsSpokenToWithoutItsName() throws Exception {
        Path run = waiting();
        String table = done(status());
        assertEquals(
                List.of("run", "state", "phase", "step", "of", "measure", "rate", "left", "process"),
                List.of(table.lines().findFirst().orElseThrow().split(" +")));
        assertTrue(
                table.lines().toList().get(1).matches("\\Q" + run + "\\E +paused +pretrain +0 +100000 +\\d+"), table);
        assertTrue(
                done(status(run)).matches("(?s)run .*\nstate +paused, step 0 of 100000\n.*\nloss/validation +\\d.*"),
                done(status(run)));
        for (String json : List.of(done(status("--json")), done(status(run, "--json")))) {
            assertTrue(json.startsWith("[\n  {\n    \"folder\": \"" + run + "\",\n    \"name\": \"small\""), json);
            assertTrue(json.contains("\"state\": \"paused\""), json);
        }
        assertTrue(done(command("evaluate")).matches("(?s)after step 0, pretrain\nloss/validation +\\d\\.\\d+\n"));
        assertTrue(done(command("evaluate", run, "--json")).contains("\"loss/validation\": "));
        String drawn = done(sample("--live"));
        assertEquals(2 * 6 + "\n---\n\n".length(), drawn.length(), drawn);
        assertTrue(done(sample(run, "--live", "--json")).startsWith("[\n  \""));
        assertEquals("saved after step 0\n", done(command("save")));
        assertEquals("goes on\n", done(command("go")));
        assertTrue(done(command("pause"))
                .matches("waits after step \\d+; let it go on: ./kolotoc go \\Q" + run + "\\E\n"));
        assertEquals("goes on\n", done(command("go", run)));
        assertEquals("did not wait, and goes on\n", done(command("go")));
        String end = done(command("stop"));
        assertTrue(
                end.matches("stopped and saved after step \\d+; go on: ./kolotoc run --resume \\Q" + run + "\\E\n"),
                end);
        String none = done(status());
        assertTrue(none.startsWith("no run goes on in " + folder.resolve("runs") + "; "), none);
        assertTrue(none.contains("./kolotoc status <folder of runs>"), none);
        assertEquals("[]\n", done(status("--json")));
        refused(command("pause"), "no run goes on in " + folder.resolve("runs"), "./kolotoc pause <run folder>");
        refused(command("pause", run), "has ended: stopped after step", "./kolotoc run --resume " + run);
        refused(status(run), "has ended: stopped after step");
        refused(sample("--live", run), "has ended: stopped after step");
    }

    private Printed probe(Object... line) {
        return Printed.by(new ProbeCommand(engine, host.terminal()), words(line));
    }

    @Test
    void whatProbesReadIsPrinted() throws Exception {
        Path run = waiting();
        assertEquals("no probe reads in " + run + "\n", done(probe()));
        assertTrue(
                done(probe("gradient-norms"))
                        .matches("the probe 'gradient-norms' reads each step whose number 10 divides, with [\\d.]+ .B,"
                                + " into \\Q" + run + "\\E/probes.jsonl\n"),
                "attached");
        assertTrue(done(probe(run, "attention", "--every", "1")).contains("reads every step, with "));
        refused(probe(run, "attention", "--once"), "the run waits", "./kolotoc go " + run);
        done(command("go"));
        String once = done(probe(run, "update-ratio", "--once"));
        assertTrue(once.matches("(?s)step \\d+, train, run 1 *\nmodel/token.weight +0\\.\\d+\n.*"), once);
        Path pictures = folder.resolve("pictures");
        assertTrue(done(probe("attention", "--once", "--folder", pictures, "--json"))
                .contains("\"block0.attention/entropy/head1\": "));
        assertTrue(Files.size(pictures.resolve("0.png")) > 50);
        done(command("pause"));
        String table = done(probe(run));
        assertEquals(3, table.lines().count(), table);
        assertTrue(
                table.matches("(?s)probe +every +read in step +of +values\ngradient-norms +10 +\\d+.*\nattention +1"
                        + " +\\d+ +train +block0.attention/entropy/head0 \\d.*"),
                table);
        assertTrue(done(status(run)).endsWith("\n" + table), done(status(run)));
        assertTrue(done(probe("--json")).contains("\"probe\": \"attention\""));
        assertTrue(done(probe("attention", "--off")).matches("the probe 'attention' is off after step \\d+\n"));
        refused(probe("attention", "--off"), "does not read in this run; there is gradient-norms", "name one of these");
        refused(probe("attention", "--off", "--once"), "--off takes the probe off");
        refused(probe("attention", "--every", "2", "--once"), "--once reads the next step alone");
        refused(probe("attenton"), "there is no probe 'attenton'; did you mean 'attention'?");
        refused(probe("a", "b", "c"), "3 words were given");
    }

    @Test
    void ofSeveralOneIsNamed() throws Exception {
        Path one = waiting();
        Path two = waiting();
        assertEquals(3, done(status()).lines().count());
        assertEquals(
                3,
                done(status(folder.resolve("runs"), Files.createDirectory(folder.resolve("empty"))))
                        .lines()
                        .count());
        refused(status(folder.resolve("runs"), folder.resolve("none")), "there is no folder " + folder.resolve("none"));
        refused(command("save"), "2 runs go on in ", "\n  " + one, "\n  " + two, "do: ./kolotoc save " + one);
        assertEquals("saved after step 0\n", done(command("save", two)));
        refused(command("save", one, two), "expected one run folder, 2 were given");
        refused(command("save", folder.resolve("none")), "there is no folder " + folder.resolve("none"));
        refused(command("save", folder), folder + " is no run folder");
    }

    @Test
    void whatALiveRunSaysForItselfIsNotGiven() throws Exception {
        Path run = waiting();
        refused(
                sample(run, "--live", "--prompt", "A"),
                "--live draws what the experiment of the run says; --prompt was given too",
                "leave --prompt out");
        refused(sample(run, "--live", "--sample", "picture"), "has no samples 'picture' (there is text)");
    }

    @Test
    void whoFollowsReadsEventsAsARunPrintsThem() throws Exception {
        Path run = waiting();
        Thread later = Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(1000);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            begun.getFirst().stop();
        });
        String events = done(status(run, "--follow"));
        later.join();
        assertTrue(events.lines().allMatch(line -> line.startsWith("{\"event\":\"")), events);
        assertTrue(events.contains("{\"event\":\"saved\",\"step\":0}"), events);
        assertTrue(events.lines().toList().getLast().contains("\"event\":\"ended\""), events);
        assertEquals(Optional.of(run), begun.getFirst().folder());
    }
}
