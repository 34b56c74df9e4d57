package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
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

    /** With batch norms, whose running statistics have to go on too; drawn from the folder, by class and in pairs. */
    @Test
    void picturesAreMadeResumedAndDrawn() throws IOException {
        Path out = folder.resolve("pictures");
        List<Object> line = new ArrayList<>(
                List.of("run", Assembled.PROJECT.resolve("examples/experiments/gan-shapes.json"), "--out", out));
        line.addAll(sets(
                "data.pictures=100",
                "data.heldOut=40",
                "models.generator.channels=[8, 4]",
                "models.average.channels=[8, 4]",
                "models.discriminator.channels=[4, 8]",
                "phases=[{\"id\": \"adversarial\", \"models\": {\"generator\": \"generator\", \"discriminator\":"
                        + " \"discriminator\", \"average\": \"average\"}, \"samples\": \"pictures\", \"steps\": 6,"
                        + " \"batch\": 8, \"average\": 0.9}]",
                "checkpointEvery=3",
                "samples={\"id\": \"generator\", \"model\": \"average\", \"samples\": \"pictures\", \"examples\": 4,"
                        + " \"count\": 1}",
                "metrics=[]",
                "criteria=[{\"metric\": \"diversity\", \"min\": 100}]"));
        Launch.run(line.toArray()).expect(1);
        byte[] whole = Files.readAllBytes(Tiny.state(out, 6));
        Launch.run("run", "--resume", out, "--from", 3).expect(1);
        assertArrayEquals(whole, Files.readAllBytes(Tiny.state(out, 6)));
        Path way = folder.resolve("way.png");
        Launch.run("sample", out, "--out", way, "--count", 5, "--class", 3, "--interpolate", "1:7")
                .expect(0);
        assertTrue(Files.size(way) > 200);
        Launch.run("sample", out, "--out", way, "--class", 10).expect(2);
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
