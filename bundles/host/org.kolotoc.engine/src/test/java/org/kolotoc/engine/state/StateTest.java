package org.kolotoc.engine.state;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import com.sun.management.ThreadMXBean;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

final class StateTest {
    private static final List<Parameter> EVERY_TYPE = List.of(
            Parameter.of("weight", new Initializer.Normal(1), 3, 5),
            Parameter.of("empty", Initializer.ZEROS, 0, 4),
            new Parameter("scalar", DType.F32, Shape.scalar(), Initializer.ONES),
            new Parameter("seen", DType.I32, Shape.of(2), new Initializer.Constant(7)),
            new Parameter("mask", DType.BOOL, Shape.of(3), Initializer.ONES));

    private static final MetricsSeal NO_METRICS = new MetricsSeal(0, 0, Hash.of(new byte[0]));

    @TempDir
    Path folder;

    private final Backend backend = new ReferenceBackend();

    private LiveState state(long seed) {
        LiveState state = new LiveState(backend, seed);
        state.declare("model", EVERY_TYPE);
        state.counter("phase/updates", 41);
        return state;
    }

    private static int[] whole(LiveState state, String name) {
        int[] values = new int[state.buffer(name).shape().size()];
        state.buffer(name).read(values);
        return values;
    }

    private static float[] numbers(LiveState state, String name) {
        float[] values = new float[state.buffer(name).shape().size()];
        state.buffer(name).read(values);
        return values;
    }

    @Test
    void declaringInitialisesOnceByTheSeed() {
        LiveState state = state(1);
        assertArrayEquals(new int[] {7, 7}, whole(state, "model/seen"));
        assertArrayEquals(new int[] {1, 1, 1}, whole(state, "model/mask"));
        float[] before = numbers(state, "model/weight");
        assertArrayEquals(before, numbers(state(1), "model/weight"));
        assertTrue(!Arrays.equals(before, numbers(state(2), "model/weight")), "another seed, other weights");
        state.buffer("model/weight").write(new float[15]);
        state.declare("model", EVERY_TYPE);
        assertArrayEquals(new float[15], numbers(state, "model/weight"), "what is there stays");
    }

    @Test
    void copiesAreApartAndStayOffTheHeap() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        LiveState state = state(1);
        state.declare("table", List.of(Parameter.of("rows", new Initializer.Normal(1), 1 << 18)));
        state.declareCopy("slow", "model");
        state.declareCopy("kept", "table");
        float[] before = numbers(state, "model/weight");
        state.begin("slow");
        state.buffer("model/weight").write(new float[15]);
        assertArrayEquals(before, numbers(state, "slow/weight"), "made when it begins");
        assertArrayEquals(new int[] {7, 7}, whole(state, "slow/seen"));

        state.begin("kept");
        float[] rows = numbers(state, "table/rows");
        state.buffer("kept/rows").write(new float[1 << 18]);
        state.copy("kept", "table");
        long start = threads.getCurrentThreadAllocatedBytes();
        state.copy("kept", "table");
        long bytes = threads.getCurrentThreadAllocatedBytes() - start;
        assertArrayEquals(rows, numbers(state, "kept/rows"));
        assertTrue(bytes < 1 << 17, bytes + " bytes of the heap for a copy of " + (4 << 18));
    }

    @Test
    void anotherShapeUnderTheSameNameIsRefused() {
        InputError error = assertThrows(
                InputError.class,
                () -> state(1).declare("model", List.of(Parameter.of("weight", Initializer.ZEROS, 5, 3))));
        assertTrue(error.getMessage().contains("model/weight"), error.getMessage());
        assertTrue(error.getMessage().contains("[3, 5]") && error.getMessage().contains("[5, 3]"), error.getMessage());
    }

    @Test
    void checkpointGivesEverythingBack() throws IOException {
        Checkpoints checkpoints = new Checkpoints(folder);
        LiveState state = state(1);
        checkpoints.write(9, state.snapshot(), NO_METRICS, new JsonObject());
        Checkpoints.Checkpoint read = checkpoints.read(Optional.empty());
        assertEquals(9, read.step());
        LiveState again = new LiveState(backend, 99, read.snapshot());
        again.declare("model", EVERY_TYPE);
        assertArrayEquals(numbers(state, "model/weight"), numbers(again, "model/weight"));
        assertArrayEquals(whole(state, "model/seen"), whole(again, "model/seen"));
        assertArrayEquals(whole(state, "model/mask"), whole(again, "model/mask"));
        assertEquals(41, again.counter("phase/updates"));
    }

    @Test
    void nothingIsLostThatNobodyDeclaredAgain() throws IOException {
        Checkpoints checkpoints = new Checkpoints(folder);
        checkpoints.write(1, state(1).snapshot(), NO_METRICS, new JsonObject());
        LiveState again =
                new LiveState(backend, 1, checkpoints.read(Optional.empty()).snapshot());
        checkpoints.write(2, again.snapshot(), NO_METRICS, new JsonObject());
        assertArrayEquals(
                Files.readAllBytes(folder.resolve("checkpoints/step-00000001/state.safetensors")),
                Files.readAllBytes(folder.resolve("checkpoints/step-00000002/state.safetensors")));
    }

    /** The layout as the format's description gives it, taken apart by hand. */
    @Test
    void safetensorsAsDescribed() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(state(1).snapshot().tensors(), out);
        ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
        int length = (int) file.getLong();
        assertEquals(0, length % 8);
        JsonObject header = JsonParser.parseString(new String(out.toByteArray(), 8, length, StandardCharsets.UTF_8))
                .getAsJsonObject();
        JsonObject seen = header.getAsJsonObject("model/seen");
        assertEquals("I32", seen.get("dtype").getAsString());
        assertEquals("[2]", seen.get("shape").toString());
        int at = seen.getAsJsonArray("data_offsets").get(0).getAsInt();
        assertEquals(7, file.getInt(8 + length + at));
        assertEquals(
                "[3,5]", header.getAsJsonObject("model/weight").get("shape").toString());
        assertEquals("[]", header.getAsJsonObject("model/scalar").get("shape").toString());
        assertEquals(8 + length + (15 + 1 + 2 + 3) * 4, out.size());
        Map<String, Snapshot.Entry> read = read(out.toByteArray());
        assertEquals(DType.BOOL, read.get("model/mask").dtype());
        assertEquals(5, read.size());
    }

    private Map<String, Snapshot.Entry> read(byte[] content) throws IOException {
        return Safetensors.read(Files.write(folder.resolve("some.safetensors"), content));
    }

    /** A tensor of several parts, the last one short. */
    @Test
    void largeTensorsGoThroughPartByPart() throws IOException {
        List<Parameter> large = List.of(
                Parameter.of("weight", new Initializer.Normal(1), 3, 60_001),
                new Parameter("seen", DType.I32, Shape.of(70_000), new Initializer.Constant(-3)));
        LiveState state = new LiveState(backend, 5);
        state.declare("model", large);
        Checkpoints checkpoints = new Checkpoints(folder);
        checkpoints.write(2, state.snapshot(), NO_METRICS, new JsonObject());
        LiveState again =
                new LiveState(backend, 6, checkpoints.read(Optional.empty()).snapshot());
        again.declare("model", large);
        assertArrayEquals(numbers(state, "model/weight"), numbers(again, "model/weight"));
        assertArrayEquals(whole(state, "model/seen"), whole(again, "model/seen"));
        assertTrue(numbers(state, "model/weight")[180_002] != 0);
    }

    @Test
    void brokenSafetensorsAreNamedNotRead() throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Safetensors.write(state(1).snapshot().tensors(), out);
        byte[] whole = out.toByteArray();
        for (int length = 0; length < whole.length; length++) {
            byte[] cut = Arrays.copyOf(whole, length);
            assertThrows(IOException.class, () -> read(cut), "cut to " + length);
        }
        byte[] lying = whole.clone();
        ByteBuffer.wrap(lying).order(ByteOrder.LITTLE_ENDIAN).putLong(Long.MAX_VALUE);
        assertThrows(IOException.class, () -> read(lying));
    }

    /** A tensor of a checkpoint that can't be read any more when it is needed is never begun anew instead. */
    @Test
    void whatFailsHalfwayKeepsNothingAndForgetsNothing() throws IOException {
        List<Buffer> open = new ArrayList<>();
        boolean[] torn = {true};
        Snapshot.Entry entry = new Snapshot.Entry() {
            @Override
            public DType dtype() {
                return DType.I32;
            }

            @Override
            public int[] shape() {
                return new int[] {2};
            }

            @Override
            public void read(Snapshot.Sink sink) throws IOException {
                if (torn[0]) {
                    throw new IOException("the disk is gone");
                }
                sink.take(
                        0,
                        ByteBuffer.allocate(8)
                                .order(ByteOrder.LITTLE_ENDIAN)
                                .putInt(5)
                                .putInt(6)
                                .flip());
            }
        };
        LiveState state = new LiveState(counting(open), 1, new Snapshot(Map.of("model/seen", entry), Map.of()));
        state.declare("model", List.of(EVERY_TYPE.get(3), EVERY_TYPE.get(4)));
        InputError error = assertThrows(InputError.class, () -> state.buffer("model/seen"));
        assertTrue(error.getMessage().contains("'model/seen'")
                && error.getMessage().contains("the disk is gone"));
        assertEquals(0, open.size(), "its buffer was given back");
        torn[0] = false;
        assertArrayEquals(new int[] {5, 6}, whole(state, "model/seen"));
        state.buffer("model/mask");
        assertEquals(2, open.size());
        state.close();
        assertEquals(0, open.size());
    }

    /** A backend that knows which buffers are open. */
    private Backend counting(List<Buffer> open) {
        return (Backend) Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, (_, method, arguments) -> {
                    Object result = method.invoke(backend, arguments);
                    if (!(result instanceof Buffer buffer)) {
                        return result;
                    }
                    Object[] counted = new Object[1];
                    counted[0] = Proxy.newProxyInstance(
                            Buffer.class.getClassLoader(), new Class<?>[] {Buffer.class}, (_, call, given) -> {
                                if (call.getName().equals("close")) {
                                    open.removeIf(other -> other == counted[0]);
                                }
                                return call.invoke(buffer, given);
                            });
                    open.add((Buffer) counted[0]);
                    return counted[0];
                });
    }

    @Test
    void aCheckpointThatCantBeWrittenLeavesNothingAndTheOldOneStays() throws IOException {
        Checkpoints checkpoints = new Checkpoints(folder);
        checkpoints.write(5, state(1).snapshot(), NO_METRICS, new JsonObject());
        Snapshot.Entry broken = new Snapshot.Entry() {
            @Override
            public DType dtype() {
                return DType.F32;
            }

            @Override
            public int[] shape() {
                return new int[] {2};
            }

            @Override
            public void read(Snapshot.Sink sink) {
                throw new IllegalStateException("torn");
            }
        };
        Snapshot torn = new Snapshot(Map.of("x", broken), Map.of());
        assertThrows(RuntimeException.class, () -> checkpoints.write(6, torn, NO_METRICS, new JsonObject()));
        assertThrows(RuntimeException.class, () -> checkpoints.write(5, torn, NO_METRICS, new JsonObject()));
        try (var files = Files.list(folder.resolve("checkpoints"))) {
            assertEquals(
                    List.of("step-00000005"),
                    files.map(file -> file.getFileName().toString()).toList());
        }
        assertEquals(5, checkpoints.read(Optional.empty()).step());
    }
}
