package org.kolotoc.backend.tornado;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.kolotoc.backend.tornado.graphs.DeviceProgram;
import org.kolotoc.backend.tornado.graphs.DeviceRun;
import org.kolotoc.backend.tornado.kernels.PlanKernels;
import org.kolotoc.compiler.Plan;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;

/** A plan with its kernels. */
final class TornadoExecutable implements Executable {
    private final Program program;
    private final Plan plan;
    private final DeviceProgram onDevice;
    private final DeviceRuns runs;
    private final List<Taken> taken = new ArrayList<>();

    /** A run on the device that this executable holds. */
    private record Taken(DeviceRun device, BoundRun bound) {}

    TornadoExecutable(Program program, Plan plan, PlanKernels kernels, DeviceRuns runs) {
        this.program = program;
        this.plan = plan;
        this.runs = runs;
        Set<Integer> states = new TreeSet<>();
        Set<Integer> feeds = new TreeSet<>();
        for (int i = 0; i < plan.buffers().size(); i++) {
            if (plan.buffers().get(i) instanceof Plan.Buffer.Bound bound
                    && program.inputs().containsKey(bound.name())) {
                (program.isState(bound.name()) ? states : feeds).add(i);
            }
        }
        this.onDevice = new DeviceProgram(
                plan.buffers(),
                kernels.launches().stream().flatMap(List::stream).toList(),
                kernels.floats(),
                kernels.ints(),
                states,
                feeds);
    }

    @Override
    public synchronized Step bind(Map<String, Buffer> buffers) {
        program.inputs().forEach((name, tensor) -> check(name, tensor, buffers.get(name)));
        program.outputs().forEach((name, tensor) -> check(name, tensor, buffers.get(name)));
        List<BoundRun.Use> uses = new ArrayList<>();
        for (int i = 0; i < plan.buffers().size(); i++) {
            if (plan.buffers().get(i) instanceof Plan.Buffer.Bound bound) {
                uses.add(new BoundRun.Use(
                        (TornadoBuffer) buffers.get(bound.name()),
                        i,
                        onDevice.feeds().contains(i),
                        program.inputs().containsKey(bound.name()),
                        program.updates().containsKey(bound.name())
                                || program.outputs().containsKey(bound.name())));
            }
        }
        DeviceRun device = runs.take(onDevice);
        BoundRun bound = new BoundRun(device, uses);
        taken.add(new Taken(device, bound));
        return bound;
    }

    private static void check(String name, Tensor tensor, Buffer buffer) {
        if (!(buffer instanceof TornadoBuffer)
                || buffer.dtype() != tensor.dtype()
                || !buffer.shape().equals(tensor.shape())) {
            throw new IllegalArgumentException(
                    "'" + name + "' is " + tensor.dtype().label() + " " + tensor.shape()
                            + " of the tornado backend, got "
                            + (buffer == null ? "no buffer" : buffer.dtype().label() + " " + buffer.shape()));
        }
    }

    @Override
    public Explanation explain() {
        long scratch = DType.BYTES * ((long) onDevice.floats() + onDevice.ints());
        return plan.explain(program, scratch - plan.scratchBytes());
    }

    @Override
    public synchronized void close() {
        for (Taken run : taken) {
            run.bound().leave();
            runs.giveBack(onDevice, run.device());
        }
        taken.clear();
    }
}
