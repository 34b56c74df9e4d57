package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.engine.FakeBackend;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;

/** A run that begins on one device goes on on another, and says so. */
final class OtherDeviceTest {
    private static final String STATE = "checkpoints/step-00000012/state.safetensors";

    @TempDir
    Path folder;

    private Console console;

    @BeforeEach
    void sitDown() throws IOException {
        console = new Console(folder);
        console.framework()
                .backend(FakeBackend.of(
                        "tornado",
                        FakeBackend.device("tornado:opencl:0", false),
                        FakeBackend.device("tornado:opencl:1", false)))
                .backend(new Narrow())
                .backend(FakeBackend.of("frail", new Frail()));
    }

    /** Computes as it should until it has run 10 times, evaluations and samples included; then it is out of memory. */
    private static final class Frail implements FakeBackend.Manner {
        private int runs;

        @Override
        public void before() {
            if (++runs > 10) {
                throw new DeviceFailure("frail:0 has no memory left for the program", null);
            }
        }
    }

    /** Counts programs that hold memory at the same time. */
    private static final class Counted implements FakeBackend.Manner {
        private int held;
        private int most;

        @Override
        public void bound() {
            most = Math.max(most, ++held);
        }

        @Override
        public void freed() {
            held--;
        }
    }

    /** Training and evaluation; the controls evaluate once more, in the place of these. */
    @Test
    void controlsTakeTheMemoryOfThePhases() throws IOException {
        Counted counted = new Counted();
        console.framework().backend(FakeBackend.of("counted", counted));
        console.write(Console.SMALL
                .replaceFirst(" *\"samples\":.*\n", "")
                .replaceFirst("\"metrics\".*\n", "\"criteria\": [{\"metric\": \"loss/validation\", \"max\": 99}]\n"));
        Console.Answer answer = console.small("run", "--backend", "counted");
        assertTrue(answer.out().contains("control «shuffled»"), answer.out() + answer.err());
        assertEquals(2, counted.most);
        assertEquals(0, counted.held, "all gave their memory back");
    }

    /** A device with room for everything, on a host with room for so many bytes beside those that the process has. */
    private record Guest(long room) implements FakeBackend.Manner {
        private static final long PROCESS = 500_000_000;

        @Override
        public Backend.Memory memory() {
            return new Backend.Memory(1L << 40, 0, 0);
        }

        @Override
        public Backend.Memory hostMemory() {
            return new Backend.Memory(PROCESS + room, PROCESS, 0);
        }
    }

    @Test
    void whatTheHostHasNoRoomForIsRefusedBeforeAnythingIsComputed() {
        console.framework().backend(FakeBackend.of("guest", new Guest(1_000_000_000)));
        assertEquals(0, console.small("run", "--backend", "guest").code());
        console.framework().backend(FakeBackend.of("crowded", new Guest(1_000)));
        Console.Answer refused = console.small("refused", "--backend", "crowded");
        assertEquals(2, refused.code(), refused.err());
        assertTrue(
                refused.err()
                        .contains("of the host's memory, where all that is on the device has a copy, but there is"
                                + " 500 MB"),
                refused.err());
        assertTrue(refused.err().contains("take less: phases.pretrain.batch"), refused.err());
        assertFalse(refused.err().contains("--memory"), "which says nothing of the host's: " + refused.err());
    }

    @Test
    void aDeviceThatFailsCostsNoMoreThanSinceTheLastCheckpoint() throws IOException {
        String[] plain = {"--set", "samples.at=[]", "--set", "samples.count=1", "--set", "evaluateAt=[]"};
        console.small("whole", with(plain, "--backend", "reference", "--quiet"));
        // Two batches of an evaluation, then eight steps.
        Console.Answer failed = console.small("run", with(plain, "--backend", "frail"));
        assertEquals(2, failed.code(), failed.err());
        assertTrue(failed.err().contains("' fails: frail:0 has no memory left"), failed.err());
        String resume = "./kolotoc run --resume " + console.out("run") + " --backend ";
        for (String words : new String[] {
            "the run had taken 8 steps, its newest checkpoint is of step 5",
            "go on after step 5 on the processor: " + resume + "cpu",
            "once the device does again what it should: " + resume + "frail"
        }) {
            assertTrue(failed.err().contains(words), failed.err());
        }
        assertEquals("failed", json("run", "run.json").get("status").getAsString());
        Console.Answer resumed =
                console.run(() -> false, "--resume", console.out("run").toString(), "--backend", "reference");
        assertEquals(0, resumed.code(), resumed.err());
        assertArrayEquals(
                Files.readAllBytes(console.out("whole").resolve(STATE)),
                Files.readAllBytes(console.out("run").resolve(STATE)));
    }

    @Test
    void aDeviceThatFailsAtOnceLeavesNothingToGoOnWith() throws IOException {
        Console.Answer failed = console.small("run", "--backend", "frail", "--set", "phases.0.evaluationBatches=20");
        assertEquals(2, failed.code(), failed.err());
        assertTrue(
                failed.err().contains("had no checkpoint yet; run it on the processor: --backend cpu"), failed.err());
    }

    private static String[] with(String[] some, String... more) {
        return Stream.concat(Stream.of(some), Stream.of(more)).toArray(String[]::new);
    }

    /** Compiles nothing. */
    private record Narrow() implements Backend {
        @Override
        public String id() {
            return "narrow";
        }

        @Override
        public String device() {
            return "narrow";
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            return FakeBackend.of("any").allocate(dtype, shape);
        }

        @Override
        public Executable compile(Program program) {
            throw new UnsupportedOperationException("it has no mat_mul in bf16 (block0.mlp)");
        }
    }

    private JsonObject json(String run, String file) throws IOException {
        return JsonParser.parseString(Files.readString(console.out(run).resolve(file)))
                .getAsJsonObject();
    }

    @Test
    void aCheckpointOfOneBackendResumesOnTheOther() throws IOException {
        assertEquals(
                0, console.small("whole", "--backend", "reference", "--quiet").code());
        Console.Answer begun = console.small("both", "--backend", "tornado:opencl:1");
        assertEquals(0, begun.code(), begun.err());
        assertTrue(begun.out().contains("tornado:opencl:1"), begun.out());
        assertEquals(
                "tornado:opencl:1", json("both", "lock.json").get("backend").getAsString());
        Console.Answer more = console.run(
                () -> false,
                "--resume",
                console.out("both").toString(),
                "--from",
                "5",
                "--backend",
                "reference",
                "--quiet");
        assertEquals(0, more.code(), more.err());
        assertArrayEquals(
                Files.readAllBytes(console.out("whole").resolve(STATE)),
                Files.readAllBytes(console.out("both").resolve(STATE)),
                "the same numbers, since both are the reference");
        assertEquals(JsonParser.parseString("""
            [{"step": 0, "backend": "tornado:opencl:1", "device": "fake"},
             {"step": 5, "backend": "reference", "device": "interpreter, one thread, single precision"}]
            """), json("both", "run.json").get("devices"));
        String report = Files.readString(console.out("both").resolve("report.html"));
        assertTrue(report.contains("from step 5 on</th><td>reference: interpreter"), "the report tells of both");
        assertEquals(1, json("whole", "run.json").getAsJsonArray("devices").size());
    }

    @Test
    void aProgramThatTheDeviceCannotRunIsRefused() {
        Console.Answer answer = console.small("bad", "--backend", "narrow");
        assertEquals(2, answer.code(), answer.out());
        assertTrue(
                answer.err().contains("can't run on the backend narrow: it has no mat_mul in bf16 (block0.mlp)"),
                answer.err());
        assertTrue(answer.err().contains("another may: --backend cpu"), answer.err());
        assertFalse(Files.exists(console.out("bad")), "a run folder was made");
        assertFalse(answer.err().contains("precision"), "the experiment asks for none");
        Console.Answer asked = console.small("bad", "--backend", "narrow", "--set", "phases.0.precision=bf16");
        assertEquals(2, asked.code(), asked.out());
        assertTrue(asked.err().contains("$.phases[0].precision: program '"), asked.err());
    }

    @Test
    void anUnknownDeviceIsAnsweredWithTheNearestAndTheRunGoesOnElsewhere() throws IOException {
        assertEquals(0, console.small("kept", "--backend", "tornado", "--quiet").code());
        byte[] before = Files.readAllBytes(console.out("kept").resolve("run.json"));
        Console.Answer answer = console.run(
                () -> false,
                "--resume",
                console.out("kept").toString(),
                "--from",
                "5",
                "--backend",
                "tornado:opencl:3");
        assertEquals(2, answer.code(), answer.out());
        assertTrue(
                answer.err().contains("there is no device 'tornado:opencl:3'; did you mean 'tornado:opencl:0'?"),
                answer.err());
        assertArrayEquals(before, Files.readAllBytes(console.out("kept").resolve("run.json")));
        Console.Answer more = console.run(
                () -> false, "--resume", console.out("kept").toString(), "--from", "5", "--backend", "reference");
        assertEquals(0, more.code(), more.err());
    }
}
