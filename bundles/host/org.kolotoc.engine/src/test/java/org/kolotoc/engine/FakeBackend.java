package org.kolotoc.engine;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * The reference under another name.
 *
 * @param id of the backend, or of the device it is on
 * @param devices it has
 * @param manner in which it differs from the reference
 */
public record FakeBackend(String id, List<Device> devices, Manner manner) implements Backend {
    /** What is peculiar about a backend; nothing, unless something is overridden. */
    public interface Manner {
        /** A program takes its memory. */
        default void bound() {}

        /** A program that took memory gives it back. */
        default void freed() {}

        /** Before a run. */
        default void before() {}

        /** After a run on these buffers. */
        default void after(Map<String, Buffer> buffers) {}

        /** What it computes with. */
        default Map<String, String> libraries() {
            return Map.of();
        }

        /** What it says it does in another way than the best. */
        default List<String> fallbacks() {
            return List.of();
        }

        /** What memory it says it has. */
        default Memory memory() {
            return Memory.UNKNOWN;
        }

        /** What of the host it says there is beside that. */
        default Memory hostMemory() {
            return Memory.UNKNOWN;
        }

        /** What its compiler says it is at. */
        default Optional<Compiling> compiling() {
            return Optional.empty();
        }

        /** Somebody wants so many threads of his own; whether there are such. */
        default boolean threads(int count) {
            return false;
        }

        /** One with threads of its own was closed. */
        default void closed() {}
    }

    public static Device device(String id, boolean gpu) {
        return new Device(id, "fake", "driver 1.0", 1_000_000_000, 4, gpu);
    }

    /** One that has devices of these ids. */
    public static FakeBackend of(String id, Device... devices) {
        return new FakeBackend(id, List.of(devices), new Manner() {});
    }

    /** One without devices of its own. */
    public static FakeBackend of(String id, Manner manner) {
        return new FakeBackend(id, List.of(), manner);
    }

    @Override
    public String device() {
        return "fake";
    }

    @Override
    public Map<String, String> libraries() {
        return manner.libraries();
    }

    @Override
    public List<String> fallbacks() {
        return manner.fallbacks();
    }

    @Override
    public Memory memory() {
        return manner.memory();
    }

    @Override
    public Memory hostMemory() {
        return manner.hostMemory();
    }

    @Override
    public Optional<Compiling> compiling() {
        return manner.compiling();
    }

    @Override
    public Optional<Backend> withThreads(int threads) {
        return manner.threads(threads) ? Optional.of(this) : Optional.empty();
    }

    @Override
    public void close() {
        manner.closed();
    }

    @Override
    public Backend on(String device) {
        return devices.stream()
                .filter(d -> d.id().equals(device) || d.id().startsWith(device + ":"))
                .findFirst()
                .map(d -> new FakeBackend(d.id(), devices, manner))
                .orElseThrow(() -> new IllegalArgumentException("no " + device));
    }

    @Override
    public Buffer allocate(DType dtype, Shape shape) {
        return new ReferenceBackend().allocate(dtype, shape);
    }

    @Override
    public Executable compile(Program program) {
        Executable right = new ReferenceBackend().compile(program);
        return new Executable() {
            private boolean bound;

            @Override
            public Step bind(Map<String, Buffer> buffers) {
                Step step = right.bind(buffers);
                bound = true;
                manner.bound();
                return () -> {
                    manner.before();
                    step.run();
                    manner.after(buffers);
                };
            }

            @Override
            public Explanation explain() {
                return right.explain();
            }

            @Override
            public void close() {
                if (bound) {
                    manner.freed();
                    bound = false;
                }
                right.close();
            }
        };
    }
}
