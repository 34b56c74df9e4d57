package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Op.AttentionPart;
import org.kolotoc.tensor.Shape;

/** Writes the launches of attention: one forward, and one for all parts of its gradient that are wanted. */
final class AttentionLowering {
    private static final int OPERANDS = 3;

    private AttentionLowering() {}

    static List<Launch> forward(Value attention, String name, ToIntFunction<Value> buffers) {
        Op.Attention op = (Op.Attention) attention.op;
        List<Value> values = new ArrayList<>(attention.operands.subList(0, OPERANDS));
        values.add(attention);
        List<Launch> launches = new ArrayList<>();
        List<Value> rows = attention.operands.subList(OPERANDS, attention.operands.size());
        for (BatchAxes.Part part : parts(values, rows, buffers)) {
            Launch.Heads heads = heads(attention, part, op.scale(), op.mask());
            launches.add(new Launch.Attention(
                    numbered(name, launches.size()),
                    heads,
                    part.matrices().get(OPERANDS),
                    operations(2, heads),
                    bytes(values)));
        }
        return launches;
    }

    /** @param wanted gradients of one attention with respect to different operands, by equal cotangents */
    static List<Launch> backward(List<Value> wanted, String name, ToIntFunction<Value> buffers) {
        Value first = wanted.getFirst();
        Op.AttentionGradient op = (Op.AttentionGradient) first.op;
        List<Value> values = new ArrayList<>(first.operands.subList(0, OPERANDS + 1));
        values.addAll(wanted);
        List<Value> rows = first.operands.subList(OPERANDS + 1, first.operands.size());
        List<Launch> launches = new ArrayList<>();
        for (BatchAxes.Part part : parts(values, rows, buffers)) {
            Launch.Heads heads = heads(first, part, op.scale(), op.mask());
            Map<AttentionPart, Matrix> gradients = new EnumMap<>(AttentionPart.class);
            for (int i = 0; i < wanted.size(); i++) {
                Op.AttentionGradient gradient = (Op.AttentionGradient) wanted.get(i).op;
                gradients.put(gradient.part(), part.matrices().get(OPERANDS + 1 + i));
            }
            launches.add(new Launch.AttentionGradient(
                    numbered(name, launches.size()),
                    heads,
                    part.matrices().get(OPERANDS),
                    Collections.unmodifiableMap(gradients),
                    operations(2 + gradients.size(), heads),
                    bytes(values)));
        }
        return launches;
    }

    /** @param rows an element for each row of the first axis, which becomes one for each matrix, after those of the values */
    private static List<BatchAxes.Part> parts(List<Value> values, List<Value> rows, ToIntFunction<Value> buffers) {
        List<StridedView> views = new ArrayList<>();
        List<Shape> shapes = new ArrayList<>();
        for (Value value : values) {
            views.add(LayoutAssignment.view(value));
            shapes.add(value.shape);
        }
        for (Value row : rows) {
            Shape all = values.getFirst().shape;
            int[] strides = new int[all.rank()];
            strides[0] = 1;
            views.add(new StridedView(LayoutAssignment.view(row).owner(), 0, strides));
            shapes.add(all.with(-2, 1).with(-1, 1));
        }
        return BatchAxes.of(
                views,
                shapes,
                views.stream().map(view -> buffers.applyAsInt(view.owner())).toList());
    }

    private static Launch.Heads heads(Value value, BatchAxes.Part part, double scale, Op.Mask mask) {
        int matrices = part.matrices().size();
        return new Launch.Heads(
                part.batch(),
                value.operand(0).shape.extent(-2),
                value.operand(1).shape.extent(-2),
                value.operand(0).shape.extent(-1),
                value.operand(2).shape.extent(-1),
                scale,
                mask.causal(),
                part.matrices().get(0),
                part.matrices().get(1),
                part.matrices().get(2),
                mask.starts() ? part.matrices().get(matrices - mask.operands()) : null,
                mask.lengths() ? part.matrices().getLast() : null);
    }

    /** Operations of so many products over the scores, those of hidden keys left out as far as they are known. */
    private static long operations(int products, Launch.Heads heads) {
        double m = heads.m();
        double n = heads.n();
        // Of the queries that don't see all keys, the first sees one, the next two, and so on.
        double partial = heads.causal() && heads.starts() == null ? Math.min(m, n) : 0;
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
