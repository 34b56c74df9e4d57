package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.Engine;
import org.kolotoc.engine.experiment.ExperimentFile;

/** A tiny experiment on the reference backend, which measures every operation. */
final class ProfileCommandTest {
    private static final String FIRST = "../../../examples/experiments/first.json";
    private static final List<String> TINY = List.of(
            "--backend",
            "reference",
            "--set",
            "model.width=8",
            "--set",
            "model.layers=1",
            "--set",
            "model.heads=2",
            "--set",
            "model.context=16",
            "--set",
            "data.characters=4000",
            "--set",
            "phases.0.batch=2",
            "--set",
            "phases.0.steps=4");

    @TempDir
    Path temporary;

    private final FakeHost host = FakeHost.standard();
    private final Engine engine = host.engine();
    private final ProfileCommand command = new ProfileCommand(engine, host.terminal());

    /** The short criteria of the experiment ask for steps that four steps don't have. */
    private Path experiment() throws IOException {
        JsonObject json =
                JsonParser.parseString(Files.readString(Path.of(FIRST))).getAsJsonObject();
        json.remove("criteria");
        json.remove("evaluateAt");
        json.remove("samples");
        json.remove("metrics");
        Path file = temporary.resolve("tiny.json");
        Files.writeString(file, json.toString());
        return file;
    }

    private Printed profile(Path what, String... more) {
        List<String> all = new ArrayList<>(TINY);
        all.add(what.toString());
        all.addAll(List.of("--warm-up", "1", "--steps", "3"));
        all.addAll(List.of(more));
        return Printed.by(command, all.toArray(String[]::new));
    }

    private static JsonObject phase(JsonObject profile) {
        return profile.getAsJsonArray("phases").get(0).getAsJsonObject();
    }

    /** Before anything is measured. */
    @Test
    void nothingIsWrittenIntoARunThatHoldsALink() throws IOException {
        Path run = Files.createDirectories(temporary.resolve("run"));
        Files.copy(experiment(), run.resolve("experiment.json"));
        Path outside = Files.writeString(temporary.resolve("outside"), "precious");
        Path link = Files.createSymbolicLink(run.resolve("profile.json.part"), outside);
        for (Printed printed : List.of(profile(experiment(), "--out", run.toString()), profile(run))) {
            assertEquals(2, printed.code());
            assertTrue(printed.err().contains(link + " is a link to " + outside), printed.err());
        }
        assertEquals("precious", Files.readString(outside));
        assertFalse(Files.exists(run.resolve("profile.svg")));
    }

    @Test
    void everyKernelOfTheStepHasATimeAndTheyAddUp() throws IOException {
        Path out = temporary.resolve("out");
        Printed printed = profile(experiment(), "--json", "--out", out.toString());
        assertEquals(0, printed.code(), printed.err());
        JsonObject profile = JsonParser.parseString(printed.out()).getAsJsonObject();
        JsonObject phase = phase(profile);
        assertEquals(3, phase.get("steps").getAsInt());
        double sum = 0;
        for (var element : phase.getAsJsonArray("kernels")) {
            JsonObject kernel = element.getAsJsonObject();
            assertEquals("train", kernel.get("program").getAsString());
            assertEquals(1, kernel.get("runs").getAsDouble());
            assertTrue(kernel.get("leastUs").getAsDouble() <= kernel.get("ms").getAsDouble() * 1e3 + 1e-6);
            sum += kernel.get("ms").getAsDouble();
        }
        assertTrue(sum > 0 && sum <= phase.get("stepMs").getAsDouble(), sum + " ms of " + phase.get("stepMs"));
        List<String> explained = new ArrayList<>(TINY);
        explained.addAll(List.of(experiment().toString(), "--program", "train", "--json"));
        Printed explanation = Printed.by(new ExplainCommand(engine, host.terminal()), explained.toArray(String[]::new));
        assertEquals(
                JsonParser.parseString(explanation.out())
                        .getAsJsonObject()
                        .getAsJsonArray("programs")
                        .get(0)
                        .getAsJsonObject()
                        .getAsJsonArray("kernels")
                        .size(),
                phase.getAsJsonArray("kernels").size());
        assertEquals(profile, JsonParser.parseString(Files.readString(out.resolve("profile.json"))));
        assertTrue(Files.readString(out.resolve("profile.svg")).startsWith("<svg "));
        Validator schema = new Validator(
                JsonParser.parseString(engine.schema("profile", _ -> {})).getAsJsonObject());
        assertEquals(List.of(), schema.faults(profile));
        assertFalse(schema.faults(new JsonObject()).isEmpty(), "a schema that takes anything proves nothing");
    }

    @Test
    void theTableSaysWhereTheTimeWentAndWhereThePictureIs() throws IOException {
        Path out = temporary.resolve("out");
        Printed printed = profile(experiment(), "--out", out.toString(), "--quiet");
        assertEquals(0, printed.code(), printed.err());
        assertTrue(printed.out().contains("phase pretrain: "), printed.out());
        assertTrue(printed.out().contains("outside of kernels"), printed.out());
        assertTrue(printed.out().contains("by kind: interpreted "), printed.out());
        assertTrue(printed.out().contains("picture: " + out.resolve("profile.svg")), printed.out());
        Printed all = profile(experiment(), "--out", out.toString(), "--quiet", "--all");
        assertTrue(
                all.out().lines().count() > printed.out().lines().count(),
                "small launches are put together unless all are asked for");
        assertTrue(all.out().contains("x1 "), all.out());
        assertFalse(all.out().contains("smaller ones"), all.out());
    }

    @Test
    void aRunGetsThePictureIntoItsReport() throws IOException {
        Path run = temporary.resolve("run");
        List<String> line = new ArrayList<>(TINY);
        line.addAll(List.of(experiment().toString(), "--quiet", "--out", run.toString()));
        Printed trained = Printed.by(new RunCommand(engine, host.terminal(), () -> false), line.toArray(String[]::new));
        assertEquals(0, trained.code(), trained.err());
        assertFalse(Files.readString(run.resolve("report.html")).contains("Where the time goes"));
        Printed printed = profile(run);
        assertEquals(0, printed.code(), printed.err());
        String report = Files.readString(run.resolve("report.html"));
        assertTrue(report.contains("Where the time goes"), report);
        assertTrue(report.contains("ms a step, every layer"), report);
    }

    @Test
    void anotherExperimentsTimesStayOutOfARunsReport() throws IOException {
        Path run = temporary.resolve("run");
        List<String> line = new ArrayList<>(TINY);
        line.addAll(List.of(experiment().toString(), "--quiet", "--out", run.toString()));
        Printed trained = Printed.by(new RunCommand(engine, host.terminal(), () -> false), line.toArray(String[]::new));
        assertEquals(0, trained.code(), trained.err());
        ExperimentFile recorded = ExperimentFile.read(run.resolve("experiment.json"));
        ExperimentFile other = ExperimentFile.read(run.resolve("experiment.json"));
        other.set("backend=cpu");
        assertTrue(other.trainsAs(recorded));
        other.set("phases.0.batch=4");
        assertFalse(other.trainsAs(recorded));
        host.at(temporary);
        Printed printed = profile(run, "--set", "phases.0.batch=4", "--quiet");
        assertEquals(0, printed.code(), printed.err());
        assertFalse(Files.exists(run.resolve("profile.json")), printed.out());
        assertTrue(printed.out().contains("picture: " + temporary.resolve("runs")), printed.out());
        assertFalse(Files.readString(run.resolve("report.html")).contains("Where the time goes"));
    }

    @Test
    void whatDoesNotFitOrCantBeWrittenIsRefusedBeforeAStep() throws IOException {
        Printed large = profile(experiment(), "--memory", "10k");
        assertEquals(2, large.code());
        assertTrue(large.err().contains("of memory, but there is 0.0 MB (--memory)"), large.err());
        assertTrue(large.err().contains("phases.pretrain.recompute"), large.err());
        Path file = Files.createFile(temporary.resolve("taken"));
        Printed taken = profile(experiment(), "--out", file.toString());
        assertEquals(2, taken.code());
        assertTrue(taken.err().contains("the output folder " + file + " is a file"), taken.err());
        assertFalse(taken.err().contains("warming up"), taken.err());
    }

    @Test
    void anOptionThatWouldDoNothingIsRefused() throws IOException {
        Printed resumed = profile(experiment(), "--resume", "runs/some");
        assertEquals(2, resumed.code());
        assertTrue(resumed.err().contains("profile has no option --resume"), resumed.err());
        assertTrue(
                profile(experiment(), "--stepz", "3").err().contains("did you mean '--steps'?"),
                "own options are known names too");
    }

    @Test
    void whatIsAskedForWronglyIsNamed() throws IOException {
        assertEquals(2, profile(experiment(), "--steps", "0").code());
        Printed none = Printed.by(command);
        assertEquals(2, none.code());
        assertTrue(none.err().contains("one experiment file or run folder"), none.err());
        Printed noRun = profile(Files.createDirectories(temporary.resolve("empty")));
        assertEquals(2, noRun.code());
        assertTrue(noRun.err().contains("empty"), noRun.err());
        assertFalse(noRun.err().contains("\tat "), noRun.err());
    }
}
