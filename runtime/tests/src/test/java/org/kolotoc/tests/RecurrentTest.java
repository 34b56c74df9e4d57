package org.kolotoc.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
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

    /** Rows of several documents, which the data says; a model that takes no positions is told. */
    @Test
    void documentsOfARowStayApart() throws IOException {
        String documents = "data={\"id\": \"mixture\", \"packing\": \"%s\", \"heldOut\": 0.1, \"sources\": {\"a\":"
            + " {\"share\": 1, \"documents\": {\"id\": \"world\", \"seed\": 1, \"characters\": 20000, \"paragraphs\":"
            + " 1}}}}";
        for (String packing : new String[] {"apart", "joined"}) {
            Launch.Result result = Launch.run(Tiny.run(
                    folder.resolve(packing),
                    20,
                    "--set",
                    "data=null",
                    "--set",
                    documents.formatted(packing),
                    "--set",
                    MODEL,
                    "--quiet"));
            result.expect(0);
            assertFalse(result.err().contains("documents see each other"), result.err());
        }
        assertTrue(
                Files.mismatch(Tiny.state(folder.resolve("apart"), 20), Tiny.state(folder.resolve("joined"), 20)) >= 0,
                "joined, they are read otherwise");
    }

    /** Where nobody says which weights an adapter is put on, the model does. */
    @Test
    void anAdapterNeedsNoTargets() throws IOException {
        Path run = folder.resolve("adapted");
        Launch.run(Tiny.with(
                        "{\"id\":\"pretrain\",\"steps\":5,\"batch\":4,\"learningRate\":0.003,"
                                + "\"adapter\":{\"id\":\"lora\",\"rank\":2}}",
                        run,
                        "--set",
                        MODEL,
                        "--set",
                        "checkpointEvery=3"))
                .expect(0);
        String state = Files.readString(Tiny.state(run, 3), StandardCharsets.ISO_8859_1);
        for (String weight : new String[] {"layer0.input", "layer1.recurrent"}) {
            assertTrue(state.contains("pretrain.adapter/a." + weight + ".weight"), weight);
        }
        assertFalse(state.contains("pretrain.adapter/a.token"), "none of the table");
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
