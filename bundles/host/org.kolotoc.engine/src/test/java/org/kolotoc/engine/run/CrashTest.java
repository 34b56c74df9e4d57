package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process that ends at the worst moment: a checkpoint is being written, a line of metrics is half there. */
final class CrashTest {
    private static final String LAST = "checkpoints/step-00000012/state.safetensors";

    @TempDir
    Path folder;

    @Test
    void whatWasBeingWrittenIsForgottenAndTheRunGoesOnAsIfNothingWere() throws IOException {
        Console console = new Console(folder);
        assertEquals(0, console.small("whole", "--quiet").code());
        assertEquals(
                130,
                console.run(
                                Console.before(8),
                                console.experiment().toString(),
                                "--quiet",
                                "--out",
                                console.out("crashed").toString())
                        .code());
        Path crashed = console.out("crashed");
        // Between the temporary folder and its rename: everything may be in it, or half of a file.
        Path half = Files.createDirectories(crashed.resolve("checkpoints/step-00000010.part"));
        byte[] state = Files.readAllBytes(crashed.resolve("checkpoints/step-00000007/state.safetensors"));
        Files.write(half.resolve("state.safetensors"), java.util.Arrays.copyOf(state, state.length / 2));
        Files.writeString(crashed.resolve("run.json.part"), "{\"schema\": \"kolo");
        Path jar = Files.createDirectories(crashed.resolve("bundles")).resolve("hello-1.0.0-0a1b2c3d.jar.part");
        Files.write(jar, new byte[] {'P', 'K'});
        Files.writeString(crashed.resolve("metrics.jsonl"), "{\"step\": 8, \"loss/tr", StandardOpenOption.APPEND);

        Console.Answer answer = console.run(() -> false, "--resume", crashed.toString(), "--quiet");

        assertEquals(0, answer.code(), answer.out() + answer.err());
        assertArrayEquals(
                Files.readAllBytes(console.out("whole").resolve(LAST)), Files.readAllBytes(crashed.resolve(LAST)));
        assertEquals(Console.steps(console.out("whole")), Console.steps(crashed), "steps 1 to 12, each once");
        assertFalse(Files.exists(jar), "half of a jar");
        assertFalse(Files.exists(half), "the half checkpoint was replaced by a whole one");
    }
}
