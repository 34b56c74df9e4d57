package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.progress.Screen;
import org.kolotoc.tensor.Backend;

/** What a person sees who waits, without a terminal. */
final class ProgressTest {
    private final AtomicLong now = new AtomicLong(100_000_000_000L);
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private Progress progress(long total, boolean silent, Supplier<Optional<Backend.Compiling>> compiling) {
        return progress(Screen.PAPER, total, silent, compiling);
    }

    private Progress progress(
            Screen screen, long total, boolean silent, Supplier<Optional<Backend.Compiling>> compiling) {
        return new Progress(
                new PrintStream(seen, true, StandardCharsets.UTF_8), screen, total, silent, compiling, () -> now.get());
    }

    /** What stands in the row after the last overwriting. */
    private String row() {
        return seen().substring(seen().lastIndexOf('\r') + 1).replace("\033[K", "");
    }

    @Test
    void aLineNeverWrapsWhateverItHasToSay() {
        String headline = "discriminator/wasserstein-distance -1234.5678";
        for (int columns = 1; columns < 130; columns++) {
            int width = columns;
            try (Progress progress = progress(new Screen(true, () -> width), 100_000_000, false, Optional::empty)) {
                progress.show(1, headline, "120k tokens/s");
                pass(400_000);
                progress.show(50_000_000, headline, "120k tokens/s");
                assertTrue(row().length() < Math.max(2, columns), columns + " columns: " + row());
                pass(1);
                progress.show("samples", 1, 10_000_000_000L, "tokens");
                pass(1);
                progress.show("samples", 2, 10_000_000_000L, "tokens");
                assertTrue(row().length() < Math.max(2, columns), columns + " columns: " + row());
            }
        }
    }

    @Test
    void whatTellsLeastGoesFirst() {
        try (Progress progress = progress(new Screen(true, () -> 40), 1_000_000, false, Optional::empty)) {
            progress.show(999_999, "loss/train 2.5000", "12k tokens/s");
            assertEquals("step 999999/1000000 loss/train 2.5000", row());
        }
        try (Progress progress = progress(new Screen(true, () -> 30), 1_000_000, false, Optional::empty)) {
            progress.show(999_999, "loss/train 2.5000", "12k tokens/s");
            assertEquals("step 999999/1000000 [===== ]", row());
        }
        try (Progress progress = progress(new Screen(true, () -> 60), 100, false, Optional::empty)) {
            progress.show(50, "loss/train 2.5000", "12k tokens/s");
            assertEquals("step 50/100 [======       ] loss/train 2.5000, 12k tokens/s", row());
        }
    }

    @Test
    void paperHasNoEscapes() {
        try (Progress progress = progress(20, false, Optional::empty)) {
            progress.show(1, "loss 1", "");
            pass(9);
            progress.show(2, "loss 1", "");
        }
        assertFalse(seen().contains("\033") || seen().contains("\r"), seen());
    }

    private String seen() {
        return seen.toString(StandardCharsets.UTF_8);
    }

    private void pass(double seconds) {
        now.addAndGet((long) (seconds * 1e9));
    }

    private String last() {
        return seen().lines().reduce((_, line) -> line).orElse("");
    }

    @Test
    void theFirstStepPromisesNothingAndTheOthersByTheTimeAfterIt() {
        try (Progress progress = progress(20, false, Optional::empty)) {
            progress.show("evaluation", 1, 9, "batches");
            pass(1);
            progress.show(11, "loss 2.5000", "12k tokens/s");
            assertEquals("step 11/20 [=============           ] loss 2.5000, 12k tokens/s", last());
            pass(6);
            progress.show(13, "loss 2.2500", "999 tokens/s");
            assertEquals("step 13/20 [===============         ] loss 2.2500, 999 tokens/s, 0:21 left", last());
            pass(1);
            progress.show(14, "loss 2.0000", "999 tokens/s");
            assertTrue(last().startsWith("step 13"), "a line every five seconds");
            progress.show(20, "loss 1.5000", "");
            assertEquals("step 20/20 [========================] loss 1.5000, 0:00 left", last(), "no tokens counted");
        }
    }

    @Test
    void workIsTimedAfterItsFirstPart() {
        try (Progress progress = progress(20, false, Optional::empty)) {
            pass(20);
            progress.show("samples", 1, 101, "tokens");
            pass(4);
            progress.show("samples", 21, 101, "tokens");
            assertEquals("", seen(), "not yet worth a line");
            pass(6);
            progress.show("samples", 51, 101, "tokens");
            assertEquals("samples: 51/101 tokens, 0:10 left", last());
            pass(100);
            progress.show("evaluation", 10, 100, "batches");
            assertTrue(last().startsWith("samples"), "another work begins anew: " + last());
            pass(9);
            progress.show("evaluation", 40, 100, "batches");
            assertEquals("evaluation: 40/100 batches, 0:18 left", last());
            pass(50);
            progress.show("evaluation", 1, 100, "batches");
            pass(5);
            progress.show("evaluation", 51, 100, "batches");
            assertEquals("evaluation: 51/100 batches, 0:05 left", last(), "the second time");
        }
    }

    @Test
    void aCompilerIsHeardWhileNobodyElseSpeaks() throws InterruptedException {
        Backend.Compiling going = new Backend.Compiling(100, 206, 10, 14);
        try (Progress _ = progress(20, false, () -> Optional.of(going))) {
            for (int waited = 0; waited < 200 && seen().isEmpty(); waited++) {
                Thread.sleep(50);
            }
        }
        assertEquals("compiling: 100/206 kernels, 0:07 left", seen().strip(), "10.6 s, of which 4 have passed");
        String before = seen();
        Thread.sleep(500);
        assertEquals(before, seen(), "a progress that ended");
    }

    @Test
    void whatIsCompiledInAMomentIsNotWorthALine() throws InterruptedException {
        Backend.Compiling going = new Backend.Compiling(0, 206, 0, 0.9);
        try (Progress _ = progress(20, false, () -> Optional.of(going))) {
            Thread.sleep(600);
        }
        assertEquals("", seen());
    }

    @Test
    void whoWantsSilenceHasIt() throws InterruptedException {
        try (Progress progress = progress(20, true, () -> Optional.of(new Backend.Compiling(1, 2, 2, 3)))) {
            progress.show(1, "loss 1", "1 tokens/s");
            progress.say("words");
            Thread.sleep(500);
        }
        assertFalse(seen().contains("compiling"), seen());
        assertEquals("", seen());
    }
}
