package org.kolotoc.backend.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.backend.cpu.codegen.HotSpotLimit;
import org.kolotoc.backend.cpu.codegen.KernelCode;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** HotSpot compiles every kernel: none is longer than it takes, and its first compiler does not run out of registers. */
class CompiledKernelsTest {
    /** Registers of kernels that are tried: smaller ones are far from the limit. */
    private static final int LARGE = 7_500;
    /** Calls, one for each row, after which a kernel is compiled when it is tried. */
    private static final int CALLS = 20;

    private static final int ROWS = 4;

    @Test
    void noKernelIsLargerThanHotSpotTakes() {
        HotSpotLimit limit = new HotSpotLimit();
        List<String> beyond = new ArrayList<>();
        int large = 0;
        for (Program program : all().toList()) {
            for (Launch.Fused kernel : kernels(program)) {
                large += KernelCode.of(kernel).registers() > LARGE ? 1 : 0;
                if (!limit.takes(kernel)) {
                    beyond.add(kernel.name() + " of " + program.outputs().keySet());
                }
            }
        }
        assertEquals(List.of(), beyond);
        assertTrue(large > 20, "no kernel is near the limit: " + large);
    }

    /** What one compiler gives up, the other may never be asked for. */
    @Test
    void theFirstCompilerTakesTheLargest(@TempDir Path temp) throws Exception {
        Path log = temp.resolve("log");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-modules",
                "jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED",
                // Each method at once, and with a profile.
                "-Xbatch",
                "-XX:TieredStopAtLevel=3",
                "-XX:Tier0InvokeNotifyFreqLog=2",
                "-XX:Tier3InvocationThreshold=" + CALLS,
                "-XX:+PrintCompilation",
                "-cp",
                System.getProperty("java.class.path"),
                LargestKernels.class.getName());
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        int exit = process.waitFor();
        List<String> lines = lines(log);
        assertEquals(0, exit, () -> String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size())));
        long compiled =
                lines.stream().filter(line -> line.contains("Generated")).count();
        assertTrue(compiled >= 10, "kernels that were compiled: " + compiled);
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(line -> line.contains("Generated") && line.contains("COMPILE SKIPPED"))
                        .toList());
    }

    private static List<String> lines(Path log) throws IOException {
        return Files.readAllLines(log);
    }

    /** Runs what has large kernels just as often as it takes. */
    static final class LargestKernels {
        private LargestKernels() {}

        public static void main(String[] arguments) {
            try (CpuBackend backend = new CpuBackend(1)) {
                adversarial()
                        .filter(program -> kernels(program).stream()
                                .anyMatch(kernel -> KernelCode.of(kernel).registers() > LARGE))
                        .forEach(program -> run(backend, program));
            }
        }

        private static void run(CpuBackend backend, Program program) {
            Map<String, Buffer> buffers = new HashMap<>();
            Stream.of(program.inputs(), program.outputs())
                    .forEach(leaves -> leaves.forEach(
                            (name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape()))));
            try (Executable executable = backend.compile(program)) {
                Executable.Step step = executable.bind(buffers);
                for (int i = 0; i <= CALLS / ROWS; i++) {
                    step.run();
                }
            } finally {
                buffers.values().forEach(Buffer::close);
            }
        }
    }

    private static List<Launch.Fused> kernels(Program program) {
        List<Launch.Fused> kernels = new ArrayList<>();
        for (Launch launch : Compiler.compile(program, new HotSpotLimit()).launches()) {
            if (launch instanceof Launch.Fused fused) {
                kernels.add(fused);
            }
        }
        return kernels;
    }

    private static Stream<Program> all() {
        return Stream.concat(CpuBackendTest.suite(), adversarial());
    }

    /** Rows of whole vectors, and others. */
    private static Stream<Program> adversarial() {
        return Stream.of(Shape.of(ROWS, 20), Shape.of(ROWS, 32)).flatMap(CompiledKernelsTest::chains);
    }

    /** A long chain of one kind of instruction each; whatever a kernel holds of it, it is full. */
    private static Stream<Program> chains(Shape shape) {
        return Stream.<Chain>of(
                        (_, x, i) -> x.mul(0.9 + i * 0.001),
                        (_, x, _) -> x.mul(x).sub(x),
                        (t, x, i) -> x.add(t.feed("y" + i, DType.F32, shape)),
                        (t, x, i) -> output(t, i, x.mul(0.5)),
                        (t, x, i) -> output(t, i, x.add(t.feed("y" + i, DType.F32, shape))),
                        (t, x, i) -> x.add(t.feed("y" + i, DType.F32, Shape.of(shape.extent(0), 1))
                                .broadcast(shape)),
                        (t, x, i) -> x.add(t.feed("y" + i, DType.F32, Shape.of(shape.extent(1), shape.extent(0)))
                                .matrixTranspose()),
                        (_, x, _) -> x.exp().neg(),
                        (_, x, _) -> x.abs().add(1).log(),
                        (_, x, _) -> x.tanh(),
                        (_, x, _) -> x.erf(),
                        (_, x, _) -> x.abs().add(1).rsqrt(),
                        (_, x, _) -> x.floor().add(x),
                        (_, x, _) -> x.sign().add(x),
                        (_, x, _) -> x.sin(),
                        (_, x, _) -> x.abs().pow(1.5),
                        (_, x, i) -> x.lt(x.constant(i).broadcast(shape)).select(x, x.mul(2)),
                        (_, x, _) -> x.cast(DType.I32).cast(DType.F32).add(x),
                        (_, x, _) -> x.cast(DType.BOOL).not().cast(DType.F32).add(x),
                        (t, x, i) -> x.add(t.iota(shape, i % 2).cast(DType.F32)),
                        (t, x, i) -> x.add(t.uniform(t.feed("key" + i, DType.I32, Shape.of(2)), shape)),
                        (_, x, _) -> x.sub(x.sumKeepDims(1)),
                        (_, x, _) -> x.tanh().sub(x.maxKeepDims(1)),
                        (t, x, i) -> {
                            t.output("columns" + i, x.sum(0));
                            return x.mul(1.1);
                        },
                        (t, x, i) -> {
                            t.output("rows" + i, x.sum(1));
                            return x.mul(1.1);
                        },
                        (_, x, _) -> Functions.softmax(x))
                .map(chain -> {
                    Tracer tracer = new Tracer();
                    Tensor x = tracer.feed("x", DType.F32, shape);
                    for (int i = 0; i < 120; i++) {
                        x = chain.next(tracer, x, i);
                    }
                    tracer.output("result", x);
                    return tracer.program();
                });
    }

    /** One step of a chain. */
    private interface Chain {
        Tensor next(Tracer tracer, Tensor x, int number);
    }

    private static Tensor output(Tracer tracer, int number, Tensor x) {
        tracer.output("y" + number + ".out", x);
        return x;
    }
}
