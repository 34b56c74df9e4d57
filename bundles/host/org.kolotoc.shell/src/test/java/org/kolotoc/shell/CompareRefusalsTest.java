package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What {@code compare} refuses, and what it says then. */
final class CompareRefusalsTest extends Compared {
    @Test
    void aFinishedRunWithoutItsMeasuresIsRefused() throws IOException {
        compare("--seeds", "1");
        Path metrics = out.resolve("learns-1/metrics.jsonl");
        String whole = Files.readString(metrics);
        Files.delete(metrics);
        refusedRun("has no metrics.jsonl");
        Files.writeString(metrics, "");
        refusedRun("metrics.jsonl is empty");
        Files.write(
                metrics,
                whole.lines().filter(line -> !line.contains("evaluation")).toList());
        refusedRun("metrics.jsonl has no evaluation");
        Files.writeString(metrics, whole);
        assertEquals(1, compare("--seeds", "1").code());

        // What the message says to do helps.
        try (Stream<Path> files = Files.walk(out.resolve("learns-1"))) {
            for (Path each : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
        says(compare("--seeds", "1").out(), "[1/2] learns-1", "2 of 10 runs are there");
        assertEquals(whole.lines().count(), Files.readString(metrics).lines().count());
    }

    @Test
    void aComparisonThatIsNotThereIsAskedForByItsPath() throws IOException {
        Files.delete(file);
        Printed answer = compare();
        assertEquals(2, answer.code(), answer.out());
        says(answer.err(), "rates.json can't be read: there is no such file", "give the path of a comparison:");
    }

    private void refusedRun(String what) {
        Printed answer = compare("--seeds", "1");
        assertEquals(2, answer.code(), answer.out());
        says(answer.err(), "learns-1 " + what, "finished", "remove " + out.resolve("learns-1"));
    }

    @Test
    void runsOfAnotherExperimentAreRefused() throws IOException {
        compare("--seeds", "1");
        Printed changed = compare("--seeds", "1", "--set", "phases.0.steps=6");
        assertEquals(2, changed.code());
        says(
                changed.err(),
                "learns-1 is a run of another experiment than learns-1 is now",
                "run all anew in another folder: --out <folder>");
        Path experiment = out.resolve("rests-1/experiment.json");
        Files.copy(out.resolve("learns-1/experiment.json"), experiment, StandardCopyOption.REPLACE_EXISTING);
        Printed other = compare("--seeds", "1");
        assertEquals(2, other.code());
        says(other.err(), "rests-1 is the run of another experiment than rests-1 of the comparison", "--out <folder>");
    }

    private void refused(String from, String to, String... parts) throws IOException {
        String changed = COMPARISON.replace(from, to);
        assertNotEquals(COMPARISON, changed, from);
        Files.writeString(file, changed);
        Printed answer = compare();
        assertEquals(2, answer.code(), answer.out());
        says(answer.err(), parts);
        assertFalse(Files.exists(out), "nothing was begun");
    }

    @Test
    void whatCannotBeComparedIsRefusedBeforeAnythingIsTrained() throws IOException {
        refused(
                "\"rests\": {",
                "\"rests\": 3, \"lies\": {",
                "$.sides.rests: is 3; expected an object",
                "$.sides: has [");
        refused("\"sides\"", "\"pages\"", "$.sides: is missing", "$.pages: there is no such field");
        refused("\"favours\": \"rests\"", "\"favours\": \"rest\"", "$.claims[2].favours: is \"rest\"", "'rests'");
        refused("[1, 2, 3, 4, 5]", "[1, 2, 3, 2, 5]", "$.seeds[3]: is 2 again");
        refused("[1, 2, 3, 4, 5]", "[]", "$.seeds: is empty");
        refused(
                ", \"max\": 0.999",
                "",
                "$.asked[0]: relates two measures and has neither min nor max; everything would keep it");
        refused(
                "\"seeds\"",
                "\"pages\": 3, \"seeds\"",
                "$.pages: there is no such field",
                "(known: schema, name, seeds, fair, asked, claims, experiment, sides)");
        refused(
                "\"learns\": {\"set\": {",
                "\"learns\": {\"set\": {\"phases.9.steps\": 3, ",
                "the side \"learns\" of " + file
                        + ": $.sides.learns.set[\"phases.9.steps\"]: '9' is no place in a list of 1",
                "do: name a place that is there");
        refused(
                "\"learns\": {\"set\": {",
                "\"learns\": {\"set\": {\"metrics\": [], \"metrics.0.id\": \"x\", ",
                "'0' is no place in an empty list; expected + to append to it");
        refused(
                "\"learns\": {\"set\": {",
                "\"learns\": {\"set\": {\"model.layers\": \"x\", ",
                "$.sides.learns.set[\"model.layers\"]: is \"x\"");
        refused(
                "\"width\": 8",
                "\"with\": 8",
                "the side \"learns\" of " + file,
                "$.experiment.model.with: there is no such field");
        refused(
                "[1, 2, 3, 4, 5]",
                "[1,, 2]",
                "is not JSON: ",
                "line 3, column ",
                "read was «\"seeds\": [1,",
                "no comments");
        refused(
                "\"learns\", \"metric\"",
                "\"learns\", \"better\": \"higher\", \"metric\"",
                "$.claims[0].better: is \"higher\", and loss/validation says itself that lower is better; expected"
                        + " \"lower\"");
        refused(
                "\"better\": \"lower\", \"times\"",
                "\"times\"",
                "$.claims[2].better: is missing, and text/cost/flops does not say itself which way it gets better");
        for (String name : List.of("../x", "/tmp/x", "a/b", "")) {
            refused(
                    "\"seeds\"",
                    "\"name\": \"" + name + "\", \"seeds\"",
                    "$.name: is \"" + name + "\", which can't name a folder");
        }
        refused(
                "\"text/cost/flops\"",
                "\"poem/cost/flops\"",
                "$.claims[2]: \"poem/cost/flops\" is measured by no run of" + " \"learns\"",
                "measured are loss/validation");
        refused(
                "\"metric\": \"loss/validation\", \"over\"",
                "\"metric\": \"loss/vaidation\", \"over\"",
                "$.asked[0].metric");
        refused("[\"cost/flops\", \"text", "[\"cost/step\", \"text", "$.fair.measures[0]: \"cost/step\"");
        refused("\"id\": \"failures\"", "\"id\": \"failure\"", "$.claims[1].id", "did you mean 'failures'?");
        refused(
                "\"pretrain\", \"steps\": 4",
                "\"pretrain\", \"steps\": \"x\"",
                "the side \"learns\" of",
                "$.experiment.phases[0].steps");
        refused(
                "kolotoc.comparison/1",
                "kolotoc.experiment/1",
                "is an experiment, and no comparison",
                "./kolotoc run ");
        Files.writeString(file, COMPARISON.replaceFirst("(?s)\"claims\": \\[.*]", "\"claims\": []"));
        says(compare().err(), "$.claims: is empty");
        Files.writeString(file, COMPARISON);
        says(compare("--seeds", "7").err(), "--seeds 7: the comparison has [1, 2, 3, 4, 5]");
        says(compare("--only", "learn-1").err(), "--only learn-1: there is no such run", "'learns-1'");
    }

    @Test
    void whatCannotBeWrittenIsSaidWithWhatToDo() throws IOException {
        Files.writeString(out, "a file");
        says(compare().err(), out + " is a file", "do: --out <folder>");
        Files.delete(out);
        Files.createDirectories(out.resolve("comparison.json"));
        Files.writeString(out.resolve("suite.jsonl"), "");
        Printed answer = compare("--seeds", "1");
        assertEquals(2, answer.code());
        says(answer.err(), "a file can't be read or written: ", "comparison.json", "do: see that ");
    }

    @Test
    void whoRunsItIsToldHow() {
        Printed run = Printed.by(new RunCommand(host.engine(), host.terminal(), () -> false), file.toString());
        assertEquals(2, run.code());
        says(run.err(), "rates.json is a comparison, and no experiment", "./kolotoc compare " + file);
        Printed plan = Printed.by(new PlanCommand(host.engine(), host.terminal()), file.toString());
        assertEquals(2, plan.code());
        says(plan.err(), "./kolotoc compare " + file);
        Printed suite = Printed.by(
                new SuiteCommand(host.engine(), host.terminal(), () -> false),
                folder.toString(),
                "--out",
                out.toString());
        assertEquals(1, suite.code());
        says(suite.out(), "rates", "is a comparison, and no experiment");
        assertTrue(List.of("learns", "rests").stream().noneMatch(side -> Files.exists(out.resolve(side + "-1"))));
    }
}
