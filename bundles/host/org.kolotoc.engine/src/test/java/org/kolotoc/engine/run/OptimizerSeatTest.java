package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.replay.Outcome;
import org.kolotoc.engine.state.Checkpoints;

/** The seat of an optimiser inside a phase, as experiments name it. */
final class OptimizerSeatTest {
    private static final String SGD = "phases.pretrain.optimizer={\"id\": \"sgd\"}";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
    }

    private void run(String name, String... sets) {
        Console.Answer answer = console.small(name, sets);
        assertEquals(0, answer.code(), answer.err());
    }

    private byte[] bytes(String run) throws IOException {
        return Files.readAllBytes(console.out(run).resolve("checkpoints/step-00000012/state.safetensors"));
    }

    private Set<String> remembered(String run) {
        return new Checkpoints(console.out(run))
                .read(Optional.of(12L)).snapshot().of("pretrain").keySet().stream()
                        .map(name -> name.substring(0, name.indexOf('.')))
                        .collect(Collectors.toSet());
    }

    @Test
    void aPhaseTrainsWithTheOneThatIsNamed() throws IOException {
        run("plain");
        run("adamw", "--set", "phases.pretrain.optimizer={\"id\": \"adamw\"}");
        run("sgd", "--set", SGD);
        assertArrayEquals(bytes("plain"), bytes("adamw"), "AdamW is what it trains with where nothing is said");
        assertEquals(Set.of("first", "second"), remembered("adamw"));
        assertEquals(Set.of("velocity"), remembered("sgd"));
    }

    @Test
    void itsSettingsAreSetByTheirPath() throws IOException {
        console.write(Console.SMALL.replace(
                "\"warmup\"", "\"optimizer\": {\"id\": \"adamw\", \"weightDecay\": 0.1}, \"warmup\""));
        run("plain");
        run("same", "--set", "phases.pretrain.optimizer.weightDecay=0.1");
        run("none", "--set", "phases.pretrain.optimizer.weightDecay=0");
        assertArrayEquals(bytes("plain"), bytes("same"));
        assertFalse(Arrays.equals(bytes("plain"), bytes("none")));
    }

    @Test
    void aRunThatWasStoppedGoesOnWithTheSameBytesAndIsReplayed() throws IOException {
        run("whole", "--set", SGD);
        String stopped = console.out("stopped").toString();
        Console.Answer answer =
                console.run(Console.before(8), console.experiment().toString(), "--set", SGD, "--out", stopped);
        assertEquals(130, answer.code(), answer.err());
        assertEquals(0, console.run(() -> false, "--resume", stopped).code());
        assertArrayEquals(bytes("whole"), bytes("stopped"));
        Outcome outcome = console.replay(console.out("stopped"));
        assertEquals(List.of(), outcome.differences());
        assertEquals(Optional.of(12L), outcome.compared());
    }

    @Test
    void theLockNamesItsBundle() throws IOException {
        run("run", "--set", SGD);
        String lock = Files.readString(console.out("run").resolve("lock.json")).replaceAll("\\s", "");
        assertTrue(lock.contains("\"kind\":\"optimizer\",\"id\":\"sgd\""), lock);
        assertTrue(lock.contains("test.optimizer.sgd"), lock);
        assertFalse(lock.contains("\"id\":\"adamw\""), "nobody uses it");
    }

    @Test
    void aRunThatGoesOnKeepsIt() {
        run("run", "--set", SGD);
        Console.Answer answer = console.run(
                () -> false,
                "--resume",
                console.out("run").toString(),
                "--set",
                "phases.pretrain.optimizer={\"id\": \"adamw\"}");
        assertEquals(2, answer.code());
        assertTrue(answer.err().contains("$.phases[0].optimizer.id: recorded \"sgd\", given \"adamw\""), answer.err());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{\"id\": \"adam\"} | $.phases[0].optimizer.id: there is no optimizer 'adam'; did you mean 'adamw'?",
                "{\"id\": \"sgd\", \"momentun\": 0} | $.phases[0].optimizer.momentun: there is no such field; did you"
                        + " mean 'momentum'?",
                "{\"id\": \"sgd\", \"momentum\": 2} | $.phases[0].optimizer.momentum: is 2; expected a number",
                "{\"id\": \"sgd\", \"learningRate\": 1} | $.phases[0].optimizer.learningRate: there is no such field",
                "\"sgd\" | $.phases[0].optimizer: is \"sgd\"; expected an object with an \"id\" that names a plugin",
            })
    void whatDoesNotFitIsNamedByItsPath(String optimizer, String expected) {
        refused("phases.pretrain.optimizer=" + optimizer, expected);
    }

    private void refused(String set, String expected) {
        Console.Answer answer = console.small("bad", "--set", set);
        assertEquals(2, answer.code(), answer.err());
        assertTrue(answer.err().contains(expected), () -> "expected «" + expected + "» in\n" + answer.err());
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
    }

    @Test
    void whatItIsIsSaidOnce() throws IOException {
        console.write(Console.SMALL.replace("\"warmup\"", "\"beta1\": 0.9, \"epsilon\": 1e-8, \"warmup\""));
        run("old");
        refused(
                SGD,
                "$.phases[0].beta1: an optimizer is named, and beta1, epsilon are an older way to say what adamw is");
    }

    @Test
    void aPhaseThatTakesNoneIsGivenNone() throws IOException {
        console.framework().seat(Seat.PHASE, "pull", new Pull());
        console.write(Console.SMALL.replaceAll(
                "(?s)\"phases\": .*?\\]",
                "\"phases\": [{\"id\": \"pull\", \"steps\": 1, \"rate\": 0.5, \"models\": {\"student\": \"model\","
                        + " \"teacher\": \"model\"}}]"));
        refused(
                "phases.pull.optimizer={\"id\": \"sgd\"}",
                "$.phases[0].optimizer: the phase 'pull' (bundle test.phase.pull 1.0.0) takes no optimiser; expected no"
                        + " such field");
    }
}
