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

/** The example of points from noise, a few steps of it. */
class DiffusionTest {
    private static final Path EXAMPLE = Assembled.PROJECT.resolve("examples/experiments/diffusion-ring.json");

    @TempDir
    Path folder;

    private Launch.Result run(Path out, String... sets) {
        List<Object> line = new ArrayList<>(List.of("run", EXAMPLE, "--out", out));
        List<String> all = new ArrayList<>(List.of(
                "phases.denoise.steps=20",
                "phases.denoise.batch=16",
                "checkpointEvery=10",
                "evaluateAt=[0, 10]",
                "samples.at=[0, \"end\"]",
                "samples.examples=40"));
        all.addAll(List.of(sets));
        all.forEach(set -> line.addAll(List.of("--set", set)));
        return Launch.run(line.toArray());
    }

    @Test
    void stoppedAndResumedItEndsWithTheSameBytes() throws IOException {
        Path whole = folder.resolve("whole");
        // Nothing is learned in so few steps, and the verdict says so.
        run(whole).expect(1);
        Path resumed = folder.resolve("resumed");
        run(resumed).expect(1);
        Launch.run("run", "--resume", resumed, "--from", 10).expect(1);
        assertEquals(-1, Files.mismatch(Tiny.state(whole, 20), Tiny.state(resumed, 20)));
        Path sample = Path.of("samples/step-00000020/0.svg");
        assertEquals(-1, Files.mismatch(whole.resolve(sample), resumed.resolve(sample)));
        assertTrue(Files.readString(whole.resolve(sample)).contains("<circle"));
        Launch.run("sample", whole, "--folder", folder.resolve("drawn")).expect(0);
        assertTrue(Files.size(folder.resolve("drawn/0.svg")) > 1000);
    }

    /** A schedule at whose end samples are not noise yet is in the ledger. */
    @Test
    void whatIsLeftOfSamplesIsTold() throws IOException {
        Path out = folder.resolve("short");
        run(out, "phases.denoise.lastBeta=0.02").expect(1);
        String ledger = Files.readString(out.resolve("ledger.jsonl"));
        assertTrue(ledger.contains("raise lastBeta"), ledger);
    }

    @Test
    void whatDoesNotFitIsRefusedByItsField() {
        String err = run(folder.resolve("bad"), "samples={\"id\": \"ddim\", \"model\": \"average\", \"steps\": 200}")
                .expect(2)
                .err();
        assertTrue(err.contains("steps") && err.contains("at most 100"), err);
    }
}
