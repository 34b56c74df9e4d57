package org.kolotoc.compiler;

import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.function.Predicate;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.ShapeError;
import org.kolotoc.tensor.Tensor;

/**
 * Turns a program into a plan: reductions to rows and columns ({@link Graph}), where values lie ({@link LayoutAssignment}), what
 * shares a kernel ({@link Fusion}), bodies ({@link Lowering}), order and buffers ({@link Emission}), memory
 * ({@link BufferAssignment}).
 *
 * <p>Fusion is tried first and taken back where a kernel can't be written; a value that stands alone always can, at the
 * worst after its operand was copied. So every program compiles.
 */
public final class Compiler {
    /** Scratch memory that is not cut. */
    private static final long ONE_ARRAY = Long.MAX_VALUE;

    private Compiler() {}

    /** The plan of a program with kernels of any size; the same program always gives the same plan. */
    public static Plan compile(Program program) {
        return compile(program, KernelLimit.NONE);
    }

    /**
     * The plan of a program with kernels that a backend makes good code of.
     *
     * @throws DeviceFailure when this process has no memory for it, naming where it was
     * @throws CancellationException when the thread is interrupted, naming where it was
     */
    public static Plan compile(Program program, KernelLimit limit) {
        return compile(program, limit, ONE_ARRAY);
    }

    private static Plan compile(Program program, KernelLimit limit, long array) {
        Set<LayoutAssignment.Edge> hardened = new HashSet<>();
        LoopBodies bodies = new LoopBodies(limit);
        while (true) {
            try {
                return compile(program, hardened, bodies, limit, array);
            } catch (Lowering.NotAffine fault) {
                if (!hardened.add(fault.edge)) {
                    throw new IllegalStateException("copying did not help: " + fault.getMessage(), fault);
                }
            } catch (OutOfMemoryError | StackOverflowError e) {
                Tensor last = program.nodes().getLast();
                throw exhausted(
                        e,
                        program.nodes().size() + " operations, the last of them "
                                + last.op().label() + last.origin().suffix());
            }
        }
    }

    /** @param what was compiled */
    static DeviceFailure exhausted(Error e, String what) {
        boolean stack = e instanceof StackOverflowError;
        return new DeviceFailure(
                "compiling " + what + ": the host's " + (stack ? "stack (-Xss)" : "heap (-Xmx)") + " is too small", e);
    }

    /**
     * The plan of a program for a backend that does steps of scans one by one, and some attention by products and softmax: it
     * has no loop, and of attention those launches that the backend takes.
     *
     * @param attends whether there is a kernel for a node of {@link Op.Attention} or {@link Op.AttentionGradient}, asked by the
     *     shapes of its operands; those of one attention should be answered alike
     * @param array bytes of the arrays that its scratch memory is cut into, a multiple of 64: no value lies in two
     * @throws UnsupportedOperationException when the scores of an attention are too many for one tensor
     */
    public static Plan compileDecomposed(Program program, KernelLimit limit, Predicate<Tensor> attends, long array) {
        try {
            return compile(program.unrollScans().decomposeAttention(attends.negate()), limit, array);
        } catch (ShapeError e) {
            throw new UnsupportedOperationException("scores of attention as a tensor: " + e.getMessage(), e);
        }
    }

    private static Plan compile(
            Program program, Set<LayoutAssignment.Edge> hardened, LoopBodies bodies, KernelLimit limit, long array) {
        Graph graph = new Graph(program);
        LayoutAssignment layouts = new LayoutAssignment(graph, hardened);
        Set<Integer> apart = new HashSet<>();
        Map<Integer, Integer> parts = new HashMap<>();
        Map<String, Value> late = new LinkedHashMap<>();
        while (true) {
            Fusion fusion = new Fusion(layouts.order, apart, parts, limit);
            try {
                Emission emission = new Emission(fusion, layouts.writers, bodies, limit);
                if (!emission.large.isEmpty()) {
                    emission.large.forEach(group -> halve(group, parts));
                } else if (emission.conflicts.isEmpty()) {
                    return emission.plan(late, array);
                } else {
                    emission.conflicts.forEach((state, writer) -> {
                        writer.bound = null;
                        late.put(state, writer);
                    });
                }
            } catch (Emission.Unfit unfit) {
                unfit.group.members.forEach(member -> apart.add(member.id));
            }
        }
    }

    /** Values of different parts share no kernel any more. */
    private static void halve(FusionGroup group, Map<Integer, Integer> parts) {
        int half = group.members.size() / 2;
        int first = parts.values().stream().mapToInt(Integer::intValue).max().orElse(0) + 1;
        for (int i = 0; i < group.members.size(); i++) {
            parts.put(group.members.get(i).id, i < half ? first : first + 1);
        }
    }
}
