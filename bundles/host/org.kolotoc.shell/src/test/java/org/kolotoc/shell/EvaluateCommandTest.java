package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.Engine;

/** Metrics of checkpoints, of the run and of none. */
final class EvaluateCommandTest {
    @TempDir
    static Path temporary;

    private static Path run;
    private static FakeHost host;
    private static Engine engine;

    @BeforeAll
    static void train() throws Exception {
        host = FakeHost.standard().at(temporary);
        engine = host.engine();
        run = trained("run", 1, "writer");
    }

    private static Path trained(String name, int seed, String model) throws Exception {
        Path file = Files.writeString(temporary.resolve(name + ".json"), """
            {"schema": "kolotoc.experiment/1", "backend": "reference", "seed": %d,
             "data": {"id": "template-world", "characters": 4000},
             "tokenizer": {"id": "char"},
             "models": {"%s": {"id": "gpt", "layers": 1, "heads": 1, "width": 8, "context": 16}},
             "phases": [{"id": "pretrain", "steps": 4, "batch": 2, "warmup": 1, "evaluationBatches": 1}],
             "samples": [{"id": "text", "count": 2, "length": 60, "at": [2, "end"]},
                         {"id": "text", "name": "short", "count": 1, "length": 1}],
             "metrics": [{"id": "distinct-words"}, {"id": "word-rate"}],
             "checkpointEvery": 2}
            """.formatted(seed, model));
        Path folder = temporary.resolve(name);
        Printed printed = Printed.by(
                new RunCommand(engine, host.terminal(), () -> false),
                file.toString(),
                "--quiet",
                "--out",
                folder.toString());
        assertEquals(0, printed.code(), printed.err());
        return folder;
    }

    private static Printed evaluate(String... more) {
        return Printed.by(
                new EvaluateCommand(engine, host.terminal(), () -> false),
                Stream.concat(Stream.of(run.toString()), Stream.of(more)).toArray(String[]::new));
    }

    private static JsonObject json(String... more) {
        Printed printed =
                evaluate(Stream.concat(Stream.of("--json"), Stream.of(more)).toArray(String[]::new));
        assertEquals(0, printed.code(), printed.err());
        return JsonParser.parseString(printed.out()).getAsJsonObject();
    }

    private static JsonObject measures(String... more) {
        return json(more).getAsJsonObject("measures");
    }

    /** What the run itself measured at a step. */
    private static double measured(long step, String name) throws Exception {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.get("step").getAsLong() == step && line.has(name))
                .findFirst()
                .orElseThrow()
                .get(name)
                .getAsDouble();
    }

    @Test
    void itsOwnMetricsAreWhatTheRunMeasured() throws Exception {
        assertEquals(
                Set.of("distinct-words", "word-rate", "word-rate/words"),
                measures().keySet());
        assertEquals(4, json().get("step").getAsLong());
        for (long step : List.of(2L, 4L)) {
            JsonObject again = measures("--from", Long.toString(step));
            for (String name : again.keySet()) {
                assertEquals(measured(step, name), again.get(name).getAsDouble(), name);
            }
        }
        assertNotEquals(measured(2, "word-rate/words"), measured(4, "word-rate/words"));
    }

    @Test
    void metricsThatTheRunDidNotHaveJudgeTheSamplesThatAreNamed() {
        assertEquals(
                Set.of("longest-copy"), measures("--metric", "longest-copy").keySet());
        assertTrue(measures("--metric", "longest-copy").get("longest-copy").getAsDouble() > 1);
        assertEquals(
                1,
                measures("--metric", "longest-copy", "--sample", "short")
                        .get("longest-copy")
                        .getAsDouble());
        assertEquals(
                measures("--metric", "longest-copy", "--sample", "short"),
                measures("--metric", "{\"id\": \"longest-copy\", \"samples\": \"short\"}"));
    }

    @Test
    void ofAMetricWhoseMeasuresAreNamedTheseAlone() {
        assertEquals(
                Set.of("word-rate/words"),
                measures("--metric", "word-rate/words").keySet());
        assertEquals(
                Set.of("word-rate", "word-rate/words"),
                measures("--metric", "word-rate", "--metric", "words").keySet());
        assertEquals(Set.of("word-rate/words"), measures("--metric", "words").keySet());
        assertEquals(
                Set.of("word-rate/words", "distinct-words"),
                measures("--metric", "word-rate/words,distinct-words").keySet());
    }

    @Test
    void nothingOfTheRunIsChanged() throws Exception {
        String before = listing();
        evaluate("--metric", "word-rate");
        assertEquals(before, listing());
    }

    /** Nothing is proved of what made the run then; what looks at it now is said. */
    @Test
    void bundlesThatNoLockVouchesForAreTold() throws Exception {
        String known = evaluate().err();
        assertFalse(known.contains("the bundles that began this run"), known);
        Path lock = run.resolve("lock.json");
        Path aside = Files.move(lock, temporary.resolve("lock.json"));
        try {
            Printed printed = evaluate("--json");
            assertEquals(0, printed.code(), printed.err());
            assertTrue(
                    printed.err()
                            .contains("warning: the bundles that began this run are not known: lock.json is missing;"
                                    + " used now: "),
                    printed.err());
            assertTrue(printed.err().contains("test.metric.word-rate 0.1.0"), printed.err());
            assertFalse(printed.out().contains("not known"), printed.out());
        } finally {
            Files.move(aside, lock);
        }
    }

    private static String listing() throws Exception {
        StringBuilder listing = new StringBuilder();
        try (Stream<Path> files = Files.walk(run)) {
            for (Path file : files.sorted().toList()) {
                listing.append(file)
                        .append(' ')
                        .append(Files.getLastModifiedTime(file))
                        .append('\n');
            }
        }
        return listing.toString();
    }

    /** The weights that samples are drawn with are the other run's then. */
    @Test
    void aModelOfAnotherRunTakesThePlaceOfOneOfThatName() throws Exception {
        Path other = trained("other", 2, "writer");
        String[] same = {"--metric", "longest-copy,word-rate", "--sample", "text", "--seed", "1"};
        JsonObject own = measures(same);
        JsonObject borrowed = measures(Stream.concat(Stream.of(same), Stream.of("--with", "writer=" + other))
                .toArray(String[]::new));
        assertNotEquals(own, borrowed);
        Path mine = run;
        run = other;
        try {
            assertEquals(measures(same), borrowed);
        } finally {
            run = mine;
        }
    }

    /** The other run's is asked too. */
    @Test
    void whoMadeAModelOfAnotherRunIsAsked() throws Exception {
        Path other = trained("unlocked", 2, "writer");
        String[] line = {"--metric", "longest-copy", "--sample", "text", "--with", "writer=" + other};
        assertFalse(evaluate(line).err().contains("not known"), evaluate(line).err());
        Files.delete(other.resolve("lock.json"));
        Printed printed = evaluate(line);
        assertEquals(0, printed.code(), printed.err());
        assertTrue(
                printed.err()
                        .contains("warning: the bundles that made " + other + " are not known: lock.json is missing"),
                printed.err());
    }

    @Test
    void whatCantBeMeasuredIsNamedWithWhatThereIs() throws Exception {
        refused("no metric is called so, and none of the run measures that", "--metric", "word-rat");
        refused("(they measure distinct-words, word-rate, word-rate/words)", "--metric", "distinct-words,fid");
        refused("--sample: there is no samples 'lnog'", "--metric", "longest-copy", "--sample", "lnog");
        refused("has no model 'judge' (there is writer)", "--with", "judge=" + run);
        refused(
                "--with poet: no model of that name is asked for (what is measured takes writer)",
                "--with",
                "poet=" + trained("poet", 3, "poet"));
        refused("expected the name of a model and a run's folder", "--with", "judge");
        for (String nothing : List.of("", " ", ",", "word-rate,")) {
            refused("expected ids of metrics, or names of what they measure", "--metric", nothing);
            refused("longest-copy", "--metric", nothing);
        }
        refused("expected the JSON of a metric", "--metric", "{\"floor\": 1}");
        refused("--metric longest-copy.nothing", "--metric", "{\"id\": \"longest-copy\", \"nothing\": 1}");
        refused("every metric that is asked for is the run's own", "--metric", "words", "--sample", "short");
        refused("has no checkpoint of step 3", "--from", "3");
    }

    private static void refused(String why, String... more) {
        Printed printed = evaluate(more);
        assertEquals(2, printed.code(), printed.out());
        assertTrue(printed.err().contains(why), printed.err());
        assertFalse(printed.err().contains("\tat "), printed.err());
    }

    @Test
    void whatIsSaidOfTrainingIsToldToHaveNoEffect() {
        Printed printed = evaluate("--set", "phases.0.steps=5", "--set", "samples.0.length=61");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(
                printed.err().contains("--set phases.0.steps=5: nothing is trained here, it has no effect\n"),
                printed.err());
        assertFalse(printed.err().contains("length"), printed.err());
    }

    @Test
    void stoppedItMeasuresNothing() {
        Printed printed =
                Printed.by(new EvaluateCommand(engine, host.terminal(), () -> true), run.toString(), "--quiet");
        assertEquals(130, printed.code());
        assertEquals("", printed.out());
    }
}
