package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Backend;

/** What a person sees who waits, without a terminal. */
final class ProgressTest {
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private Progress progress(long total, boolean silent, Supplier<Optional<Backend.Compiling>> compiling) {
        return new Progress(new PrintStream(seen, true, StandardCharsets.UTF_8), total, silent, compiling);
    }

    private String seen() {
        return seen.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theFirstStepPromisesNothing() {
        try (Progress progress = progress(20, false, Optional::empty)) {
            progress.show("evaluation", 1, 9, "batches");
            progress.show(11, 2.5, 12_345);
            assertEquals("step 11/20 [=============           ] loss 2.5000, 12k tokens/s", seen().strip());
            progress.show(20, 1.5, 999);
        }
        assertTrue(seen().strip().endsWith("loss 1.5000, 999 tokens/s, 0:00 left"), seen());
        try (Progress progress = progress(1, false, Optional::empty)) {
            progress.show(1, 0.5, 0);
        }
        assertTrue(seen().strip().endsWith("loss 0.5000"), "a phase that counts no tokens: " + seen());
    }

    @Test
    void aCompilerIsHeardWhileNobodyElseSpeaks() throws InterruptedException {
        Backend.Compiling going = new Backend.Compiling(100, 206, 10);
        try (Progress _ = progress(20, false, () -> Optional.of(going))) {
            for (int waited = 0; waited < 200 && seen().isEmpty(); waited++) {
                Thread.sleep(50);
            }
        }
        assertEquals("compiling: 100/206 kernels, 0:11 left", seen().strip());
        String before = seen();
        Thread.sleep(500);
        assertEquals(before, seen(), "a progress that ended");
    }

    @Test
    void whatIsCompiledInAMomentIsNotWorthALine() throws InterruptedException {
        Backend.Compiling going = new Backend.Compiling(0, 206, 0.9);
        try (Progress _ = progress(20, false, () -> Optional.of(going))) {
            Thread.sleep(600);
        }
        assertEquals("", seen());
    }

    @Test
    void whoWantsSilenceHasIt() throws InterruptedException {
        try (Progress progress = progress(20, true, () -> Optional.of(new Backend.Compiling(1, 2, 3)))) {
            progress.show(1, 1, 1);
            progress.say("words");
            Thread.sleep(500);
        }
        assertFalse(seen().contains("compiling"), seen());
        assertEquals("", seen());
    }
}
