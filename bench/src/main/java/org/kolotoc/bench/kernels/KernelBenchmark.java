package org.kolotoc.bench.kernels;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One {@link KernelCase} on the cpu backend. */
@State(Scope.Benchmark)
public class KernelBenchmark {
    /** Name of the case. */
    @Param("")
    public String kernel;

    /** Threads of the backend; the benchmark itself has one. */
    @Param("1")
    public int threads;

    private final Map<String, Buffer> buffers = new HashMap<>();
    private CpuBackend backend;
    private Executable executable;
    private Executable.Step step;

    /** Compiles, and fills what is read. */
    @Setup
    public void compile() {
        KernelCase found = KernelCase.all().stream()
                .filter(known -> known.name().equals(kernel))
                .findFirst()
                .orElseThrow();
        backend = new CpuBackend(threads);
        Program program = found.program();
        program.inputs().forEach((name, leaf) -> buffers.put(name, filled(leaf, found.indices())));
        program.outputs().forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        executable = backend.compile(program);
        step = executable.bind(buffers);
    }

    private Buffer filled(Tensor leaf, int indices) {
        Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
        SplittableRandom random = new SplittableRandom(1);
        int size = leaf.shape().size();
        if (leaf.dtype() == DType.F32) {
            float[] values = new float[size];
            for (int i = 0; i < size; i++) {
                values[i] = (float) random.nextDouble(0.1, 1);
            }
            buffer.write(values);
        } else {
            buffer.write(random.ints(size, 0, indices).toArray());
        }
        return buffer;
    }

    Explanation explain() {
        return executable.explain();
    }

    /** Once. */
    @Benchmark
    public void run() {
        step.run();
    }

    /** Frees everything. */
    @TearDown
    public void close() {
        executable.close();
        buffers.values().forEach(Buffer::close);
        backend.close();
    }
}
