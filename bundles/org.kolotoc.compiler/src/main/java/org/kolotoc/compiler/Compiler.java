package org.kolotoc.compiler;

import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.kolotoc.tensor.Program;

/**
 * Turns a program into a plan: reductions to rows and columns ({@link Graph}), where values lie ({@link Layouts}), what
 * shares a kernel ({@link Fusion}), bodies ({@link Lowering}), order and buffers ({@link Emission}), memory
 * ({@link Memory}).
 *
 * <p>Fusion is tried first and taken back where a kernel can't be written; a value that stands alone always can, at the
 * worst after its operand was copied. So every program compiles.
 */
public final class Compiler {
    private Compiler() {}

    /** The plan of a program; the same program always gives the same plan. */
    public static Plan compile(Program program) {
        Set<Layouts.Edge> hardened = new HashSet<>();
        while (true) {
            try {
                return compile(program, hardened);
            } catch (Lowering.NotLinear fault) {
                if (!hardened.add(fault.edge)) {
                    throw new IllegalStateException("copying did not help: " + fault.getMessage(), fault);
                }
            }
        }
    }

    /** The plan of a program for a backend that does attention by products and softmax: it has no launch of attention. */
    public static Plan compileWithoutAttention(Program program) {
        return compile(program.withoutAttention());
    }

    private static Plan compile(Program program, Set<Layouts.Edge> hardened) {
        Graph graph = new Graph(program);
        Layouts layouts = new Layouts(graph, hardened);
        Set<Integer> apart = new HashSet<>();
        Map<String, Value> late = new LinkedHashMap<>();
        while (true) {
            Fusion fusion = new Fusion(layouts.order, apart);
            try {
                Emission emission = new Emission(fusion, layouts.writers);
                if (emission.conflicts.isEmpty()) {
                    return emission.plan(late);
                }
                emission.conflicts.forEach((state, writer) -> {
                    writer.bound = null;
                    late.put(state, writer);
                });
            } catch (Emission.Unfit unfit) {
                unfit.unit.members.forEach(member -> apart.add(member.id));
            }
        }
    }
}
