package org.kolotoc.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.event.Event;

/** What a person sees who waits, without a terminal. */
final class RunProgressTest {
    private final AtomicLong now = new AtomicLong(100_000_000_000L);
    private final ByteArrayOutputStream seen = new ByteArrayOutputStream();

    private RunProgress progress(long total) {
        return progress(Screen.PAPER, total);
    }

    private RunProgress progress(Screen screen, long total) {
        RunProgress progress =
                new RunProgress(new PrintStream(seen, true, StandardCharsets.UTF_8), screen, () -> now.get());
        progress.heard(new Event.Began("a", 1, "cpu", "2 threads", 1_000_000, 0, false, total, Path.of("runs/a")));
        seen.reset();
        return progress;
    }

    private static Event step(long step, String headline, String rate) {
        return new Event.Stepped(step, "pretrain", step, Map.of(), headline, rate);
    }

    private static Event work(String what, long done, long all, String unit) {
        return new Event.Working(what, done, all, unit);
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
            {
                RunProgress progress = progress(new Screen(true, () -> width), 100_000_000);
                progress.heard(step(1, headline, "120k tokens/s"));
                pass(400_000);
                progress.heard(step(50_000_000, headline, "120k tokens/s"));
                assertTrue(row().length() < Math.max(2, columns), columns + " columns: " + row());
                pass(1);
                progress.heard(work("samples", 1, 10_000_000_000L, "tokens"));
                pass(1);
                progress.heard(work("samples", 2, 10_000_000_000L, "tokens"));
                assertTrue(row().length() < Math.max(2, columns), columns + " columns: " + row());
            }
        }
    }

    @Test
    void whatIsLeftOfWorkIsToldWhereThereIsLittleRoom() {
        RunProgress progress = progress(new Screen(true, () -> 40), 10);
        progress.heard(work("controls", 0, 180_000, "parts"));
        pass(60);
        progress.heard(work("controls", 100_000, 180_000, "parts"));
        assertEquals("controls: 100000/180000, 0:48 left", row());
    }

    /** Code is slow until it is compiled, and a phase may have slow parts later on. */
    @Test
    void timeLeftIsByTheLaterHalfOfAPhase() {
        RunProgress progress = progress(1_000);
        progress.heard(step(0, "", ""));
        long step = 0;
        for (int second = 0; second < 40; second++) {
            step += second < 10 ? 1 : 20;
            pass(1);
            progress.heard(step(step, "", ""));
        }
        // By all that was, 610 steps in 40 s, it would be 0:26.
        assertTrue(row().endsWith(" 0:20 left\n"), row());
    }

    @Test
    void whatTellsLeastGoesFirst() {
        {
            RunProgress progress = progress(new Screen(true, () -> 40), 1_000_000);
            progress.heard(step(999_999, "loss/train 2.5000", "12k tokens/s"));
            assertEquals("step 999999/1000000 loss/train 2.5000", row());
        }
        {
            RunProgress progress = progress(new Screen(true, () -> 30), 1_000_000);
            progress.heard(step(999_999, "loss/train 2.5000", "12k tokens/s"));
            assertEquals("step 999999/1000000 [===== ]", row());
        }
        {
            RunProgress progress = progress(new Screen(true, () -> 60), 100);
            progress.heard(step(50, "loss/train 2.5000", "12k tokens/s"));
            assertEquals("step 50/100 [======       ] loss/train 2.5000, 12k tokens/s", row());
        }
    }

    @Test
    void paperHasNoEscapes() {
        {
            RunProgress progress = progress(20);
            progress.heard(step(1, "loss 1", ""));
            pass(9);
            progress.heard(step(2, "loss 1", ""));
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
    void anotherPhaseIsJudgedByItsOwnSteps() {
        RunProgress progress = progress(1000);
        for (int step = 1; step <= 800; step++) {
            progress.heard(step(step, "", ""));
            pass(0.01);
        }
        pass(9);
        progress.heard(new Event.Stepped(801, "denoise", 1, Map.of(), "", ""));
        assertFalse(last().contains("left"), last());
        pass(6);
        progress.heard(new Event.Stepped(803, "denoise", 3, Map.of(), "", ""));
        assertTrue(last().endsWith("9:51 left"), last());
    }

    @Test
    void theFirstStepPromisesNothingAndTheOthersByTheTimeAfterIt() {
        {
            RunProgress progress = progress(20);
            progress.heard(work("evaluation", 1, 9, "batches"));
            pass(1);
            progress.heard(step(11, "loss 2.5000", "12k tokens/s"));
            assertEquals("step 11/20 [=============           ] loss 2.5000, 12k tokens/s", last());
            pass(6);
            progress.heard(step(13, "loss 2.2500", "999 tokens/s"));
            assertEquals("step 13/20 [===============         ] loss 2.2500, 999 tokens/s, 0:21 left", last());
            pass(1);
            progress.heard(step(14, "loss 2.0000", "999 tokens/s"));
            assertTrue(last().startsWith("step 13"), "a line every five seconds");
            progress.heard(step(20, "loss 1.5000", ""));
            assertEquals("step 20/20 [========================] loss 1.5000, 0:00 left", last(), "no tokens counted");
        }
    }

    @Test
    void workIsTimedAfterItsFirstPart() {
        {
            RunProgress progress = progress(20);
            pass(20);
            progress.heard(work("samples", 1, 101, "tokens"));
            pass(4);
            progress.heard(work("samples", 21, 101, "tokens"));
            assertEquals("", seen(), "not yet worth a line");
            pass(6);
            progress.heard(work("samples", 51, 101, "tokens"));
            assertEquals("samples: 51/101 tokens, 0:10 left", last());
            pass(100);
            progress.heard(work("evaluation", 10, 100, "batches"));
            assertTrue(last().startsWith("samples"), "another work begins anew: " + last());
            pass(9);
            progress.heard(work("evaluation", 40, 100, "batches"));
            assertEquals("evaluation: 40/100 batches, 0:18 left", last());
            pass(50);
            progress.heard(work("evaluation", 1, 100, "batches"));
            pass(5);
            progress.heard(work("evaluation", 51, 100, "batches"));
            assertEquals("evaluation: 51/100 batches, 0:05 left", last(), "the second time");
        }
    }

    @Test
    void aCompilerIsTimedByWhatItDid() {
        RunProgress progress = progress(20);
        progress.heard(new Event.Compiling(0, 206, 0, 0.9));
        assertEquals("", seen(), "what is compiled in a moment is not worth a line");
        progress.heard(new Event.Compiling(100, 206, 10, 14));
        assertEquals("compiling: 100/206 kernels, 0:07 left", last(), "10.6 s, of which 4 have passed");
    }

    @Test
    void whatComesBeforeTheFirstStepIsAShare() {
        RunProgress progress = progress(20);
        progress.heard(work("hashing text.txt", 1, 10, ""));
        assertEquals("", seen(), "not yet worth a line");
        pass(6);
        progress.heard(work("hashing text.txt", 5, 10, ""));
        assertEquals("hashing text.txt: 50 %", last());
    }

    @Test
    void whatThereIsToReadHasRowsOfItsOwn() {
        RunProgress progress = progress(new Screen(true, () -> 60), 20);
        progress.heard(step(1, "loss 1", ""));
        progress.heard(new Event.Evaluated(1, "pretrain", Map.of("loss/validation", 2.5)));
        assertTrue(seen().endsWith("\nstep 1 of pretrain  loss/validation 2.500\n"), seen());
        progress.heard(new Event.Saved(1));
        assertTrue(seen().endsWith("2.500\n"), "nothing to read of it: " + seen());
    }
}
