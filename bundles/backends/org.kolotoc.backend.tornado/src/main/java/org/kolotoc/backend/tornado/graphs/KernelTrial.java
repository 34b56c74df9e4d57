package org.kolotoc.backend.tornado.graphs;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Pattern;
import org.kolotoc.backend.tornado.kernels.DeviceMemory;
import org.kolotoc.backend.tornado.kernels.GeneratedKernel;
import org.kolotoc.tensor.DeviceFailure;
import uk.ac.manchester.tornado.api.GridScheduler;
import uk.ac.manchester.tornado.api.TaskGraph;
import uk.ac.manchester.tornado.api.TornadoExecutionPlan;
import uk.ac.manchester.tornado.api.enums.DataTransferMode;
import uk.ac.manchester.tornado.api.exceptions.TornadoExecutionPlanException;
import uk.ac.manchester.tornado.api.types.arrays.FloatArray;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;
import uk.ac.manchester.tornado.api.types.arrays.TornadoNativeArray;

/** Compiles a kernel alone: for its source, or because a plan that does not compile does not say which is at fault. */
public final class KernelTrial {
    /** The driver's own words: TornadoVM takes it for too old whatever it refuses. */
    private static final Pattern OLD_DRIVER =
            Pattern.compile("UNSUPPORTED_PTX_VERSION|unsupported toolchain|kernel image is invalid|no kernel image");

    private static final AtomicLong NAMES = new AtomicLong();

    private KernelTrial() {}

    /** What TornadoVM makes of a kernel: OpenCL C, PTX, CUDA C. To be called on the {@link DeviceThread}. */
    public static String source(GeneratedKernel kernel, Target target) {
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        compile(kernel, target, printed);
        return printed.toString(StandardCharsets.UTF_8).strip();
    }

    /**
     * Looks for a kernel that does not compile.
     *
     * @throws DeviceFailure naming it, with its source where there is one
     */
    static void all(DeviceProgram program, Target target) {
        for (int i = 0; i < program.tasks().size(); i++) {
            if (program.tasks().get(i) instanceof GeneratedKernel kernel) {
                ByteArrayOutputStream printed = new ByteArrayOutputStream();
                try {
                    compile(kernel, target, printed);
                } catch (RuntimeException | Error e) {
                    if (Reason.isOfMemory(e)) {
                        throw DeviceRun.refused(
                                target, program.bytes(), ": " + target.watch().named(Reason.first(e)), e);
                    }
                    String source = printed.toString(StandardCharsets.UTF_8).strip();
                    String reason = Reason.of(e) + target.watch().refusal(source);
                    if (OLD_DRIVER.matcher(reason).find()) {
                        throw new DeviceFailure(
                                target.name() + ": its driver does not take what is compiled for it: " + reason
                                        + "; install a newer driver, or an SDK for the CUDA that it speaks"
                                        + " (./kolotoc devices)",
                                e);
                    }
                    throw new DeviceFailure(
                            program.described().get(i) + " does not compile for " + target.name() + ": " + reason
                                    // TornadoVM prints warnings too.
                                    + (source.contains("{") ? "\nits source:\n" + source : ""),
                            e);
                }
            }
        }
    }

    /** TornadoVM gives a source to nobody, but prints it: the standard output is held back meanwhile. */
    private static void compile(GeneratedKernel kernel, Target target, ByteArrayOutputStream printed) {
        PrintStream standard = System.out;
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            compile(kernel, target);
        } finally {
            System.setOut(standard);
        }
    }

    private static void compile(GeneratedKernel kernel, Target target) {
        TaskGraph graph = new TaskGraph("kolotoctrial" + NAMES.incrementAndGet());
        GridScheduler grids = new GridScheduler();
        List<TornadoNativeArray> arrays =
                kernel.arguments().stream().map(KernelTrial::array).toList();
        graph.transferToDevice(DataTransferMode.EVERY_EXECUTION, arrays.toArray());
        GraphTask.add(graph, kernel, target.classes(), arrays, grids);
        graph.transferToHost(DataTransferMode.EVERY_EXECUTION, arrays.toArray());
        TornadoExecutionPlan plan = new TornadoExecutionPlan(graph.snapshot());
        try {
            plan.withDevice(target.device()).withGridScheduler(grids);
            plan.withPrintKernel();
            plan.withPreCompilation();
        } finally {
            if (target.letsClose()) {
                close(plan);
            }
        }
    }

    private static void close(TornadoExecutionPlan plan) {
        try {
            plan.close();
        } catch (TornadoExecutionPlanException e) {
            throw new IllegalStateException("a plan does not close: " + e.getMessage(), e);
        }
    }

    /** Nothing is run: one element is enough. */
    private static TornadoNativeArray array(DeviceMemory memory) {
        return memory.floating() ? new FloatArray(1) : new IntArray(1);
    }
}
