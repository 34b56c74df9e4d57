package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Op.BinaryKind;
import org.kolotoc.tensor.Op.CompareKind;
import org.kolotoc.tensor.Op.ReduceKind;
import org.kolotoc.tensor.Op.UnaryKind;

/** The nodes that a call of {@link Tensor} becomes: operands brought to one shape, axes counted, and none where nothing is done. */
final class Nodes {
    private Nodes() {}

    static Tensor unary(UnaryKind kind, Tensor x) {
        return append(new Op.Unary(kind), x);
    }

    static Tensor binary(BinaryKind kind, Tensor left, Tensor right) {
        Shape common = Broadcasting.common(name(kind), left.tracer(), left, right);
        return append(new Op.Binary(kind), left.broadcast(common), right.broadcast(common));
    }

    static Tensor compare(CompareKind kind, Tensor left, Tensor right) {
        Shape common = Broadcasting.common(name(kind), left.tracer(), left, right);
        return append(new Op.Compare(kind), left.broadcast(common), right.broadcast(common));
    }

    static Tensor select(Tensor condition, Tensor whereTrue, Tensor whereFalse) {
        Shape common = Broadcasting.common("select", condition.tracer(), condition, whereTrue, whereFalse);
        return append(
                new Op.Select(),
                condition.broadcast(common),
                whereTrue.broadcast(common),
                whereFalse.broadcast(common));
    }

    /** Over all axes when none is named. */
    static Tensor reduce(ReduceKind kind, Tensor x, int... axes) {
        String operation = "reduce_" + name(kind);
        List<Integer> sorted = (axes.length == 0 ? axes(x) : IntStream.of(axes))
                .map(axis -> x.tracer().axis(operation, x.shape(), axis))
                .sorted()
                .distinct()
                .boxed()
                .toList();
        return sorted.isEmpty() ? x : append(new Op.Reduce(kind, sorted), x);
    }

    private static String name(Enum<?> kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    static Tensor broadcast(Tensor x, Shape target) {
        Shape shape = x.shape();
        Tensor aligned = x;
        if (shape.rank() < target.rank()) {
            int[] extents = new int[target.rank()];
            int missing = target.rank() - shape.rank();
            Arrays.fill(extents, 0, missing, 1);
            System.arraycopy(shape.extents(), 0, extents, missing, shape.rank());
            aligned = x.reshape(Shape.of(extents));
        }
        return aligned.shape().equals(target) ? aligned : append(new Op.Broadcast(target), aligned);
    }

    static Tensor transpose(Tensor x, int... permutation) {
        List<Integer> axes = IntStream.of(permutation).boxed().toList();
        return axes.equals(axes(x).boxed().toList()) ? x : append(new Op.Transpose(axes), x);
    }

    static Tensor matrixTranspose(Tensor x) {
        int[] permutation = axes(x).toArray();
        permutation[x.tracer().axis("transpose", x.shape(), -1)] = x.tracer().axis("transpose", x.shape(), -2);
        permutation[x.shape().axis(-2)] = x.shape().axis(-1);
        return transpose(x, permutation);
    }

    static Tensor slice(Tensor x, int axis, int start, int limit) {
        Shape shape = x.shape();
        int at = x.tracer().axis("slice", shape, axis);
        List<Integer> starts = new ArrayList<>();
        List<Integer> limits = new ArrayList<>();
        for (int i = 0; i < shape.rank(); i++) {
            starts.add(i == at ? start : 0);
            limits.add(i == at ? limit : shape.extent(i));
        }
        return start == 0 && limit == shape.extent(at) ? x : append(new Op.Slice(starts, limits), x);
    }

    static Tensor pad(Tensor x, int axis, int low, int high, double value) {
        int at = x.tracer().axis("pad", x.shape(), axis);
        double element = x.tracer().element("pad", value, x.dtype());
        List<Integer> lows = axes(x).mapToObj(i -> i == at ? low : 0).toList();
        List<Integer> highs = axes(x).mapToObj(i -> i == at ? high : 0).toList();
        return low == 0 && high == 0 ? x : append(new Op.Pad(lows, highs, element), x);
    }

    static Tensor concat(int axis, List<Tensor> parts) {
        Tensor first = parts.getFirst();
        Tracer tracer = first.tracer();
        return parts.size() == 1
                ? first
                : tracer.append(new Op.Concat(tracer.axis("concat", first.shape(), axis)), parts);
    }

    private static IntStream axes(Tensor x) {
        return IntStream.range(0, x.shape().rank());
    }

    static Tensor append(Op operation, Tensor... operands) {
        return operands[0].tracer().append(operation, List.of(operands));
    }
}
