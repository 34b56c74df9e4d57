package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;

/** What a judge shows beside its numbers is told, lies beside the samples and stands in the report. */
final class ExhibitTest {
    @TempDir
    Path folder;

    /** Shows how many samples it saw. */
    private record Curator(String name) implements Metric<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.evaluation("curator", "", Measure.Better.HIGHER));
        }

        @Override
        public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
            out.put("curator", samples.size());
            out.show(name, Sample.text("samples seen: " + samples.size() + "\n"));
            out.show(
                    "curator/lines",
                    new Sample("application/jsonl", "{\"seen\": 1}\n".getBytes(StandardCharsets.UTF_8)));
        }
    }

    private Console.Answer run(String out, String name, String... more) throws IOException {
        Console console = new Console(folder);
        console.framework().seat(Seat.METRIC, "curator", new Curator(name));
        console.write(Console.SMALL.replaceFirst("\"metrics\".*]", "\"metrics\": [{\"id\": \"curator\"}]"));
        return console.small(out, more);
    }

    @Test
    void itIsToldAndKeptAndReported() throws IOException {
        Console.Answer answer = run("run", "curator/table");
        assertEquals(0, answer.code(), answer.err());
        assertTrue(answer.out().contains("--- curator/table ---\nsamples seen: 2\n---"), answer.out());
        assertTrue(answer.out().contains("curator/lines: samples/step-00000012/curator/lines.jsonl"), answer.out());
        for (String step : List.of("step-00000000", "step-00000004", "step-00000012")) {
            Path kept = folder.resolve("runs/run/samples").resolve(step).resolve("curator");
            assertEquals("samples seen: 2\n", Files.readString(kept.resolve("table.txt")));
            assertEquals("{\"seen\": 1}\n", Files.readString(kept.resolve("lines.jsonl")));
        }
        assertTrue(Files.readString(folder.resolve("runs/run/report.html")).contains("samples seen: 2"));
    }

    @Test
    void controlsShowNothing() throws IOException {
        String shown = run("run", "curator/table", "--json").out();
        assertEquals(
                6,
                shown.lines()
                        .filter(line -> line.startsWith("{\"event\":\"shown\""))
                        .count());
    }

    @Test
    void noNameLeadsOutOfTheFolder() throws IOException {
        for (String name : List.of("../curator", "/tmp/curator", "curator/", "Curator", "", "curator")) {
            String out = "run" + name.hashCode();
            Console.Answer answer = run(out, name);
            assertEquals(2, answer.code(), answer.out());
            assertTrue(answer.err().contains("shows '" + name + "'"), answer.err());
            assertFalse(Files.exists(folder.resolve("runs").resolve(out).resolve("samples/curator.txt")));
        }
    }
}
