package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The shape and type rule of every operation: what operands it takes and what it gives. */
final class ShapeRules {
    private static final String STARTS =
            "; a start is [], or one for each row of the first axis where the window is not along that";

    private ShapeRules() {}

    static Shape shape(Op op, List<Tensor> operands, Tracer tracer) {
        List<Shape> shapes = operands.stream().map(Tensor::shape).toList();
        return switch (op) {
            case Op.Input _, Op.Constant _, Op.Literal _, Op.Iota _, Op.RandomUniform _, Op.RandomNormal _ ->
                throw new IllegalStateException("a leaf states its shape");
            case Op.Unary _, Op.Cast _, Op.StopGradient _, Op.OptimizationBarrier _ -> shapes.getFirst();
            case Op.Binary _, Op.Compare _, Op.Select _ -> equal(op, shapes, tracer);
            case Op.Reduce reduce -> reduced(reduce, shapes.getFirst(), tracer);
            case Op.Broadcast broadcast -> repeated(broadcast, shapes.getFirst(), tracer);
            case Op.Reshape reshape -> reshaped(reshape, shapes.getFirst(), tracer);
            case Op.Transpose transpose -> permuted(transpose, shapes.getFirst(), tracer);
            case Op.Slice slice -> sliced(slice, shapes.getFirst(), tracer);
            case Op.Pad pad -> padded(pad, shapes.getFirst(), tracer);
            case Op.Concat concat -> joined(concat, shapes, tracer);
            case Op.DynamicSlice slice -> window(slice, shapes, tracer);
            case Op.DynamicUpdate update -> updated(update, shapes, tracer);
            case Op.Gather _ -> gathered(shapes, tracer);
            case Op.ScatterAdd scatter -> scattered(scatter, shapes, tracer);
            case Op.GatherAlong along -> {
                if (!agree(shapes.get(0), shapes.get(1), along.axis())) {
                    throw tracer.error("gather_along: indices " + shapes.get(1) + " differ from " + shapes.get(0)
                            + " beside axis " + along.axis());
                }
                yield shapes.get(1);
            }
            case Op.ScatterAddAlong along -> {
                Shape indices = equal(op, shapes, tracer);
                yield tracer.shape("scatter_add_along", shapes, with(indices, along.axis(), along.extent()));
            }
            case Op.CumulativeSum _ -> shapes.getFirst();
            case Op.ArgSort sort -> {
                Shape rows = shapes.getFirst();
                if (rows.rank() == 0 || sort.count() < 0 || sort.count() > rows.extent(-1)) {
                    throw tracer.error("arg_sort: there are no " + sort.count() + " elements in a row of " + rows);
                }
                yield rows.with(-1, sort.count());
            }
            case Op.MatMul _ -> product(shapes, tracer);
            case Op.Conv2d convolution -> ConvolutionRules.result(convolution, shapes, tracer);
            case Op.Conv2dInputGradient gradient -> ConvolutionRules.input(gradient, shapes, tracer);
            case Op.Conv2dWeightGradient gradient -> ConvolutionRules.weights(gradient, shapes, tracer);
            case Op.Attention attention -> AttentionRules.result(attention, shapes, tracer);
            case Op.AttentionGradient gradient -> AttentionRules.gradient(gradient, shapes, tracer);
            case Op.Scan(Loop loop, Loop.Part part) -> {
                loop.require(operands, tracer);
                yield loop.shape(part);
            }
        };
    }

    static DType dtype(Op op, List<Tensor> operands, Tracer tracer) {
        List<DType> types = operands.stream().map(Tensor::dtype).toList();
        return switch (op) {
            case Op.Input _, Op.Constant _, Op.Literal _, Op.Iota _, Op.RandomUniform _, Op.RandomNormal _ ->
                throw new IllegalStateException("a leaf states its type");
            case Op.Unary unary -> require(op, types, tracer, unaryTypes(unary.kind()));
            case Op.Binary binary -> require(op, types, tracer, binaryTypes(binary.kind()));
            case Op.Compare _ -> {
                require(op, types, tracer, List.of(DType.F32, DType.I32));
                yield DType.BOOL;
            }
            case Op.Select _ -> {
                require(op, types.subList(0, 1), tracer, List.of(DType.BOOL));
                yield require(op, types.subList(1, 3), tracer, List.of(DType.values()));
            }
            case Op.Cast cast -> cast.to();
            case Op.OptimizationBarrier _ -> types.getFirst();
            case Op.Reduce _ -> require(op, types, tracer, List.of(DType.F32, DType.I32));
            case Op.Broadcast _, Op.Reshape _, Op.Transpose _, Op.Slice _, Op.Pad _, Op.Concat _, Op.StopGradient _ ->
                require(op, types, tracer, List.of(DType.values()));
            case Op.DynamicSlice _ -> {
                require(op, types.subList(1, 2), tracer, List.of(DType.I32));
                yield types.getFirst();
            }
            case Op.DynamicUpdate _ -> {
                require(op, types.subList(2, 3), tracer, List.of(DType.I32));
                yield require(op, types.subList(0, 2), tracer, List.of(DType.values()));
            }
            case Op.Gather _ -> {
                require(op, types.subList(1, 2), tracer, List.of(DType.I32));
                yield types.getFirst();
            }
            case Op.ScatterAdd _ -> {
                require(op, types.subList(0, 1), tracer, List.of(DType.I32));
                yield require(op, types.subList(1, 2), tracer, List.of(DType.F32));
            }
            case Op.GatherAlong _ -> {
                require(op, types.subList(1, 2), tracer, List.of(DType.I32));
                yield types.getFirst();
            }
            case Op.ScatterAddAlong _ -> {
                require(op, types.subList(0, 1), tracer, List.of(DType.I32));
                yield require(op, types.subList(1, 2), tracer, List.of(DType.F32));
            }
            case Op.CumulativeSum _ -> require(op, types, tracer, List.of(DType.F32, DType.I32));
            case Op.ArgSort _ -> {
                require(op, types, tracer, List.of(DType.F32, DType.I32));
                yield DType.I32;
            }
            case Op.MatMul _, Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _ ->
                require(op, types, tracer, List.of(DType.F32));
            case Op.Attention attention -> attended(op, types, attention.mask(), tracer);
            case Op.AttentionGradient gradient -> attended(op, types, gradient.mask(), tracer);
            case Op.Scan(Loop loop, Loop.Part part) -> loop.dtype(part);
        };
    }

    private static DType attended(Op op, List<DType> types, Op.Mask mask, Tracer tracer) {
        int floats = types.size() - mask.operands();
        if (mask.operands() > 0) {
            require(op, types.subList(floats, types.size()), tracer, List.of(DType.I32));
        }
        return require(op, types.subList(0, floats), tracer, List.of(DType.F32));
    }

    /** Extents with a -1 replaced by what the size leaves for it. */
    static Shape completed(int[] extents, Tensor operand) {
        long[] complete = Arrays.stream(extents).asLongStream().toArray();
        int open = -1;
        long known = 1;
        for (int i = 0; i < extents.length; i++) {
            if (extents[i] == -1 && open < 0) {
                open = i;
            } else if (known <= Integer.MAX_VALUE) {
                known *= extents[i];
            }
        }
        if (open >= 0) {
            if (known <= 0 || operand.shape().size() % known != 0) {
                throw operand.tracer()
                        .error("reshape: " + operand.shape() + " does not divide into " + Arrays.toString(extents));
            }
            complete[open] = operand.shape().size() / known;
        }
        return operand.tracer().shape("reshape", List.of(operand.shape()), complete);
    }

    private static List<DType> unaryTypes(Op.UnaryKind kind) {
        return switch (kind) {
            case NOT -> List.of(DType.BOOL);
            case NEG, ABS, SIGN -> List.of(DType.F32, DType.I32);
            case EXP, LOG, SQRT, RSQRT, TANH, ERF, SIN, COS, FLOOR -> List.of(DType.F32);
        };
    }

    private static List<DType> binaryTypes(Op.BinaryKind kind) {
        return switch (kind) {
            case AND, OR -> List.of(DType.BOOL);
            case ADD, SUB, MUL, MAXIMUM, MINIMUM -> List.of(DType.F32, DType.I32);
            case DIV, POW -> List.of(DType.F32);
        };
    }

    private static DType require(Op op, List<DType> types, Tracer tracer, List<DType> allowed) {
        DType first = types.getFirst();
        if (!allowed.contains(first) || types.stream().anyMatch(type -> type != first)) {
            throw tracer.error(
                    op.label() + ": takes operands of one type of " + labels(allowed) + ", got " + labels(types));
        }
        return first;
    }

    private static String labels(List<DType> types) {
        return types.stream().map(DType::label).collect(Collectors.joining(", ", "(", ")"));
    }

    static Shape equal(Op op, List<Shape> shapes, Tracer tracer) {
        if (shapes.stream().anyMatch(shape -> !shape.equals(shapes.getFirst()))) {
            throw tracer.error(op.label() + ": takes operands of one shape, got " + shapes);
        }
        return shapes.getFirst();
    }

    private static Shape reduced(Op.Reduce op, Shape shape, Tracer tracer) {
        List<Integer> kept = new ArrayList<>();
        int previous = -1;
        for (int axis : op.axes()) {
            if (axis <= previous || axis >= shape.rank()) {
                throw tracer.error(op.label() + ": axes " + op.axes() + " are not ascending axes of " + shape);
            }
            previous = axis;
        }
        for (int axis = 0; axis < shape.rank(); axis++) {
            if (!op.axes().contains(axis)) {
                kept.add(shape.extent(axis));
            }
        }
        return Shape.of(ints(kept));
    }

    private static Shape repeated(Op.Broadcast op, Shape shape, Tracer tracer) {
        boolean fits = shape.rank() == op.shape().rank();
        for (int axis = 0; fits && axis < shape.rank(); axis++) {
            fits = shape.extent(axis) == 1 || shape.extent(axis) == op.shape().extent(axis);
        }
        if (!fits) {
            throw tracer.error("broadcast: " + shape + " does not repeat to " + op.shape());
        }
        return op.shape();
    }

    private static Shape reshaped(Op.Reshape op, Shape shape, Tracer tracer) {
        if (shape.size() != op.shape().size()) {
            throw tracer.error("reshape: " + shape + " has " + shape.size() + " elements, " + op.shape() + " "
                    + op.shape().size());
        }
        return op.shape();
    }

    private static Shape permuted(Op.Transpose op, Shape shape, Tracer tracer) {
        boolean[] seen = new boolean[shape.rank()];
        int[] extents = new int[shape.rank()];
        boolean fits = op.permutation().size() == shape.rank();
        for (int i = 0; fits && i < extents.length; i++) {
            int axis = op.permutation().get(i);
            fits = axis >= 0 && axis < seen.length && !seen[axis];
            if (fits) {
                seen[axis] = true;
                extents[i] = shape.extent(axis);
            }
        }
        if (!fits) {
            throw tracer.error("transpose: " + op.permutation() + " is no permutation of the axes of " + shape);
        }
        return Shape.of(extents);
    }

    private static Shape sliced(Op.Slice op, Shape shape, Tracer tracer) {
        boolean fits = op.starts().size() == shape.rank() && op.limits().size() == shape.rank();
        int[] extents = new int[shape.rank()];
        for (int i = 0; fits && i < extents.length; i++) {
            int start = op.starts().get(i);
            int limit = op.limits().get(i);
            fits = 0 <= start && start <= limit && limit <= shape.extent(i);
            extents[i] = limit - start;
        }
        if (!fits) {
            throw tracer.error("slice: from " + op.starts() + " to " + op.limits() + " leaves shape " + shape);
        }
        return Shape.of(extents);
    }

    private static Shape padded(Op.Pad op, Shape shape, Tracer tracer) {
        boolean fits = op.low().size() == shape.rank() && op.high().size() == shape.rank();
        long[] extents = new long[shape.rank()];
        for (int i = 0; fits && i < extents.length; i++) {
            fits = op.low().get(i) >= 0 && op.high().get(i) >= 0;
            extents[i] = (long) shape.extent(i) + op.low().get(i) + op.high().get(i);
        }
        if (!fits) {
            throw tracer.error("pad: " + op.low() + " and " + op.high() + " do not pad shape " + shape);
        }
        return tracer.shape("pad", List.of(shape), extents);
    }

    private static Shape joined(Op.Concat op, List<Shape> shapes, Tracer tracer) {
        long joined = 0;
        for (Shape shape : shapes) {
            if (op.axis() >= shape.rank()
                    || !shape.with(op.axis(), 0).equals(shapes.getFirst().with(op.axis(), 0))) {
                throw tracer.error("concat: shapes " + shapes + " differ beside axis " + op.axis());
            }
            joined += shape.extent(op.axis());
        }
        return tracer.shape("concat", shapes, with(shapes.getFirst(), op.axis(), joined));
    }

    private static Shape window(Op.DynamicSlice op, List<Shape> shapes, Tracer tracer) {
        Shape shape = shapes.getFirst();
        if (!starts(shapes.get(1), shape, op.axis()) || op.size() < 0 || op.size() > shape.extent(op.axis())) {
            throw tracer.error("dynamic_slice: a window of " + op.size() + " at a start of shape " + shapes.get(1)
                    + " does not fit axis " + op.axis() + " of " + shape + STARTS);
        }
        return shape.with(op.axis(), op.size());
    }

    private static Shape updated(Op.DynamicUpdate op, List<Shape> shapes, Tracer tracer) {
        Shape shape = shapes.get(0);
        Shape update = shapes.get(1);
        boolean fits = update.rank() == shape.rank()
                && update.extent(op.axis()) <= shape.extent(op.axis())
                && update.with(op.axis(), 0).equals(shape.with(op.axis(), 0));
        if (!fits || !starts(shapes.get(2), shape, op.axis())) {
            throw tracer.error("dynamic_update: " + update + " at a start of shape " + shapes.get(2)
                    + " does not fit axis " + op.axis() + " of " + shape + STARTS);
        }
        return shape;
    }

    /** Whether it is one start, or one for each row. */
    private static boolean starts(Shape starts, Shape shape, int axis) {
        return starts.rank() == 0 || axis > 0 && starts.equals(Shape.of(shape.extent(0)));
    }

    private static Shape gathered(List<Shape> shapes, Tracer tracer) {
        Shape rows = shapes.get(0);
        if (rows.rank() == 0) {
            throw tracer.error("gather: needs rows [rows, rest...], got a scalar");
        }
        Shape indices = shapes.get(1);
        long[] extents = new long[indices.rank() + rows.rank() - 1];
        for (int i = 0; i < extents.length; i++) {
            extents[i] = i < indices.rank() ? indices.extent(i) : rows.extent(i - indices.rank() + 1);
        }
        return tracer.shape("gather", shapes, extents);
    }

    private static Shape scattered(Op.ScatterAdd op, List<Shape> shapes, Tracer tracer) {
        Shape indices = shapes.get(0);
        Shape updates = shapes.get(1);
        boolean fits = updates.rank() >= indices.rank();
        for (int i = 0; fits && i < indices.rank(); i++) {
            fits = indices.extent(i) == updates.extent(i);
        }
        if (!fits || op.rows() < 0) {
            throw tracer.error("scatter_add: updates " + updates + " do not begin with the axes of indices " + indices);
        }
        long[] extents = new long[updates.rank() - indices.rank() + 1];
        extents[0] = op.rows();
        for (int i = 1; i < extents.length; i++) {
            extents[i] = updates.extent(indices.rank() + i - 1);
        }
        return tracer.shape("scatter_add", shapes, extents);
    }

    /** Whether two shapes are equal beside an axis. */
    private static boolean agree(Shape one, Shape other, int axis) {
        return one.rank() == other.rank() && one.with(axis, 0).equals(other.with(axis, 0));
    }

    private static Shape product(List<Shape> shapes, Tracer tracer) {
        Shape left = shapes.get(0);
        Shape right = shapes.get(1);
        boolean fits = left.rank() >= 2 && left.rank() == right.rank() && left.extent(-1) == right.extent(-2);
        for (int i = 0; fits && i < left.rank() - 2; i++) {
            fits = left.extent(i) == right.extent(i);
        }
        if (!fits) {
            throw tracer.error("matmul: " + left + " and " + right + " do not multiply; it takes [batch..., m, k] and"
                    + " [batch..., k, n]");
        }
        return tracer.shape("matmul", shapes, with(left, left.rank() - 1, right.extent(-1)));
    }

    /** Extents of a shape with another one on an axis. */
    static long[] with(Shape shape, int axis, long extent) {
        long[] extents = Arrays.stream(shape.extents()).asLongStream().toArray();
        extents[axis] = extent;
        return extents;
    }

    private static int[] ints(List<Integer> list) {
        return list.stream().mapToInt(Integer::intValue).toArray();
    }
}
