package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A folder of experiments, run one after the other. */
final class SuiteCommandTest {
    private static final String EXPERIMENT = """
        {
          "schema": "kolotoc.experiment/1",
          "name": "%s",
          "backend": "reference",
          "data": {"id": "template-world", "characters": 2000},
          "tokenizer": {"id": "char"},
          "model": {"id": "%s", "layers": 1, "heads": 2, "width": 8, "context": 8},
          "phases": [{"id": "pretrain", "steps": %d, "batch": 2, "evaluationBatches": 2}],
          "controls": false,
          "criteria": [%s]
        }
        """;

    private static final String EASY = "{\"metric\": \"loss/validation\", \"max\": 100}";
    private static final String HARD = "{\"metric\": \"loss/validation\", \"max\": 0.001}";
    private static final int ENDLESS = 1_000_000;

    @TempDir
    Path folder;

    private FakeHost host;
    private Path experiments;
    private Path out;

    @BeforeEach
    void experiments() throws IOException {
        host = FakeHost.standard().at(folder);
        experiments = Files.createDirectory(folder.resolve("experiments"));
        out = folder.resolve("suite");
    }

    private void put(String name, String model, int steps, String criteria) throws IOException {
        Files.writeString(experiments.resolve(name + ".json"), EXPERIMENT.formatted(name, model, steps, criteria));
    }

    private Printed suite(BooleanSupplier stop, String... options) {
        List<String> line = new ArrayList<>(List.of(experiments.toString(), "--out", out.toString()));
        line.addAll(List.of(options));
        return Printed.by(new SuiteCommand(host.engine(), host.terminal(), stop), line.toArray(String[]::new));
    }

    private Printed suite(String... options) {
        return suite(() -> false, options);
    }

    private static void says(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "«" + part + "» expected in " + text);
        }
        assertFalse(text.contains("\tat "), text);
    }

    private static void row(Printed answer, String pattern) {
        assertTrue(
                answer.out().lines().anyMatch(line -> line.matches(pattern)),
                () -> pattern + " expected in " + answer.out());
    }

    private List<String> log() throws IOException {
        return Files.readAllLines(out.resolve("suite.jsonl"));
    }

    /** Steps that were taken, of all runs. */
    private int steps(String run) {
        Path metrics = out.resolve(run).resolve("metrics.jsonl");
        try {
            return Files.exists(metrics) ? Files.readAllLines(metrics).size() : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void everyExperimentHasARowAndTheReportsAreLinked() throws IOException {
        put("a-met", "gpt", 2, EASY);
        put("b-unmet", "gpt", 2, HARD);
        put("c-broken", "gtp", 2, EASY);
        put("d-open", "gpt", 2, "");
        Printed answer = suite();
        assertEquals(1, answer.code(), answer.err());
        says(
                answer.out(),
                "[1/4] a-met",
                "[3/4] c-broken   so far 1 met, 1 not met, about ",
                "step 2/2 [",
                "verdict: not met");
        row(answer, "a-met +met +\\d+:\\d\\d");
        row(answer, "b-unmet +not met +\\d+:\\d\\d");
        row(answer, "c-broken +not evaluated +0:00 .*gtp.*");
        row(answer, "d-open +no criteria +\\d+:\\d\\d");
        says(answer.out(), "1 met, 1 not met, 1 no criteria, 1 not evaluated\nreports: " + out.resolve("index.html"));
        String page = Files.readString(out.resolve("index.html"));
        says(page, "href=\"a-met/report.html\"", "href=\"b-unmet/report.html\"", "<td>c-broken</td>", "not evaluated");
        assertTrue(Files.isRegularFile(out.resolve("a-met/report.html")));
        String broken = log().get(5);
        assertTrue(broken.matches(".*\"c-broken\",\"state\":\"not evaluated\".*\"run\":\"\".*"), broken);
    }

    @Test
    void whatWasJudgedIsNotRunAgainAndWhatWasMendedIs() throws IOException {
        put("a", "gpt", 2, EASY);
        put("b", "gtp", 2, EASY);
        assertEquals(1, suite().code());
        long written = Files.getLastModifiedTime(out.resolve("a/run.json")).toMillis();
        put("b", "gpt", 2, EASY);
        Printed again = suite();
        assertEquals(0, again.code(), again.err());
        assertFalse(again.out().contains("[1/2]"), again.out());
        says(again.out(), "[2/2] b", "2 met");
        assertEquals(
                written, Files.getLastModifiedTime(out.resolve("a/run.json")).toMillis());
        // Another experiment has another run, beside what there was.
        put("a", "gpt", 3, HARD);
        Printed other = suite();
        assertEquals(1, other.code(), other.err());
        says(other.out(), "writes " + out.resolve("a-2"), "1 met, 1 not met");
        assertTrue(Files.isDirectory(out.resolve("a")));
        says(suite("--seed", "7").out(), "a, seed 7", "b, seed 7");
    }

    @Test
    void aStopSavesTheRunAndTheSameCommandGoesOn() throws IOException {
        put("a", "gpt", 2, EASY);
        put("b", "gpt", ENDLESS, EASY);
        put("c", "gpt", 2, EASY);
        Printed stopped = suite(() -> steps("b") > 5);
        assertEquals(130, stopped.code(), stopped.err());
        row(stopped, "b +not evaluated +\\d+:\\d\\d +stopped, saved after step \\d+");
        row(stopped, "c +not evaluated +0:00 +stopped");
        says(stopped.out(), "1 met, 2 not evaluated");
        // As after a kill: nobody noted what became of it.
        List<String> lines = log();
        Files.write(out.resolve("suite.jsonl"), lines.subList(0, lines.size() - 1));
        Files.writeString(
                out.resolve("suite.jsonl"), "{\"experiment\": \"b\", \"sta", java.nio.file.StandardOpenOption.APPEND);
        int before = steps("b");
        Printed again = suite(() -> steps("b") > before + 5 || steps("b-2") > 5);
        assertEquals(130, again.code(), again.err());
        says(again.out(), "goes on after step ", "in " + out.resolve("b"));
        assertFalse(Files.exists(out.resolve("b-2")));
        for (String line : log()) {
            assertTrue(line.matches("\\{\"experiment\":\"\\w\",\"state\":\"[a-z ]+\",.*\\}"), "torn: " + line);
        }
        // What became of it is noted this time: it is not judged for all that.
        int then = steps("b");
        says(suite(() -> steps("b") > then + 5).out(), "[2/3] b", "goes on after step ");
    }

    @Test
    void aBudgetEndsItAndTheRestIsToldAsNotEvaluated() throws IOException {
        put("a", "gpt", ENDLESS, EASY);
        put("b", "gpt", 2, EASY);
        Printed answer = suite("--budget", "1s");
        assertEquals(1, answer.code(), answer.err());
        row(answer, "a +not evaluated +\\d+:\\d\\d +the budget of 1 s is used up(, saved after step \\d+)?");
        row(answer, "b +not evaluated +0:00 +the budget of 1 s is used up");
        assertEquals(0, suite("--only", "b").code());
    }

    @Test
    void jsonIsALineForEachAndNothingElse() throws IOException {
        put("a", "gpt", 2, EASY);
        put("b", "gtp", 2, EASY);
        Printed answer = suite("--json");
        assertEquals(1, answer.code(), answer.err());
        List<String> lines = answer.out().lines().toList();
        assertEquals(2, lines.size(), answer.out());
        assertTrue(lines.get(0).startsWith("{\"experiment\":\"a\",\"state\":\"met\",\"seconds\":"), lines.get(0));
        assertTrue(lines.get(1).startsWith("{\"experiment\":\"b\",\"state\":\"not evaluated\""), lines.get(1));
        assertEquals(lines.get(0), log().get(1));
    }

    @Test
    void whatCannotBeDoneIsRefusedBeforeAnythingRuns() throws IOException {
        refused(suite(), "there is no experiment in " + experiments, "expected files that end with .json");
        put("first", "gpt", 2, EASY);
        refused(suite("--only", "frist"), "--only frist: there is no ", "first");
        refused(suite("--budget", "soon"), "--budget soon: expected a time", "--budget 20m");
        refused(suite("--budget", "0s"), "--budget 0s: expected a time");
        Files.createDirectory(out);
        Files.writeString(out.resolve("mine.txt"), "mine");
        refused(suite(), out + " is not empty, and no suite's");
        Printed nowhere = Printed.by(
                new SuiteCommand(host.engine(), host.terminal(), () -> false),
                folder.resolve("nowhere").toString());
        refused(nowhere, "nowhere is no folder; expected one with experiments");
        assertFalse(Files.exists(out.resolve("first")));
    }

    @Test
    void aLineThatIsNoRowIsToldWithItsPlace() throws IOException {
        put("a", "gpt", 2, EASY);
        suite();
        Files.writeString(out.resolve("suite.jsonl"), "{\"experiment\": \"a\", \"state\": \"great\"}\n");
        refused(suite(), out.resolve("suite.jsonl") + ", line 1: $.state is \"great\"", "remove that line");
    }

    private static void refused(Printed answer, String... parts) {
        assertEquals(2, answer.code(), answer.out() + answer.err());
        says(answer.err(), parts);
    }
}
