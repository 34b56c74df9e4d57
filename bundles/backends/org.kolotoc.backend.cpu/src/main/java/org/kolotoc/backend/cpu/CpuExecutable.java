package org.kolotoc.backend.cpu;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;

/** A program as code; what it works in belongs to its steps. */
final class CpuExecutable implements Executable {
    private final Program program;
    private final Workers workers;
    private final Dependents backend;
    private final Dependents steps = new Dependents("the program");
    private final Arena code = Arena.ofShared();
    private final CompiledPlan compiled;

    /** @param backend whose end is the end of all steps */
    CpuExecutable(Program program, Plan plan, Workers workers, Dependents backend) {
        this.program = program;
        this.workers = workers;
        this.backend = backend;
        try {
            this.compiled = new CompiledPlan(plan, code);
        } catch (RuntimeException | Error e) {
            code.close();
            throw e;
        }
    }

    /** Not while the code is freed: products are bound to it. */
    @Override
    public synchronized Step bind(Map<String, Buffer> buffers) {
        requireOpen();
        Map<String, CpuBuffer> bound = program.bound(buffers, CpuBuffer.class);
        List<Dependents> needs = new ArrayList<>(List.of(backend, steps));
        bound.values().stream().map(CpuBuffer::steps).distinct().forEach(needs::add);
        CpuStep step = step(compiled, bound, workers, Arena.ofShared(), needs);
        step.claim();
        return step;
    }

    /** @param memory of the step; closed when there is none */
    static CpuStep step(
            CompiledPlan compiled,
            Map<String, CpuBuffer> buffers,
            Workers workers,
            Arena memory,
            List<Dependents> needs) {
        try {
            return new CpuStep(Binding.of(compiled, buffers, workers, memory), memory, needs);
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    @Override
    public Explanation explain() {
        requireOpen();
        return compiled.plan().explain(program, compiled.bytesOfStep(workers.threads()));
    }

    private void requireOpen() {
        backend.requireOpen();
        steps.requireOpen();
    }

    @Override
    public void close() {
        if (steps.close()) {
            free();
        }
    }

    private synchronized void free() {
        code.close();
    }
}
