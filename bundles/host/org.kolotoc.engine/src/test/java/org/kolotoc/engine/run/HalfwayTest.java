package org.kolotoc.engine.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Whatever fails halfway closes what it had: buffers and programs, at every allocation and compilation of a run. */
final class HalfwayTest {
    @TempDir
    Path folder;

    /** A device that gives so many buffers and programs, then no more; knows what is open. */
    private static final class Tight implements Backend {
        private final Backend reference = new ReferenceBackend();
        private final List<Object> open = new ArrayList<>();
        private final int most;
        private int given;

        Tight(int most) {
            this.most = most;
        }

        private void give() {
            if (given++ == most) {
                throw new DeviceFailure("the device has no memory left", null);
            }
        }

        @Override
        public String id() {
            return "tight";
        }

        @Override
        public String device() {
            return "tight";
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            give();
            Buffer buffer = reference.allocate(dtype, shape);
            Object[] token = {new Object()};
            open.add(token[0]);
            return (Buffer) Proxy.newProxyInstance(
                    Buffer.class.getClassLoader(),
                    new Class<?>[] {Buffer.class, Bare.class},
                    (self, method, arguments) -> {
                        if (method.getName().equals("bare")) {
                            return buffer;
                        }
                        if (method.getName().equals("close")) {
                            open.remove(token[0]);
                        }
                        try {
                            return method.invoke(buffer, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        /** The reference takes its own buffers alone. */
        interface Bare {
            Buffer bare();
        }

        @Override
        public Executable compile(Program program) {
            give();
            Executable executable = reference.compile(program);
            open.add(executable);
            return new Executable() {
                @Override
                public Step bind(Map<String, Buffer> buffers) {
                    give();
                    Map<String, Buffer> bare = new java.util.HashMap<>();
                    buffers.forEach((name, buffer) -> bare.put(name, ((Bare) buffer).bare()));
                    return executable.bind(bare);
                }

                @Override
                public Explanation explain() {
                    return executable.explain();
                }

                @Override
                public void close() {
                    open.remove(executable);
                    executable.close();
                }
            };
        }
    }

    @Test
    void everyAllocationMayFail() throws IOException {
        int refused = 0;
        for (int most = 0; ; most += most < 20 ? 1 : 7) {
            Console console = new Console(java.nio.file.Files.createDirectories(folder.resolve("run" + most)));
            Tight backend = new Tight(most);
            console.framework().backend(backend);
            Console.Answer answer = console.small(
                    "run",
                    "--backend",
                    "tight",
                    "--quiet",
                    "--set",
                    "phases=[{\"id\": \"pretrain\", \"steps\": 1, \"batch\": 2, \"warmup\": 0}, {\"id\": \"pretrain\","
                            + " \"steps\": 1, \"batch\": 2, \"warmup\": 0, \"accumulate\": 2}]",
                    "--set",
                    "evaluateAt=[]",
                    "--set",
                    "samples.at=[]");
            assertEquals(List.of(), backend.open, "left open when " + most + " were given: " + answer.err());
            if (answer.code() == 0) {
                break;
            }
            assertEquals(2, answer.code(), answer.err());
            assertTrue(answer.err().contains("has no memory left"), answer.err());
            refused++;
        }
        assertTrue(refused > 20, refused + " ways to fail");
    }
}
