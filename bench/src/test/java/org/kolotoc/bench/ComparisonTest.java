package org.kolotoc.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ComparisonTest {
    /** Of a step of ours; the other side counts none. */
    private static final double FLOPS = 10.4e9;

    private static Comparison comparison(String task, double ours, double peer, double others, double answer) {
        return comparison(Task.of(task), ours, peer, others, answer);
    }

    private static Comparison comparison(Task task, double ours, double peer, double others, double answer) {
        Comparison.Turn turn =
                new Comparison.Turn(new double[] {ours, ours}, new double[] {peer, 9 * peer, peer}, 1, others);
        return new Comparison(
                task,
                2,
                100e9,
                new Comparison.Party("kolotoc", new WorkerProcess.Report(1.5, FLOPS, 100L << 20)),
                new Comparison.Party("libtorch", new WorkerProcess.Report(answer, 0, 200L << 20)),
                Collections.nCopies(6, turn));
    }

    private static String line(String table, String begin) {
        return table.lines().filter(l -> l.startsWith(begin)).findFirst().orElseThrow();
    }

    @Test
    void aStepIsAboutTimeAndItsMemoryAboutThePeak() {
        String table = Comparison.table(List.of(comparison("step-A", 6, 10, 0, 1.5)));
        assertTrue(line(table, "step-A, ms").matches(".* 2 +6\\.0 +10\\.0 +0\\.60  <= 0\\.70  reached"), table);
        assertTrue(line(table, "step-A, peak MB").matches(".* 100\\.0 +200\\.0 +0\\.50  <= 0\\.80  reached"), table);
        String slow = Comparison.table(List.of(comparison("step-A", 7.1, 10, 0, 1.5)));
        assertTrue(line(slow, "step-A, ms").endsWith("missed"), slow);
    }

    /** An update reads 254 of the 256 tokens of a row of pre-training. */
    @Test
    void besideOurOwnStepsATokenCounts() {
        String table = Comparison.table(List.of(comparison("rlhf-update-B-step", 11, 10, 0, 1.5)));
        assertTrue(
                line(table, "rlhf-update-B-step, ms").matches(".* 11\\.0 +10\\.0 +1\\.11  <= 1\\.20  reached"), table);
        String slow = Comparison.table(List.of(comparison("finetune-B-step", 12.1, 10, 0, 1.5)));
        assertTrue(line(slow, "finetune-B-step, ms").endsWith("missed"), slow);
    }

    @Test
    void generationIsAboutSpeed() {
        String table = Comparison.table(List.of(comparison("generation-B", 128, 256, 0, 1.5)));
        assertTrue(
                line(table, "generation-B, tokens/s").matches(".* 2000\\.0 +1000\\.0 +2\\.00  >= 1\\.50  reached"),
                table);
        String slow = Comparison.table(List.of(comparison("generation-B", 256, 256, 0, 1.5)));
        assertTrue(line(slow, "generation-B").endsWith("missed"), slow);
    }

    /** Sixteen texts in the time of two are eight times the speed. */
    @Test
    void textsSideBySideAreComparedByTheirTokens() {
        String table = Comparison.table(List.of(comparison("generation-B-16", 512, 256, 0, 1.5)));
        assertTrue(
                line(table, "generation-B-16, tokens/s").matches(".* 8000\\.0 +1000\\.0 +8\\.00  >= 6\\.00  reached"),
                table);
        String slow = Comparison.table(List.of(comparison("generation-B-16", 1024, 256, 0, 1.5)));
        assertTrue(line(slow, "generation-B-16").endsWith("missed"), slow);
    }

    @Test
    void besideADeviceNothingIsWanted() {
        Comparison device = comparison(Task.of("step-A").elsewhere(), 6, 10, 0, 1.5);
        String table = Comparison.table(List.of(device));
        assertTrue(line(table, "step-A, ms").endsWith("0.60  -"), table);
        assertFalse(table.contains("peak MB"), table);
        assertTrue(device.json().contains("\"wanted\": null"), device.json());
    }

    @Test
    void theTwoMustWriteTheSameText() {
        assertFalse(comparison("generation-B", 1, 2, 0, 1.5).detail().contains("different text"));
        assertTrue(comparison("generation-B", 1, 2, 0, 1.6).detail().contains("different text"));
    }

    /** The mark of pictures differs by rounding alone. */
    @Test
    void theTwoMustDrawTheSamePictures() {
        assertFalse(comparison("generation-UNet", 1, 2, 0, 1.5004).detail().contains("different pixels"));
        assertTrue(comparison("generation-UNet", 1, 2, 0, 1.502).detail().contains("different pixels"));
    }

    /** A DCGAN's step of 10.4 GFLOP in 208 ms on a machine that does 100 a second. */
    @Test
    void aStepOfPicturesIsHeldAgainstTheMachine() {
        String detail = comparison("step-DCGAN", 208, 416, 0, 1.5).detail();
        assertTrue(line(detail, "kolotoc").matches(".* 308 +50% .*"), detail);
        assertTrue(line(detail, "libtorch").matches(".* 154 +25% .*"), detail);
    }

    @Test
    void turnsThatOthersDisturbedAreNotTrusted() {
        assertFalse(comparison("step-A", 6, 10, 0, 1.5).detail().contains("not to be trusted"));
        assertTrue(comparison("step-A", 6, 10, 0.5, 1.5).detail().contains("not to be trusted: 0 of 6 turns"));
    }

    @Test
    void aLineOfJsonHasTheAgreedFields() {
        String json = comparison("step-B", 6, 8, 0, 1.5).json();
        assertEquals(1, json.lines().count());
        for (String field : List.of(
                "\"name\": \"step-B\"",
                "\"threads\": 2",
                "\"tokens_s\": ",
                "\"fma_share\": ",
                "\"ms_median\": 6.000",
                "\"peer\": \"libtorch\"",
                "\"peer_ms_median\": 8.000",
                "\"ratio\": 0.7500")) {
            assertTrue(json.contains(field), field + " is not in " + json);
        }
    }
}
