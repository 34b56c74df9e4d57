package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
import org.junit.jupiter.params.provider.ValueSource;

/** The experiments of the lecture's rows: each can be run as it stands, and would be refused without what it shows. */
class RowsTest {
    private static final Path ROWS = Assembled.PROJECT.resolve("examples/rows");

    @TempDir
    Path folder;

    private static List<Path> rows() throws IOException {
        try (Stream<Path> files = Files.list(ROWS)) {
            return files.filter(file -> file.toString().endsWith(".json"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void everyRowFitsWhatIsPluggedIn() throws IOException {
        StringBuilder lines = new StringBuilder();
        for (Path row : rows()) {
            String text = Files.readString(row);
            JsonObject experiment = JsonParser.parseString(text).getAsJsonObject();
            assertEquals(row.getFileName().toString(), experiment.get("name").getAsString() + ".json");
            assertFalse(experiment.has("controls"), row + " says something of controls");
            if (!text.contains("tinyshakespeare")) {
                lines.append("plan ").append(row).append('\n');
            }
        }
        assertTrue(lines.toString().lines().count() > 10, lines::toString);
        Launch.fed(lines.toString(), "shell").expect(0);
    }

    @ParameterizedTest
    @ValueSource(strings = {"R23", "R33"})
    void aRowOfATextFitsWhereTheTextIs(String row) {
        Launch.Result plan = Launch.run("plan", ROWS.resolve(row + ".json"));
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
