package org.kolotoc.backend.tornado.graphs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;

/** What TornadoVM makes of a kernel: OpenCL C, PTX, CUDA C. */
public final class KernelSource {
    private KernelSource() {}

    /**
     * Compiles a kernel for its source alone. TornadoVM gives that to nobody, but prints it: the standard output is held
     * back meanwhile. To be called on the {@link DeviceThread}.
     */
    public static String of(GeneratedKernel kernel, Target target) {
        PrintStream standard = System.out;
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        System.setOut(new PrintStream(held, true, StandardCharsets.UTF_8));
        try {
            KernelTrial.compile(kernel, target, true);
        } finally {
            System.setOut(standard);
        }
        return held.toString(StandardCharsets.UTF_8).strip();
    }
}
