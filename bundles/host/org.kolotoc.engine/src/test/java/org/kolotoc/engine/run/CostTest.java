package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.folder.MetricsLine;
import org.kolotoc.engine.folder.MetricsReader;
import org.kolotoc.engine.folder.Status;

/** What a run measures of its own cost: numbers of the programs, and of no clock. */
final class CostTest {
    private static final String MORE_EVALUATIONS = "evaluateAt=[0, 1, 2, 3, 4, 10]";

    @TempDir
    Path folder;

    private List<MetricsLine> lines(String run, boolean evaluations) throws IOException {
        List<MetricsLine> lines = new ArrayList<>();
        MetricsReader.read(folder.resolve("runs").resolve(run).resolve(MetricsReader.FILE), (line, _) -> {
            if (line.evaluation() == evaluations) {
                lines.add(line);
            }
        });
        return lines;
    }

    private Map<String, Double> last(String run) throws IOException {
        return lines(run, true).getLast().measures();
    }

    @Test
    void trainingIsTheSumOfItsStepsAndEvaluationsAreApart() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("run").code());
        List<MetricsLine> steps = lines("run", false);
        double step = steps.getFirst().measures().get("cost/step");
        assertTrue(step > 0);
        assertTrue(steps.stream().allMatch(line -> line.measures().get("cost/step") == step), "the program is one");
        for (MetricsLine line : lines("run", true)) {
            assertEquals(step * line.step(), line.measures().get("cost/flops"));
            assertTrue(line.measures().get("cost/evaluation/flops") > 0);
        }
        assertEquals(0, console.small("often", "--set", MORE_EVALUATIONS).code());
        assertEquals(last("run").get("cost/flops"), last("often").get("cost/flops"));
        // A batch twice as large costs twice as much: every product has its rows.
        assertEquals(0, console.small("wide", "--set", "phases.0.batch=4").code());
        assertEquals(2 * last("run").get("cost/flops"), last("wide").get("cost/flops"));
    }

    @Test
    void samplesSayWhatAThousandOfThemCostAndHowOftenAProgramRuns() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("run").code());
        Map<String, Double> last = last("run");
        assertTrue(last.get("text/cost/flops") > 0);
        assertTrue(last.get("text/cost/calls") >= 6, "two samples of 12 tokens side by side");
        assertTrue(last.get("text/cost/parameters") > 100);
        assertEquals(0, console.small("more", "--set", "samples.count=4").code());
        assertEquals(last.get("text/cost/parameters"), last("more").get("text/cost/parameters"));
        assertEquals(0, console.small("longer", "--set", "samples.length=24").code());
        assertTrue(last("longer").get("text/cost/calls") > last.get("text/cost/calls"));
        Map<String, Double> seconds = Status.sampling(folder.resolve("runs/run"));
        assertTrue(seconds.get("text") > 0, seconds.toString());
        assertFalse(Files.readString(folder.resolve("runs/run/metrics.jsonl")).contains("secondsPerThousand"));
    }

    @Test
    void aRunThatGoesOnHasCountedAllOfIt() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("whole").code());
        assertEquals(
                130,
                console.run(
                                Console.before(8),
                                console.experiment().toString(),
                                "--out",
                                console.out("halves").toString())
                        .code());
        assertEquals(
                0,
                console.run(() -> false, "--resume", console.out("halves").toString())
                        .code());
        assertEquals(last("whole"), last("halves"));
        assertTrue(console.replay(console.out("halves")).differences().isEmpty());
    }

    @Test
    void aRunOfBeforeCostsWereCountedIsReplayed() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("old").code());
        Path metrics = console.out("old").resolve(MetricsReader.FILE);
        String counted = Files.readString(metrics);
        Files.writeString(metrics, counted.replaceAll(",\"cost/[^\"]*\":[^,}]+", ""));
        assertTrue(console.replay(console.out("old")).differences().isEmpty());
        Files.writeString(metrics, counted.replaceAll("(\"cost/step\":)[^,}]+", "$11.0"));
        assertEquals(
                "measure cost/step",
                console.replay(console.out("old")).differences().getFirst().what());
    }

    @Test
    void whatOneStepCostThatNobodyCountedMakesTheSumUnknown() {
        Measured measured = new Measured();
        measured.restore(new MetricsLine(1, "a", 1, false, Map.of("cost/step", 5.0), 0, 0));
        measured.restore(new MetricsLine(2, "a", 2, false, Map.of("cost/step", 7.0), 0, 0));
        measured.putWork();
        assertEquals(Map.of("cost/flops", 12.0), measured.evaluated());
        measured.restore(new MetricsLine(3, "a", 3, false, Map.of("loss/train", 1.0), 0, 0));
        measured.putWork();
        assertEquals(Map.of(), measured.evaluated());
        measured.restore(new MetricsLine(4, "b", 1, false, Map.of("cost/step", 3.0), 0, 0));
        measured.putWork();
        assertEquals(Map.of("cost/flops", 3.0), measured.evaluated(), "each phase by itself");
    }

    @Test
    void criteriaNameIt() throws IOException {
        Console console = new Console(folder);
        String bounds = "criteria=[{\"metric\": \"cost/flops\", \"max\": 1e12}, {\"metric\": \"pretrain/cost/flops\","
            + " \"min\": 1}, {\"metric\": \"text/cost/calls\", \"at\": 4, \"min\": 1}, {\"metric\": \"%s\", \"max\":"
            + " 1}]";
        Console.Answer answer =
                console.small("run", "--set", bounds.formatted("text/cost/parameters"), "--set", "controls=false");
        assertEquals(1, answer.code(), answer.err());
        assertTrue(answer.out().contains("ok   1 <= text/cost/calls at 4 "), answer.out());
        assertTrue(answer.out().contains("FAIL text/cost/parameters"), answer.out());
        String unknown = console.small("none", "--set", bounds.formatted("poem/cost/calls"))
                .err();
        assertTrue(unknown.contains("$.criteria[3].metric: \"poem/cost/calls\" is not measured"), unknown);
        assertTrue(unknown.contains("text/cost/flops"), unknown);
        assertNotEquals("", unknown);
    }
}
