package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.engine.Engine;

/** Two sides, trained by the command that judges them: who learns and who does not. */
final class CompareCommandTest extends Compared {
    private JsonObject judgement() throws IOException {
        return JsonParser.parseString(Files.readString(out.resolve("comparison.json")))
                .getAsJsonObject();
    }

    private List<String> verdicts() throws IOException {
        return judgement().getAsJsonArray("claims").asList().stream()
                .map(claim -> claim.getAsJsonObject().get("verdict").getAsString())
                .toList();
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
                "not known: not measured in both runs of every pair",
                "ok   text/cost/parameters",
                "not known whether both sides had as much: cost/flops (not measured in both runs of every pair)",
                "verdict: 3 undecided");
        JsonObject fair = judgement().getAsJsonArray("fair").get(0).getAsJsonObject();
        assertFalse(fair.get("holds").getAsBoolean());
        assertTrue(fair.get("apart").isJsonNull());
        assertEquals(List.of(), new Validator(schema("judgement")).faults(judgement()));

        // No pair is there at all: nothing is "ok".
        out = folder.resolve("none");
        Printed none = compare("--only", "learns-1");
        says(none.out(), "?    cost/flops: no run has it, not known: no pair is there");
        assertFalse(none.out().contains("  ok   cost"), none.out());
    }

    @Test
    void aRunThatDivergedFailedAndHasNoQuality() throws IOException {
        compare();
        diverged("rests-3");
        diverged("learns-4");
        Printed answer = compare();
        says(
                answer.out(),
                "undecided  loss/validation of learns",
                "3 pairs, 2 left out, of which a run diverged",
                "ahead by 0.8000 [");
        says(Files.readString(out.resolve("comparison.html")), ">rests-3</a> (diverged)");
    }

    private void diverged(String run) throws IOException {
        Path status = out.resolve(run).resolve("run.json");
        Files.writeString(status, Files.readString(status).replace("\"finished\"", "\"diverged\""));
    }

    /** That one side fails each time is found of runs with as much of all; how much these had, nobody can tell. */
    @Test
    void whereEveryRunOfASideDivergedNothingFollows() throws IOException {
        compare();
        for (int seed = 1; seed <= 5; seed++) {
            diverged("rests-" + seed);
        }
        Printed answer = compare();
        assertEquals(1, answer.code(), answer.err());
        says(
                answer.out(),
                "?    cost/flops: learns ",
                "not known: every run of rests diverged",
                "not known whether both sides had as much: cost/flops (every run of rests diverged),"
                        + " text/cost/parameters (every run of rests diverged)",
                "verdict: 3 undecided");
        assertEquals(List.of("undecided", "undecided", "undecided"), verdicts());
        assertFalse(judgement()
                .getAsJsonArray("fair")
                .get(0)
                .getAsJsonObject()
                .get("holds")
                .getAsBoolean());
        diverged("learns-2");
        says(compare().out(), "every run of rests diverged");
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
    void itsHelpSaysHowToTryIt() {
        String help = Printed.by(new CompareCommand(host.engine(), host.terminal(), () -> false), "--help")
                .out();
        says(
                help,
                "runs/compare-<name> if not given",
                "\"fair\" is required",
                "\"margin\" of",
                "--set goes to both sides",
                "./kolotoc --help");
        says(
                Printed.by(new SuiteCommand(host.engine(), host.terminal(), () -> false), "--help")
                        .out(),
                "runs/suite-<folder> if not given");
    }
}
