package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Op.AttentionPart;

/** Writes the launches of attention: one forward, and one for all parts of its gradient that are wanted. */
final class AttentionLowering {
    private static final int OPERANDS = 3;

    private AttentionLowering() {}

    static List<Launch> forward(Value attention, String name, ToIntFunction<Value> buffers) {
        Op.Attention op = (Op.Attention) attention.op;
        List<Value> values = new ArrayList<>(attention.operands);
        values.add(attention);
        List<Launch> launches = new ArrayList<>();
        for (BatchAxes.Part part : parts(values, buffers)) {
            Launch.Heads heads = heads(attention, part, op.scale(), op.causal());
            launches.add(new Launch.Attention(
                    numbered(name, launches.size()),
                    heads,
                    part.matrices().getLast(),
                    operations(2, heads),
                    bytes(values)));
        }
        return launches;
    }

    /** @param wanted gradients of one attention with respect to different operands, by equal cotangents */
    static List<Launch> backward(List<Value> wanted, String name, ToIntFunction<Value> buffers) {
        Value first = wanted.getFirst();
        Op.AttentionGradient op = (Op.AttentionGradient) first.op;
        List<Value> values = new ArrayList<>(first.operands);
        values.addAll(wanted);
        List<Launch> launches = new ArrayList<>();
        for (BatchAxes.Part part : parts(values, buffers)) {
            Launch.Heads heads = heads(first, part, op.scale(), op.causal());
            Map<AttentionPart, Matrix> gradients = new EnumMap<>(AttentionPart.class);
            for (int i = 0; i < wanted.size(); i++) {
                Op.AttentionGradient gradient = (Op.AttentionGradient) wanted.get(i).op;
                gradients.put(gradient.part(), part.matrices().get(OPERANDS + 1 + i));
            }
            launches.add(new Launch.AttentionGradient(
                    numbered(name, launches.size()),
                    heads,
                    part.matrices().get(OPERANDS),
                    Map.copyOf(gradients),
                    operations(2 + gradients.size(), heads),
                    bytes(values)));
        }
        return launches;
    }

    private static List<BatchAxes.Part> parts(List<Value> values, ToIntFunction<Value> buffers) {
        List<StridedView> views = values.stream().map(LayoutAssignment::view).toList();
        return BatchAxes.of(
                views,
                values.stream().map(value -> value.shape).toList(),
                views.stream().map(view -> buffers.applyAsInt(view.owner())).toList());
    }

    private static Launch.Heads heads(Value value, BatchAxes.Part part, double scale, boolean causal) {
        return new Launch.Heads(
                part.batch(),
                value.operand(0).shape.extent(-2),
                value.operand(1).shape.extent(-2),
                value.operand(0).shape.extent(-1),
                value.operand(2).shape.extent(-1),
                scale,
                causal,
                part.matrices().get(0),
                part.matrices().get(1),
                part.matrices().get(2));
    }

    /** Operations of so many products over the scores, those of hidden keys left out. */
    private static long operations(int products, Launch.Heads heads) {
        double m = heads.m();
        double n = heads.n();
        // Of the queries that don't see all keys, the first sees one, the next two, and so on.
        double partial = heads.causal() ? Math.min(m, n) : 0;
        double seen = partial * (partial + 1) / 2 + (m - partial) * n;
        double width = (heads.d() + (double) heads.e()) / 2;
        return (long) (2.0 * products * heads.batch().get(0) * heads.batch().get(1) * seen * width);
    }

    private static long bytes(List<Value> values) {
        return values.stream()
                .mapToLong(value -> (long) value.size() * DType.BYTES)
                .sum();
    }

    private static String numbered(String name, int number) {
        return number == 0 ? name : name + "." + number;
    }
}
