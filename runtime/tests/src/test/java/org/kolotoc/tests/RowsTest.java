package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The experiments of the lecture's rows: each can be run as it stands, and would be refused without what it shows. */
class RowsTest {
    private static final Path ROWS = Assembled.PROJECT.resolve("examples/rows");

    @TempDir
    Path folder;

    static List<String> rows() throws IOException {
        try (Stream<Path> files = Files.list(ROWS)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @ParameterizedTest
    @MethodSource("rows")
    void aRowFitsWhatIsPluggedIn(String row) throws IOException {
        JsonObject experiment =
                JsonParser.parseString(Files.readString(ROWS.resolve(row))).getAsJsonObject();
        assertTrue(row.equals(experiment.get("name").getAsString() + ".json"), row + " has another name");
        assertTrue(!experiment.has("controls"), row + " says something of controls");
        Launch.Result plan = Launch.run("plan", ROWS.resolve(row));
        Assumptions.assumeFalse(plan.code() != 0 && plan.err().contains("is nowhere"), "not evaluated: " + plan.err());
        plan.expect(0);
    }

    /** Four steps of a small model: what it knows by then is nothing, its gaps are in the folder, and the verdict says so. */
    @Test
    void anExaminationIsInTheRunsFolder() throws IOException {
        Path out = folder.resolve("run");
        Launch.Result run = Launch.run(
                "run",
                ROWS.resolve("R20.json"),
                "--out",
                out,
                "--set",
                "phases.pretrain.steps=4",
                "--set",
                "evaluateAt=[0]",
                "--set",
                "samples={\"id\": \"choices\", \"at\": [0], \"count\": 2}",
                "--set",
                "model.layers=1",
                "--set",
                "model.width=16");
        assertTrue(run.code() == 1, run.err() + run.out());
        assertTrue(run.out().contains("verdict: not met"), run.out());
        try (Stream<Path> files = Files.walk(out.resolve("samples"))) {
            String samples =
                    files.filter(Files::isRegularFile).map(RowsTest::read).reduce("", String::concat);
            assertTrue(samples.contains("[lecture] Kolotoč nemůže bez hřídele fungovat. Proto___"), samples);
            assertTrue(samples.contains("\n[anaphora] "), samples);
        }
        String report = Files.readString(out.resolve("report.html"));
        assertTrue(report.contains("[lecture] Kolotoč nemůže bez hřídele fungovat. Proto___"), "not in the report");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
