package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The example of points that two models play for, a few steps of it. */
class AdversarialTest {
    private static final Path EXAMPLE = Assembled.PROJECT.resolve("examples/experiments/gan-ring.json");

    @TempDir
    Path folder;

    private static Launch.Result run(Path out, String... sets) {
        List<Object> line = new ArrayList<>(List.of("run", EXAMPLE, "--out", out));
        line.addAll(sets("metrics=[{\"id\": \"modes\"}]", "criteria=[{\"metric\": \"modes\", \"min\": 8}]"));
        line.addAll(sets(
                "phases.adversarial.steps=20",
                "phases.adversarial.batch=16",
                "checkpointEvery=10",
                "evaluateAt=[0, 10]",
                "samples.at=[0, \"end\"]",
                "samples.examples=40"));
        line.addAll(sets(sets));
        return Launch.run(line.toArray());
    }

    private static List<Object> sets(String... sets) {
        List<Object> line = new ArrayList<>();
        for (String set : sets) {
            line.addAll(List.of("--set", set));
        }
        return line;
    }

    /** With R1 in every third update, whose count has to go on too. */
    @Test
    void stoppedAndResumedItEndsWithTheSameBytes() throws IOException {
        Path whole = folder.resolve("whole");
        String[] lazily = {"phases.adversarial.r1Every=3", "phases.adversarial.discriminatorUpdates=2"};
        // Nothing is learned in so few steps, and the verdict says so.
        run(whole, lazily).expect(1);
        Path resumed = folder.resolve("resumed");
        run(resumed, lazily).expect(1);
        Launch.run("run", "--resume", resumed, "--from", 10).expect(1);
        assertEquals(-1, Files.mismatch(Tiny.state(whole, 20), Tiny.state(resumed, 20)));
        Path sample = Path.of("samples/step-00000020/0.svg");
        assertEquals(-1, Files.mismatch(whole.resolve(sample), resumed.resolve(sample)));
        Launch.run("sample", whole, "--folder", folder.resolve("drawn")).expect(0);
        assertTrue(Files.size(folder.resolve("drawn/0.svg")) > 1000);
    }

    /** What can't go on ends, and the last state that could is there. */
    @Test
    void aRunThatDivergesKeepsItsLastCheckpoint() throws IOException {
        Path out = folder.resolve("diverged");
        String err = run(
                        out,
                        "phases.adversarial.steps=200",
                        "phases.adversarial.loss=least-squares",
                        "phases.adversarial.optimizer={\"id\": \"sgd\"}",
                        "phases.adversarial.learningRate=5",
                        "phases.adversarial.minLearningRate=5",
                        "phases.adversarial.warmup=100",
                        "checkpointEvery=1")
                .expect(4)
                .err();
        assertTrue(err.contains("finite"), err);
        try (var checkpoints = Files.list(out.resolve("checkpoints"))) {
            assertTrue(checkpoints.findAny().isPresent());
        }
    }

    @Test
    void modelsOfDifferentSizesAreRefusedByName() {
        String err = run(
                        folder.resolve("bad"),
                        "data={\"eight\": {\"id\": \"ring\"}, \"four\": {\"id\": \"ring\", \"modes\": 4}}",
                        "phases.adversarial.data=eight",
                        "samples.data=eight",
                        "metrics=[{\"id\": \"modes\", \"data\": \"eight\"}]",
                        "models.generator={\"id\": \"generator\", \"labels\": true, \"data\": \"four\"}",
                        "models.average={\"id\": \"generator\", \"labels\": true, \"data\": \"four\"}",
                        "models.discriminator={\"id\": \"discriminator\", \"labels\": true, \"data\": \"eight\"}")
                .expect(2)
                .err();
        assertTrue(err.contains("\"generator\" has 4 of 'class', the model \"discriminator\" 8"), err);
    }

    @Test
    void aClassThatIsNotThereIsRefusedByItsField() {
        String err = run(folder.resolve("label"), "samples.label=3").expect(2).err();
        assertTrue(err.contains("label") && err.contains("is told no classes"), err);
    }
}
