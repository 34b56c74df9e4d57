package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.ledger.LedgerFile;
import org.kolotoc.engine.ledger.Line;
import org.kolotoc.engine.state.Checkpoints;

/** The ledger of a run: written, counted, carried over, refused, shown. */
final class LedgerRunTest {
    /** A judge that drops what it does not like, and says so. */
    private static final class Picky implements Metric<Picky.None> {
        record None() {}

        @Override
        public Class<None> settings() {
            return None.class;
        }

        @Override
        public List<org.kolotoc.api.Measure> measures(None settings) {
            return List.of();
        }

        @Override
        public void measure(None settings, List<Sample> samples, ProgramContext context, Measurements out) {
            context.ledger().note(Ledger.Kind.SKIPPED, "taste", samples.size() + " samples were not looked at\u202e");
        }
    }

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework().seat(Seat.METRIC, "picky", new Picky());
    }

    private static String[] picky(String... more) {
        return java.util.stream.Stream.concat(
                        java.util.stream.Stream.of("--quiet", "--set", "metrics=[{\"id\": \"picky\"}]"),
                        java.util.stream.Stream.of(more))
                .toArray(String[]::new);
    }

    private List<Line> ledger(String run) throws IOException {
        return LedgerFile.read(console.out(run));
    }

    @Test
    void aCleanRunWritesNone() throws IOException {
        Console.Answer answer = console.small("clean", "--set", "strict=true");
        assertEquals(0, answer.code(), answer.err());
        assertEquals("", answer.err());
        assertFalse(Files.exists(console.out("clean").resolve("ledger.jsonl")));
        assertFalse(answer.out().contains("silence"), answer.out());
        assertFalse(
                Files.readString(console.out("clean").resolve("report.html")).contains("another way than was asked"));
    }

    @Test
    void linesAreWrittenOnceCountedToldAndShown() throws IOException {
        Console.Answer answer = console.small("run", picky("--set", "phases.0.warmup=13"));
        assertEquals(0, answer.code(), answer.err());
        List<Line> lines = ledger("run");
        assertEquals(2, lines.size(), lines.toString());
        assertEquals("$.phases[0].warmup", lines.getFirst().silence().path());
        assertEquals(0, lines.getFirst().step());
        assertEquals("", lines.getFirst().phase(), "noted before any began");
        Line picky = lines.getLast();
        assertEquals("$.metrics[0].taste", picky.silence().path());
        assertEquals("2 samples were not looked at\\u{202e}", picky.silence().sentence());
        assertTrue(picky.silence().who().startsWith("the metric 'picky' (bundle test.metric.picky"), picky.toString());
        assertEquals(3, picky.count(), "at steps 0, 4 and 12");
        assertEquals("pretrain", picky.phase());
        assertEquals(
                2,
                answer.err()
                        .lines()
                        .filter(line -> line.startsWith("warning: $."))
                        .count(),
                answer.err());
        assertTrue(answer.out().contains("2 silences, see ledger.jsonl"), answer.out());
        String report = Files.readString(console.out("run").resolve("report.html"));
        assertTrue(report.contains("<td>skipped</td><td>$.metrics[0].taste</td>"), report);
        assertTrue(report.contains("<td>3 times</td>"), report);
        JsonObject json = JsonParser.parseString(
                        Files.readString(console.out("run").resolve("ledger.jsonl"))
                                .lines()
                                .toList()
                                .getLast())
                .getAsJsonObject();
        assertEquals("skipped", json.get("kind").getAsString());
    }

    @Test
    void aStrictRunEndsSavedAtTheFirstThatOnlyTheRunTells() throws IOException {
        Console.Answer answer = console.small("strict", picky("--set", "strict=true", "--set", "samples.at=[4]"));
        assertEquals(2, answer.code(), answer.out());
        assertTrue(answer.err().contains("$.metrics[0].taste: 2 samples were not looked at"), answer.err());
        assertTrue(answer.err().contains("--set strict=false"), answer.err());
        assertEquals(List.of(4L), new Checkpoints(console.out("strict")).steps(), "nothing is lost");
        assertTrue(Files.readString(console.out("strict").resolve("run.json")).contains("\"failed\""));
        assertEquals(1, ledger("strict").size());
        Console.Answer on = console.run(
                () -> false, "--resume", console.out("strict").toString(), "--quiet", "--set", "strict=false");
        assertEquals(0, on.code(), on.err());
        assertEquals(2, ledger("strict").getFirst().count(), "at steps 4 and 12");
    }

    @Test
    void aStrictRunThatIsRefusedBeforehandLeavesNoFolder() {
        Console.Answer answer = console.small("refused", "--set", "strict=true", "--set", "checkpointEvery=50");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("$.checkpointEvery: 50 is above the 12 steps"), answer.err());
        assertFalse(Files.exists(console.out("refused")));
    }

    @Test
    void aRunThatGoesBackLeavesWhatCameLaterAside() throws IOException {
        assertEquals(0, console.small("back", picky("--set", "samples.at=[7]")).code());
        assertEquals(7, ledger("back").getFirst().step());
        Console.Answer on =
                console.run(() -> false, "--resume", console.out("back").toString(), "--quiet", "--from", "5");
        assertEquals(0, on.code(), on.err());
        assertEquals(2, ledger("back").getFirst().count(), "counted anew: at steps 7 and 12");
        try (var aside = Files.walk(console.out("back").resolve("superseded"))) {
            assertEquals(1, aside.filter(file -> file.endsWith("ledger.jsonl")).count());
        }
        Console.Answer clean = console.run(
                () -> false,
                "--resume",
                console.out("back").toString(),
                "--quiet",
                "--from",
                "5",
                "--set",
                "metrics=[]");
        assertEquals(0, clean.code(), clean.err());
        assertFalse(Files.exists(console.out("back").resolve("ledger.jsonl")), "no line is left");
    }

    @Test
    void otherCodeAndWhatCanNotBeCheckedAreLines() throws IOException {
        assertEquals(
                130,
                console.run(
                                Console.before(8),
                                console.experiment().toString(),
                                "--quiet",
                                "--out",
                                console.out("other").toString())
                        .code());
        Path run = console.out("other");
        assertEquals(List.of(), ledger("other"));
        Path lock = run.resolve("lock.json");
        String recorded = Files.readString(lock);
        Files.writeString(lock, recorded.replaceFirst("\"jdk\": \"[^\"]*\"", "\"jdk\": \"Old VM 25\""));
        Console.Answer refused =
                console.run(() -> false, "--resume", run.toString(), "--quiet", "--set", "strict=true");
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("another JDK than the one"), refused.err());
        assertEquals(List.of(), ledger("other"), "the folder is as it was");
        assertEquals(
                0,
                console.run(() -> false, "--resume", run.toString(), "--quiet").code());
        Files.writeString(lock, recorded.replaceFirst("(\"test.decoder.greedy\",\\s*\"version\": \")1.0.0", "$10.9.0"));
        assertEquals(
                0,
                console.run(() -> false, "--resume", run.toString(), "--quiet").code());
        Files.writeString(lock, "nonsense");
        assertEquals(
                0,
                console.run(() -> false, "--resume", run.toString(), "--quiet").code());
        Map<String, Long> kinds = new java.util.TreeMap<>();
        ledger("other")
                .forEach(line -> kinds.merge(
                        line.silence().kind().label() + " " + line.silence().path(), 1L, Long::sum));
        assertEquals(Map.of("other-code lock.json", 3L), kinds);
    }

    @Test
    void aBrokenLedgerIsRefusedByItsLineAndField() throws IOException {
        assertEquals(0, console.small("broken", picky()).code());
        Path file = console.out("broken").resolve("ledger.jsonl");
        String whole = Files.readString(file);
        for (Map.Entry<String, String> fault : Map.of(
                        whole + "{\"step\": 3}\n",
                        "line 2: $.kind is missing",
                        whole.replace("\"skipped\"", "\"forgotten\""),
                        "line 1: $.kind is \"forgotten\"; expected one of fallback",
                        "nonsense\n",
                        "line 1: ")
                .entrySet()) {
            Files.writeString(file, fault.getKey());
            Console.Answer answer =
                    console.run(() -> false, "--resume", console.out("broken").toString(), "--quiet");
            assertEquals(2, answer.code(), answer.out());
            assertTrue(answer.err().contains("ledger.jsonl, " + fault.getValue()), answer.err());
        }
    }
}
