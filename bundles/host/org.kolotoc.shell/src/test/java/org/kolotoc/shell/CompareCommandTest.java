package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.claim.ClaimFamily;
import org.kolotoc.engine.Engine;
import org.kolotoc.eval.compare.DifferenceFamily;
import org.kolotoc.eval.compare.FailuresFamily;
import org.kolotoc.eval.compare.RatioFamily;

/** Two sides, trained by the command that judges them: who learns and who does not. */
final class CompareCommandTest {
    private static final String COMPARISON = """
        {
          "schema": "kolotoc.comparison/1",
          "seeds": [1, 2, 3, 4, 5],
          "experiment": {
            "schema": "kolotoc.experiment/1",
            "backend": "reference",
            "data": {"id": "template-world", "characters": 2000},
            "tokenizer": {"id": "char"},
            "model": {"id": "gpt", "layers": 1, "heads": 2, "width": 8, "context": 8},
            "phases": [{"id": "pretrain", "steps": 4, "batch": 2, "warmup": 0, "evaluationBatches": 2}],
            "samples": {"count": 1, "length": 4, "prompt": " "}
          },
          "sides": {
            "learns": {"set": {"phases.0.learningRate": 0.03, "phases.0.minLearningRate": 0.03}},
            "rests": {"set": {"phases.0.learningRate": 0, "phases.0.minLearningRate": 0}}
          },
          "fair": {"measures": ["cost/flops", "text/cost/parameters"]},
          "asked": [{"metric": "loss/validation", "over": {"metric": "loss/validation", "at": 0}, "max": 0.999}],
          "claims": [
            {"id": "difference", "favours": "learns", "metric": "loss/validation"},
            {"id": "failures", "favours": "learns"},
            {"id": "ratio", "favours": "rests", "metric": "text/cost/flops", "better": "lower", "times": 10}
          ]
        }
        """;

    private static final List<String> SIDES = List.of("learns", "rests");

    @TempDir
    Path folder;

    private FakeHost host;
    private Path file;
    private Path out;

    @BeforeEach
    void comparison() throws IOException {
        host = FakeHost.standard()
                .at(folder)
                .plug(ClaimFamily.class, ClaimFamily.KIND, "difference", new DifferenceFamily())
                .plug(ClaimFamily.class, ClaimFamily.KIND, "failures", new FailuresFamily())
                .plug(ClaimFamily.class, ClaimFamily.KIND, "ratio", new RatioFamily());
        file = Files.writeString(folder.resolve("rates.json"), COMPARISON);
        out = folder.resolve("out");
    }

    private Printed compare(BooleanSupplier stop, String... options) {
        List<String> line = new ArrayList<>(List.of(file.toString(), "--out", out.toString()));
        line.addAll(List.of(options));
        return Printed.by(new CompareCommand(host.engine(), host.terminal(), stop), line.toArray(String[]::new));
    }

    private Printed compare(String... options) {
        return compare(() -> false, options);
    }

    private JsonObject judgement() throws IOException {
        return JsonParser.parseString(Files.readString(out.resolve("comparison.json")))
                .getAsJsonObject();
    }

    private List<String> verdicts() throws IOException {
        return judgement().getAsJsonArray("claims").asList().stream()
                .map(claim -> claim.getAsJsonObject().get("verdict").getAsString())
                .toList();
    }

    private static void says(String text, String... parts) {
        for (String part : parts) {
            assertTrue(text.contains(part), () -> "«" + part + "» expected in " + text);
        }
        assertFalse(text.contains("\tat "), text);
    }

    /** Lets both runs of a seed have the other's record. */
    private void swap(int seed) throws IOException {
        Path one = out.resolve("learns-" + seed).resolve("metrics.jsonl");
        Path other = out.resolve("rests-" + seed).resolve("metrics.jsonl");
        String kept = Files.readString(one);
        Files.writeString(one, Files.readString(other));
        Files.writeString(other, kept);
    }

    @Test
    void verdictsTurnRoundWhereRecordsChangePlacesAndNothingIsTrainedAgain() throws IOException {
        Printed answer = compare();
        assertEquals(1, answer.code(), answer.err());
        says(
                answer.out(),
                "confirmed  loss/validation of learns is lower than of rests",
                "confirmed  fewer runs of learns fail than of rests\n             ahead by 1.000 [1.000, 1.000]",
                "undecided  text/cost/flops of rests is lower than of learns, more than 10.0 times",
                "ok   cost/flops: learns ",
                "0.0 % apart (at most 10)",
                "verdict: 2 confirmed, 1 undecided");
        assertEquals(List.of("confirmed", "confirmed", "undecided"), verdicts());

        for (int seed = 1; seed <= 5; seed++) {
            swap(seed);
        }
        Printed turned = compare();
        assertFalse(turned.out().contains("[1/10]"), turned.out());
        assertEquals(List.of("refuted", "refuted", "undecided"), verdicts());
        says(turned.out(), "verdict: 2 refuted, 1 undecided");

        for (int seed = 1; seed <= 5; seed++) {
            swap(seed);
        }
        compare();
        assertEquals(List.of("confirmed", "confirmed", "undecided"), verdicts());
        String first = Files.readString(out.resolve("comparison.json"));
        compare();
        assertEquals(first, Files.readString(out.resolve("comparison.json")), "judged anew it is the same");

        // By lot, and all alike.
        swap(1);
        swap(4);
        compare();
        assertEquals(List.of("undecided", "undecided", "undecided"), verdicts());
        for (int seed = 1; seed <= 5; seed++) {
            Files.copy(
                    out.resolve("learns-" + seed).resolve("metrics.jsonl"),
                    out.resolve("rests-" + seed).resolve("metrics.jsonl"),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        compare();
        assertEquals(List.of("undecided", "undecided", "undecided"), verdicts());

        says(
                Files.readString(out.resolve("comparison.html")),
                "<h2>Claims</h2>",
                "<svg ",
                "<h2>Samples</h2>",
                "<td>text/cost/calls</td>",
                "time for 1,000 examples, s</td>",
                "<td>phases.pretrain.learningRate</td><td>0.03</td><td>0",
                "href=\"learns-1/report.html\"");
        JsonObject json = judgement();
        json.addProperty("wanted", "ten");
        Validator validator = new Validator(schema("judgement"));
        assertEquals(List.of(), validator.faults(judgement()));
        assertFalse(validator.faults(json).isEmpty());
    }

    private JsonObject schema(String format) throws IOException {
        return JsonParser.parseString(host.engine().schema(format, _ -> {})).getAsJsonObject();
    }

    @Test
    void itsSchemaKnowsTheClaims() throws IOException {
        Validator validator = new Validator(schema("comparison"));
        JsonObject comparison = JsonParser.parseString(COMPARISON).getAsJsonObject();
        assertEquals(List.of(), validator.faults(comparison));
        JsonObject sides = comparison.getAsJsonObject("sides");
        comparison.remove("sides");
        assertFalse(validator.faults(comparison).isEmpty(), "no sides");
        comparison.add("sides", sides);
        JsonElement experiment = comparison.remove("experiment");
        assertFalse(validator.faults(comparison).isEmpty(), "no experiment");
        sides.asMap().values().forEach(side -> side.getAsJsonObject().add("experiment", experiment));
        assertEquals(List.of(), validator.faults(comparison));
        comparison.getAsJsonArray("claims").get(0).getAsJsonObject().addProperty("metrik", "x");
        assertFalse(validator.faults(comparison).isEmpty());
        assertTrue(Engine.FORMATS.containsAll(List.of("comparison", "judgement")));
    }

    @Test
    void ofOneSeedNothingFollowsAndTheRestIsTrainedLater() throws IOException {
        Printed one = compare("--seeds", "2");
        assertEquals(1, one.code(), one.err());
        says(one.out(), "1 pair: of fewer than 5", "2 of 10 runs are there");
        assertEquals(List.of("undecided", "undecided", "undecided"), verdicts());
        Printed stopped = compare(() -> true);
        assertEquals(130, stopped.code());
        says(stopped.out(), "2 of 10 runs are there");
        Printed side = compare("--only", "learns-1");
        says(side.out(), "[1/1] learns-1");
        says(compare("--seeds", "1,2").out(), "rests-1", "4 of 10 runs are there");
        compare();
        String whole = Files.readString(out.resolve("comparison.json"));
        for (String part : List.of("--seeds=3", "--only=rests-1")) {
            Printed again = compare(part.split("="));
            says(again.out(), "verdict: 2 confirmed, 1 undecided");
            assertEquals(whole, Files.readString(out.resolve("comparison.json")), "all that is there is judged");
        }
        List<String> lines = compare("--seeds", "1", "--json").out().lines().toList();
        assertEquals(3, lines.size(), lines.toString());
        says(lines.get(0), "\"experiment\":\"learns-1\"");
        assertEquals(judgement(), JsonParser.parseString(lines.getLast()));
    }

    @Test
    void unequalBudgetsMakeItVoid() throws IOException {
        Files.writeString(
                file, COMPARISON.replace("\"rests\": {\"set\": {", "\"rests\": {\"set\": {\"phases.0.steps\": 5, "));
        Printed answer = compare();
        assertEquals(1, answer.code(), answer.err());
        says(
                answer.out(),
                "FAIL cost/flops: learns ",
                "20.0 % apart (at most 10)",
                "ok   text/cost/parameters",
                "void       loss/validation of learns",
                "verdict: void, both sides did not have as much: cost/flops");
        assertEquals(List.of("void", "void", "void"), verdicts());
        Files.writeString(file, Files.readString(file).replace("\"fair\": {", "\"fair\": {\"within\": 0.25, "));
        compare();
        assertEquals(List.of("confirmed", "confirmed", "undecided"), verdicts());
    }

    @Test
    void whereASideWasNotMeasuredFairnessIsNotKnownAndNothingFollows() throws IOException {
        compare();
        Path metrics = out.resolve("rests-3/metrics.jsonl");
        Files.writeString(metrics, Files.readString(metrics).replace("\"cost/flops\"", "\"lost/flops\""));
        Printed answer = compare();
        assertEquals(1, answer.code(), answer.err());
        says(
                answer.out(),
                "?    cost/flops: learns ",
                "not known of both sides of every pair",
                "ok   text/cost/parameters",
                "not known whether both sides had as much: cost/flops was not measured in both runs of every pair",
                "verdict: 3 undecided");
        JsonObject fair = judgement().getAsJsonArray("fair").get(0).getAsJsonObject();
        assertFalse(fair.get("holds").getAsBoolean());
        assertTrue(fair.get("apart").isJsonNull());
        assertEquals(List.of(), new Validator(schema("judgement")).faults(judgement()));

        // No pair is there at all: nothing is "ok".
        out = folder.resolve("none");
        Printed none = compare("--only", "learns-1");
        says(none.out(), "?    cost/flops: no run has it, not known");
        assertFalse(none.out().contains("  ok   cost"), none.out());
    }

    @Test
    void aRunThatDivergedFailedAndHasNoQuality() throws IOException {
        compare();
        Path status = out.resolve("rests-3/run.json");
        Files.writeString(status, Files.readString(status).replace("\"finished\"", "\"diverged\""));
        Path learns = out.resolve("learns-4/run.json");
        Files.writeString(learns, Files.readString(learns).replace("\"finished\"", "\"diverged\""));
        Printed answer = compare();
        says(
                answer.out(),
                "undecided  loss/validation of learns",
                "3 pairs, 2 left out, of which a run diverged",
                "ahead by 0.8000 [");
        says(Files.readString(out.resolve("comparison.html")), ">rests-3</a> (diverged)");
    }

    /** Looks with a model of the run. */
    private static final class Eyes implements Metric<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.evaluation("eyes", "", Measure.Better.LOWER));
        }

        @Override
        public Needs needs(Settings.None settings) {
            return Needs.of("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]", "i32 tokens[batch,time]");
        }

        @Override
        public void measure(Settings.None settings, List<Sample> samples, ProgramContext context, Measurements out) {
            out.put("eyes", samples.getFirst().content().length);
        }
    }

    @Test
    void whatOtherEyesSawIsNotCompared() throws IOException {
        host.plug(Metric.class, Seat.METRIC, "eyes", new Eyes());
        String looked = COMPARISON
                .replace("\"samples\": {\"count\"", "\"metrics\": [{\"id\": \"eyes\"}], \"samples\": {\"count\"")
                .replace(
                        "\"favours\": \"learns\", \"metric\": \"loss/validation\"",
                        "\"favours\": \"learns\", \"metric\": \"eyes\"");
        Files.writeString(file, looked);
        says(
                compare().out(),
                "undecided  eyes of learns is lower than of rests",
                "not comparable: eyes is taken with [model] [",
                "] in learns-1, with [model] [",
                "confirmed  fewer runs of learns fail");
        out = folder.resolve("alike");
        Files.writeString(file, looked.replace("0.03", "0"));
        Printed alike = compare();
        says(
                alike.out(),
                "undecided  eyes of learns is lower than of rests\n"
                        + "             ahead by 0.000 [0.000, 0.000] eyes; 5 pairs");
        assertFalse(alike.out().contains("not comparable"), alike.out());
    }

    /** A second of it is begun when the first has judged its last run: it had the folder before, and has it until the page is there. */
    @Test
    void theFolderBelongsToOneAtATime() throws IOException {
        List<Printed> second = new ArrayList<>();
        Printed first = compare(
                () -> {
                    if (second.isEmpty() && Files.exists(out.resolve("learns-1/run.json"))) {
                        second.add(compare("--seeds", "1"));
                    }
                    return false;
                },
                "--seeds",
                "1");
        assertEquals(1, first.code(), first.err());
        assertEquals(2, second.getFirst().code(), second.getFirst().out());
        says(
                second.getFirst().err(),
                "the folder " + out + " is in use by process "
                        + ProcessHandle.current().pid(),
                "wait until that process ends");
        assertFalse(compare("--seeds", "1").out().contains("[1/2]"), "what the first trained is there");
    }

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
    void itsHelpSaysHowToTryIt() {
        String help = Printed.by(new CompareCommand(host.engine(), host.terminal(), () -> false), "--help")
                .out();
        says(
                help,
                "runs/compare-<name> if not given",
                "\"fair\" is required",
                "\"margin\" of",
                "--set goes to both sides",
                "see ./kolotoc --help");
        says(
                Printed.by(new SuiteCommand(host.engine(), host.terminal(), () -> false), "--help")
                        .out(),
                "runs/suite-<folder> if not given");
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
        assertTrue(SIDES.stream().noneMatch(side -> Files.exists(out.resolve(side + "-1"))));
    }
}
