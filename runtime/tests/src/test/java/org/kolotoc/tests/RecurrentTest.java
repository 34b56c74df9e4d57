package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A recurrent model in the place of the first experiment's: trained, stopped, resumed, sampled from. */
class RecurrentTest {
    private static final int STEPS = 120;
    private static final String MODEL =
            "model={\"id\":\"rnn\",\"cell\":\"lstm\",\"layers\":2,\"width\":24,\"context\":32}";

    @TempDir
    static Path folder;

    @BeforeAll
    static void run() {
        run("one", STEPS, "--threads", 1).expect(0);
    }

    private static Launch.Result run(String name, int steps, Object... more) {
        Object[] line = new Object[more.length + 2];
        line[0] = "--set";
        line[1] = MODEL;
        System.arraycopy(more, 0, line, 2, more.length);
        return Launch.run(Tiny.run(folder.resolve(name), steps, line));
    }

    private static Path state(String name) {
        return Tiny.state(folder.resolve(name), STEPS);
    }

    @Test
    void neitherThreadsNorRecomputationChangeABit() throws IOException {
        run("two", STEPS, "--threads", 2).expect(0);
        run("again", STEPS, "--threads", 2, "--set", "phases.0.recompute=blocks")
                .expect(0);
        run("other", STEPS, "--threads", 2, "--set", "seed=2").expect(0);
        assertEquals(-1, Files.mismatch(state("one"), state("two")));
        assertEquals(-1, Files.mismatch(state("one"), state("again")));
        assertTrue(Files.mismatch(state("one"), state("other")) >= 0, "the comparison can fail");
    }

    @Test
    void goesOnWithTheSameBytes() throws IOException {
        run("half", STEPS / 2).expect(0);
        Launch.run("run", "--resume", folder.resolve("half"), "--set", "phases.0.steps=" + STEPS)
                .expect(0);
        assertEquals(-1, Files.mismatch(state("one"), state("half")));
    }

    /** Longer than the context, so that the session begins again on its way. */
    @Test
    void writesText() {
        String text = Launch.run("sample", folder.resolve("one"), "--prompt", "The ", "--length", 80)
                .expect(0)
                .out();
        assertTrue(text.contains("The ") && text.length() > 80, text);
    }

    @Test
    void stepsOfTimeAreOneLoop() {
        String kernels = Launch.run(
                        "explain", Assembled.PROJECT.resolve("examples/experiments/first.json"), "--set", MODEL)
                .expect(0)
                .out();
        assertTrue(kernels.contains("loop") && kernels.contains("32 steps of "), kernels);
    }
}
