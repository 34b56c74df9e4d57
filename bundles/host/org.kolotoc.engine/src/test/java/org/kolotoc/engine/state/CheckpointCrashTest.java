package org.kolotoc.engine.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.kolotoc.engine.TestFiles;
import org.kolotoc.tensor.DType;

/** Wherever the disk fails or the process ends, there are no fewer whole checkpoints than before. */
final class CheckpointCrashTest {
    private static final MetricsSeal METRICS = new MetricsSeal(0, 0, Hash.of(new byte[0]));

    @TempDir
    Path folder;

    /** A state that can be told from others. */
    private static Snapshot snapshot(int value) {
        Snapshot.Entry entry = new Snapshot.Entry() {
            @Override
            public DType dtype() {
                return DType.I32;
            }

            @Override
            public int[] shape() {
                return new int[] {1};
            }

            @Override
            public void read(Snapshot.Sink sink) throws IOException {
                sink.take(
                        0,
                        java.nio.ByteBuffer.allocate(4)
                                .order(java.nio.ByteOrder.LITTLE_ENDIAN)
                                .putInt(value)
                                .flip());
            }
        };
        return new Snapshot(Map.of("x", entry), Map.of("value", (long) value));
    }

    private Checkpoints on(Disk disk) {
        return new Checkpoints(folder, disk);
    }

    private void write(Disk disk, long step, int value) throws IOException {
        on(disk).write(step, snapshot(value), METRICS, new JsonObject());
    }

    /** The value in a whole checkpoint. */
    private Optional<Long> value(long step) {
        return on(Disk.SYSTEM)
                .whole(step)
                .map(checkpoint -> checkpoint.snapshot().counters().get("value"));
    }

    private List<String> names() throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("checkpoints"))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private void anew() throws IOException {
        if (Files.exists(folder.resolve("checkpoints"))) {
            TestFiles.delete(folder.resolve("checkpoints"));
        }
        write(FailingDisk.never(), 3, 30);
        write(FailingDisk.never(), 5, 50);
    }

    private interface Work {
        void on(Disk disk) throws IOException;
    }

    private interface Check {
        void holds(String when) throws IOException;
    }

    /** Fails at each change of some work in turn, then at each change of the mending after it. */
    private void everywhere(FailingDisk.Mode mode, Work work, Check check) throws IOException {
        int failures = 0;
        for (int n = 1; ; n++) {
            anew();
            FailingDisk disk = FailingDisk.at(n, mode);
            attempt(work, disk);
            if (!disk.failed()) {
                assertTrue(failures > 4, "only " + failures + " changes were made to fail");
                return;
            }
            failures++;
            String when = mode + " at " + disk.asked().get(n - 1);
            check.holds(when);
            for (int m = 1; ; m++) {
                FailingDisk mending = FailingDisk.at(m, mode);
                attempt(d -> on(d).mend(), mending);
                check.holds(when + ", then at " + mending.asked());
                if (!mending.failed()) {
                    break;
                }
            }
            for (String name : names()) {
                assertTrue(name.matches("step-\\d{8}"), when + " leaves " + names());
            }
            check.holds(when + ", mended");
        }
    }

    private static void attempt(Work work, Disk disk) {
        try {
            work.on(disk);
        } catch (IOException _) {
            // what is left is what counts
        }
    }

    private void requireWhole(String when) {
        for (long step : on(Disk.SYSTEM).steps()) {
            assertTrue(value(step).isPresent(), when + ": step " + step + " is listed and not whole");
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherOneIsWritten(FailingDisk.Mode mode) throws IOException {
        everywhere(mode, disk -> write(disk, 7, 70), when -> {
            requireWhole(when);
            assertEquals(Optional.of(30L), value(3), when);
            assertEquals(Optional.of(50L), value(5), when);
            assertTrue(value(7).isEmpty() || value(7).get() == 70, when);
        });
    }

    @ParameterizedTest
    @EnumSource
    void oneIsRewritten(FailingDisk.Mode mode) throws IOException {
        everywhere(mode, disk -> write(disk, 5, 51), when -> {
            requireWhole(when);
            assertEquals(Optional.of(30L), value(3), when);
            assertTrue(value(5).isPresent(), when + ": neither the old nor the new one is whole: " + names());
            assertTrue(List.of(50L, 51L).contains(value(5).get()), when);
            assertEquals(5, on(Disk.SYSTEM).read(Optional.empty()).step(), when);
        });
    }

    @ParameterizedTest
    @EnumSource
    void aDamagedOneIsRewritten(FailingDisk.Mode mode) throws IOException {
        Work damage = disk -> {
            Files.writeString(folder.resolve("checkpoints/step-00000005/checkpoint.json"), "{}");
            write(disk, 5, 51);
        };
        everywhere(mode, damage, when -> {
            assertEquals(Optional.of(30L), value(3), when);
            assertTrue(value(5).isEmpty() || value(5).get() == 51, when);
        });
    }

    @ParameterizedTest
    @EnumSource
    void oneIsRemoved(FailingDisk.Mode mode) throws IOException {
        everywhere(mode, disk -> on(disk).remove(List.of(3L)), when -> {
            requireWhole(when);
            assertEquals(Optional.of(50L), value(5), when);
            assertTrue(value(3).isEmpty() || value(3).get() == 30, when);
        });
    }

    /** The process goes on after a failure: the next save succeeds, whatever the failed one left. */
    @ParameterizedTest
    @EnumSource
    void theNextSaveSucceeds(FailingDisk.Mode mode) throws IOException {
        for (int n = 1; ; n++) {
            anew();
            FailingDisk disk = FailingDisk.at(n, mode);
            attempt(d -> write(d, 5, 51), disk);
            if (!disk.failed()) {
                return;
            }
            write(FailingDisk.never(), 5, 52);
            assertEquals(
                    Optional.of(52L), value(5), mode + " at " + disk.asked().get(n - 1));
            assertEquals(List.of("step-00000003", "step-00000005"), names());
        }
    }

    @Test
    void whatIsThereAlreadyIsNotWrittenAgain() throws IOException {
        anew();
        FailingDisk disk = FailingDisk.never();
        write(disk, 5, 50);
        assertEquals(List.of(), disk.asked());
        Path json = folder.resolve("checkpoints/step-00000005/checkpoint.json");
        Files.writeString(json, Files.readString(json).replace("50", "51"));
        write(disk, 5, 50);
        assertFalse(disk.asked().isEmpty(), "what is damaged is no checkpoint");
        assertEquals(Optional.of(50L), value(5));
        FailingDisk other = FailingDisk.never();
        on(other).write(5, snapshot(50), new MetricsSeal(1, 2, METRICS.sha256()), new JsonObject());
        assertFalse(other.asked().isEmpty(), "other metrics belong to it");
    }

    /** Not only the calls count but that the disk has got what they did. */
    @Test
    void theOldOneLosesItsNameWhenTheNewOneLasts() throws IOException {
        anew();
        FailingDisk disk = FailingDisk.never();
        write(disk, 5, 51);
        List<String> expected = new ArrayList<>(List.of(
                "make folder step-00000005.part",
                "open state.safetensors",
                "force",
                "open checkpoint.json",
                "force",
                "force folder step-00000005.part",
                "force folder checkpoints",
                "rename step-00000005 to step-00000005.gone",
                "rename step-00000005.part to step-00000005",
                "force folder checkpoints",
                "remove"));
        int at = 0;
        for (String asked : disk.asked()) {
            at += at < expected.size() && asked.startsWith(expected.get(at)) ? 1 : 0;
        }
        assertEquals(expected.size(), at, "in this order: " + expected + ", but: " + disk.asked());
    }

    /** What a crash leaves, made by hand: only the half-named one is whole. */
    @Test
    void aWholeOneWithoutItsNameIsTaken() throws IOException {
        anew();
        Path target = folder.resolve("checkpoints/step-00000005");
        Files.move(target, folder.resolve("checkpoints/step-00000005.part"));
        assertEquals(List.of(3L, 5L), on(Disk.SYSTEM).steps());
        assertEquals(5, on(Disk.SYSTEM).read(Optional.empty()).step(), "it is read as it lies");
        on(Disk.SYSTEM).mend();
        assertEquals(List.of("step-00000003", "step-00000005"), names());
        assertEquals(Optional.of(50L), value(5));
    }

    @ParameterizedTest
    @EnumSource
    void aFileIsTheOldOneOrTheNewOne(FailingDisk.Mode mode) throws IOException {
        Path file = folder.resolve("run.json");
        for (int n = 1; ; n++) {
            Files.writeString(file, "old");
            FailingDisk disk = FailingDisk.at(n, mode);
            attempt(d -> Atomic.write(d, file, "new".getBytes()), disk);
            assertTrue(List.of("old", "new").contains(Files.readString(file)));
            boolean half = Files.exists(folder.resolve("run.json.part"));
            assertTrue(!half || mode == FailingDisk.Mode.KILLED, "what failed is cleaned");
            if (!disk.failed()) {
                assertTrue(n > 4, "four changes were made to fail");
                return;
            }
        }
    }
}
