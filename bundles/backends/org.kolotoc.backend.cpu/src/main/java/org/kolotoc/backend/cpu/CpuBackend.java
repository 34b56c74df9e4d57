package org.kolotoc.backend.cpu;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import jdk.incubator.vector.FloatVector;
import org.kolotoc.backend.cpu.codegen.HotSpotLimit;
import org.kolotoc.backend.cpu.gemm.Gemm;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Compiler;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.HostMemory;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;

/**
 * Runs programs on this machine's processors: fused kernels as generated vector code, products by the native library
 * where it is there and by our own kernel elsewhere. The same bits for any number of threads.
 *
 * <p>As a service it has as many threads as there are processors.
 */
@Component(service = Backend.class, property = "kolotoc.backend=cpu")
public final class CpuBackend implements Backend {
    private final Workers workers;
    private final Dependents steps = new Dependents("the cpu backend");

    @Activate
    public CpuBackend() {
        this(Runtime.getRuntime().availableProcessors());
    }

    /** A backend with so many threads, at least one. */
    public CpuBackend(int threads) {
        this.workers = new Workers(threads);
    }

    @Override
    public String id() {
        return "cpu";
    }

    @Override
    public String device() {
        return workers.threads() + (workers.threads() == 1 ? " thread, " : " threads, ")
                + FloatVector.SPECIES_PREFERRED.vectorBitSize() + "-bit vectors, products by "
                + Gemm.library();
    }

    @Override
    public Optional<Backend> withThreads(int threads) {
        steps.requireOpen();
        return Optional.of(new CpuBackend(threads));
    }

    @Override
    public Map<String, String> libraries() {
        return Gemm.libraries();
    }

    @Override
    public List<String> fallbacks() {
        return libraries().entrySet().stream()
                .filter(library -> library.getValue().equals("none"))
                .map(library -> "products run on kernels of our own, which are slower: the library " + library.getKey()
                        + " is not there")
                .toList();
    }

    @Override
    public Buffer allocate(DType dtype, Shape shape) {
        steps.requireOpen();
        return new CpuBuffer(dtype, shape);
    }

    @Override
    public Memory memory() {
        return HostMemory.now(AlignedMemory.total());
    }

    @Override
    public Executable compile(Program program) {
        steps.requireOpen();
        return new CpuExecutable(program, Compiler.compile(program, new HotSpotLimit()), workers, steps);
    }

    @Override
    @Deactivate
    public void close() {
        if (steps.close()) {
            workers.close();
        }
    }
}
