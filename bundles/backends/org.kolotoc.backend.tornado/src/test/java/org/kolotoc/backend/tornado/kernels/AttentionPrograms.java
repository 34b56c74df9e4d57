package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Attention of sizes that take long to compute on the JVM, and not long to compile: each tile that there is. */
public final class AttentionPrograms {
    private static final Set<AttentionPart> ALL = Set.of(AttentionPart.values());

    private AttentionPrograms() {}

    /** Each with the gradients of all operands. */
    public static Stream<Program> all() {
        return Stream.of(
                of(96, 1024, 1024, 64, 64, true, ALL),
                of(96, 1024, 1024, 128, 128, true, ALL),
                of(96, 300, 300, 256, 256, false, ALL),
                of(48, 64, 64, 32, 32, true, ALL),
                of(8, 64, 64, 128, 128, true, ALL),
                of(8, 30, 20, 256, 256, false, ALL),
                of(40, 200, 180, 80, 48, true, ALL),
                ragged(40, 200, 180, 64, 64));
    }

    static Program of(int heads, int m, int n, int d, int e, boolean causal, Set<AttentionPart> parts) {
        Tracer trace = new Tracer();
        return of(trace, heads, m, n, d, e, causal ? AttentionMask.CAUSAL : AttentionMask.NONE, parts);
    }

    private static Program ragged(int heads, int m, int n, int d, int e) {
        Tracer trace = new Tracer();
        Tensor starts = trace.feed("starts", DType.I32, Shape.of(heads));
        return of(trace, heads, m, n, d, e, AttentionMask.causalFrom(starts).within(starts.add(20)), ALL);
    }

    private static Program of(
            Tracer trace, int heads, int m, int n, int d, int e, AttentionMask mask, Set<AttentionPart> parts) {
        Tensor q = trace.feed("q", DType.F32, Shape.of(heads, m, d));
        Tensor k = trace.feed("k", DType.F32, Shape.of(heads, n, d));
        Tensor v = trace.feed("v", DType.F32, Shape.of(heads, n, e));
        Tensor g = trace.feed("g", DType.F32, Shape.of(heads, m, e));
        Tensor y = Functions.attention(q, k, v, 0.125, mask);
        trace.output("y", y);
        List<Tensor> wanted = new ArrayList<>();
        for (AttentionPart part : AttentionPart.values()) {
            if (parts.contains(part)) {
                wanted.add(List.of(q, k, v).get(part.ordinal()));
            }
        }
        if (!wanted.isEmpty()) {
            List<Tensor> gradients = Gradients.vjp(y, g, wanted);
            for (int i = 0; i < gradients.size(); i++) {
                trace.output("d" + i, gradients.get(i));
            }
        }
        return trace.program();
    }
}
