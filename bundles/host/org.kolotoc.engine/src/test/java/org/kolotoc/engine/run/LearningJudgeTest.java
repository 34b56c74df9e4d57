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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** A judge that trains a model of its own once in a run, whether that is stopped or not. */
final class LearningJudgeTest {
    @TempDir
    Path folder;

    /** Learns the number three in as many steps, by a program that it closes again whenever it judges. */
    private static final class Learner implements Metric<Settings.None> {
        @Override
        public Class<Settings.None> settings() {
            return Settings.None.class;
        }

        @Override
        public List<Measure> measures(Settings.None settings) {
            return List.of(Measure.evaluation("learner", "", Measure.Better.HIGHER));
        }

        @Override
        public void measure(Settings.None settings, List<Sample> samples, ProgramContext run, Measurements out) {
            List<Parameter> known = List.of(Parameter.of("number", Initializer.ZEROS));
            run.state().declare("known", known);
            Tracer trace = new Tracer();
            Tensor number = Weights.states(trace, "known", known).get("number");
            trace.update(number, number.add(trace.feed("more", number.dtype(), number.shape())));
            trace.output("number", number);
            try (BoundProgram program = run.prepare("count", trace.program())) {
                for (long i = run.state().counter("learned"); i < 3; i++) {
                    program.feed("more", 1);
                    program.run();
                }
                run.state().counter("learned", 3);
                program.feed("more", 0);
                program.run();
                out.put("learner", program.scalar("number"));
            }
        }
    }

    private Console console() throws IOException {
        Console console = new Console(folder);
        console.framework().seat(Seat.METRIC, "learner", new Learner());
        console.write(Console.SMALL.replaceFirst("\"metrics\".*]", "\"metrics\": [{\"id\": \"learner\"}]"));
        return console;
    }

    private static List<Double> measured(Path run) throws IOException {
        return Files.readAllLines(run.resolve("metrics.jsonl")).stream()
                .map(line -> JsonParser.parseString(line).getAsJsonObject())
                .filter(line -> line.has("learner"))
                .map(line -> line.get("learner").getAsDouble())
                .toList();
    }

    @Test
    void itJudgesAllTheRunByWhatItLearnedAtItsBeginning() throws IOException {
        Console console = console();
        Console.Answer answer = console.small("whole", "--quiet");
        assertEquals(0, answer.code(), answer.err());
        assertEquals(List.of(3.0, 3.0, 3.0), measured(console.out("whole")));
    }

    @Test
    void afterAStopItLearnsAnewSinceNoCheckpointHasWhatItKnew() throws IOException {
        Console console = console();
        console.run(
                Console.before(8),
                console.experiment().toString(),
                "--quiet",
                "--out",
                console.out("halves").toString());
        Path checkpoint = console.out("halves").resolve("checkpoints/step-00000007");
        JsonObject counters = JsonParser.parseString(Files.readString(checkpoint.resolve("checkpoint.json")))
                .getAsJsonObject()
                .getAsJsonObject("counters");
        assertTrue(counters.has("pretrain/updates"), counters::toString);
        assertFalse(counters.keySet().stream().anyMatch(name -> name.contains("learner")), counters::toString);
        Console.Answer resumed = console.run(
                () -> false, "--quiet", "--resume", console.out("halves").toString());
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(List.of(3.0, 3.0, 3.0), measured(console.out("halves")));
    }
}
