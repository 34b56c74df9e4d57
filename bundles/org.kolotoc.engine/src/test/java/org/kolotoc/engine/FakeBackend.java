package org.kolotoc.engine;

import java.util.List;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * The reference under another name.
 *
 * @param id of the backend, or of the device it is on
 * @param devices it has
 * @param bug its numbers are a thousandth too large
 */
public record FakeBackend(String id, List<Device> devices, boolean bug) implements Backend {
    public static Device device(String id, boolean gpu) {
        return new Device(id, "fake", "driver 1.0", 1_000_000_000, 4, gpu);
    }

    /** One that has devices of these ids. */
    public static FakeBackend of(String id, Device... devices) {
        return new FakeBackend(id, List.of(devices), false);
    }

    @Override
    public String device() {
        return "fake";
    }

    @Override
    public Backend on(String device) {
        return devices.stream()
                .filter(d -> d.id().equals(device) || d.id().startsWith(device + ":"))
                .findFirst()
                .map(d -> new FakeBackend(d.id(), devices, bug))
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
            @Override
            public Step bind(java.util.Map<String, Buffer> buffers) {
                Step step = right.bind(buffers);
                return () -> {
                    step.run();
                    if (bug) {
                        Buffer softmax = buffers.get("softmax");
                        float[] values = new float[softmax.shape().size()];
                        softmax.read(values);
                        values[5] += 1e-3f;
                        softmax.write(values);
                    }
                };
            }

            @Override
            public org.kolotoc.tensor.Explanation explain() {
                return right.explain();
            }

            @Override
            public void close() {
                right.close();
            }
        };
    }
}
