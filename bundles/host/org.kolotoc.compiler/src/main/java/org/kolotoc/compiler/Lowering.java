package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;

/**
 * Writes the body of one fused kernel: every value it stores, computed at a position of the space, down to loads.
 *
 * <p>Movements become index arithmetic. Where an index is not linear in the position the space is cut finer; where that
 * does not help, {@link NotAffine} names the operand that has to be copied first.
 */
final class Lowering {
    /** The operand at fault, for {@link LayoutAssignment} to copy. */
    static final class NotAffine extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient LayoutAssignment.Edge edge;

        NotAffine(Value user, int operand) {
            super(user + " reads its operand " + operand + " in an order that is not linear", null, false, false);
            this.edge = new LayoutAssignment.Edge(user.number, operand);
        }
    }

    private record Key(Value value, List<AffineExpr> at) {}

    private final IterationSpace space;
    private final Predicate<Value> inside;
    private final ToIntFunction<Value> buffers;
    private final Consumer<Value> loaded;
    private final KernelBody body = new KernelBody();
    private final Map<Key, Integer> lowered = new HashMap<>();

    /**
     * A kernel over a space.
     *
     * @param inside whether a value is computed in this kernel rather than loaded
     * @param buffers the number of a stored value's buffer
     * @param loaded is told every value that is loaded
     */
    Lowering(IterationSpace space, Predicate<Value> inside, ToIntFunction<Value> buffers, Consumer<Value> loaded) {
        this.space = space;
        this.inside = inside;
        this.buffers = buffers;
        this.loaded = loaded;
    }

    KernelBody body() {
        return body;
    }

    /** Computes a value at every position and stores it where it belongs. */
    void store(Value value) {
        if (value.isColumnReduction()) {
            storeColumns(value);
            return;
        }
        boolean perRow = value.size() != total() && value.size() == rows();
        AffineExpr number = perRow ? space.number(0, space.outer()) : space.number(0, space.axes());
        List<AffineExpr> at = indices(number, value.shape, value);
        int instruction = lower(value, at);
        StridedView place = LayoutAssignment.view(value);
        body.store(buffers.applyAsInt(place.owner()), address(place, at), instruction, value.dtype);
    }

    private void storeColumns(Value value) {
        Op.Reduce reduce = (Op.Reduce) value.op;
        Value operand = value.operand(0);
        int instruction = lower(operand, indices(space.number(0, space.axes()), operand.shape, value));
        body.columns(reduce.kind(), buffers.applyAsInt(value), instruction, value.dtype);
    }

    private int rows() {
        int rows = 1;
        for (int axis = 0; axis < space.outer(); axis++) {
            rows *= space.extents()[axis];
        }
        return rows;
    }

    private int total() {
        int total = 1;
        for (int extent : space.extents()) {
            total *= extent;
        }
        return total;
    }

    private List<AffineExpr> indices(AffineExpr number, Shape shape, Value user) {
        List<AffineExpr> indices = space.indices(number, shape);
        if (indices == null) {
            throw new NotAffine(user, 0);
        }
        return indices;
    }

    /** The instruction that gives a value at an index. */
    private int lower(Value value, List<AffineExpr> at) {
        Integer known = lowered.get(new Key(value, at));
        if (known == null) {
            known = make(value, at);
            lowered.put(new Key(value, at), known);
        }
        return known;
    }

    private int make(Value value, List<AffineExpr> at) {
        Value source = value.source();
        if (!source.isFree() && !inside.test(source)) {
            return load(value, at);
        }
        List<AffineExpr> index = at;
        for (Value movement : value.movements().reversed()) {
            index = moved(movement, index);
        }
        return source == value ? compute(value, at) : lower(source, index);
    }

    /** Loads from as far along its movements as strides describe; the rest is index arithmetic. */
    private int load(Value value, List<AffineExpr> at) {
        Value source = value.source();
        StridedView place = LayoutAssignment.view(source);
        List<Value> movements = value.movements();
        int described = 0;
        while (described < movements.size()) {
            StridedView next = place.through(movements.get(described));
            if (next == null) {
                break;
            }
            place = next;
            described++;
        }
        List<AffineExpr> index = at;
        for (Value movement : movements.subList(described, movements.size()).reversed()) {
            index = moved(movement, index);
        }
        loaded.accept(source);
        return body.load(buffers.applyAsInt(place.owner()), address(place, index), value.dtype);
    }

    private int compute(Value value, List<AffineExpr> at) {
        return switch (value.op) {
            case Op.Constant constant -> body.constant(constant.value(), value.dtype);
            case Op.Iota iota -> body.index(at.get(iota.axis()));
            case Op.RandomUniform uniform ->
                body.uniform(
                        lower(value.operand(0), List.of(AffineExpr.constant(0, space.axes()))),
                        lower(value.operand(0), List.of(AffineExpr.constant(1, space.axes()))),
                        uniform.stream(),
                        body.index(number(value.shape, at)));
            case Op.RandomNormal _ -> body.normal(operand(value, 0, at));
            case Op.Unary unary -> body.unary(unary.kind(), operand(value, 0, at), value.dtype);
            case Op.Binary binary ->
                body.binary(binary.kind(), operand(value, 0, at), operand(value, 1, at), value.dtype);
            case Op.Compare compare ->
                body.compare(compare.kind(), operand(value, 0, at), operand(value, 1, at), value.operand(0).dtype);
            case Op.Select _ ->
                body.select(operand(value, 0, at), operand(value, 1, at), operand(value, 2, at), value.dtype);
            case Op.Cast _ -> body.cast(operand(value, 0, at), value.operand(0).dtype, value.dtype);
            case Op.Reduce reduce -> body.rowReduce(reduce.kind(), reduced(value, at), value.dtype);
            default -> throw new IllegalStateException(value + " is not computed by fused kernels");
        };
    }

    /** Where the operand of a movement is at an index of the movement. */
    private List<AffineExpr> moved(Value movement, List<AffineExpr> at) {
        return switch (movement.op) {
            case Op.Reshape _ -> reshaped(movement, at);
            case Op.Broadcast _ -> collapsed(movement.operand(0).shape, at);
            case Op.Transpose transpose -> {
                AffineExpr[] moved = new AffineExpr[at.size()];
                for (int i = 0; i < moved.length; i++) {
                    moved[transpose.permutation().get(i)] = at.get(i);
                }
                yield List.of(moved);
            }
            case Op.Slice slice -> {
                List<AffineExpr> moved = new ArrayList<>();
                for (int i = 0; i < at.size(); i++) {
                    moved.add(at.get(i).plus(slice.starts().get(i)));
                }
                yield moved;
            }
            default -> throw new IllegalStateException(movement + " moves nothing");
        };
    }

    private int operand(Value value, int position, List<AffineExpr> at) {
        return lower(value.operand(position), at);
    }

    /** The reduced operand at the row of an index: reduced axes run over the inner axes of the space. */
    private int reduced(Value value, List<AffineExpr> at) {
        if (!value.isRowReduction() || at.stream().anyMatch(index -> index.variesFrom(space.outer()))) {
            throw new NotAffine(value, 0);
        }
        Shape operand = value.operand(0).shape;
        int kept = value.shape.rank();
        int[] inner = new int[operand.rank() - kept];
        int size = 1;
        for (int i = 0; i < inner.length; i++) {
            inner[i] = operand.extent(kept + i);
            size *= inner[i];
        }
        if (size * rows() != total()) {
            throw new NotAffine(value, 0);
        }
        List<AffineExpr> all = new ArrayList<>(at);
        all.addAll(indices(space.number(space.outer(), space.axes()), Shape.of(inner), value));
        return lower(value.operand(0), all);
    }

    private List<AffineExpr> reshaped(Value value, List<AffineExpr> at) {
        return indices(number(value.shape, at), value.operand(0).shape, value);
    }

    private List<AffineExpr> collapsed(Shape operand, List<AffineExpr> at) {
        List<AffineExpr> collapsed = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            collapsed.add(operand.extent(i) == 1 ? AffineExpr.constant(0, space.axes()) : at.get(i));
        }
        return collapsed;
    }

    private AffineExpr number(Shape shape, List<AffineExpr> at) {
        return combine(0, shape.strides(), at);
    }

    private AffineExpr address(StridedView place, List<AffineExpr> at) {
        return combine(place.offset(), place.strides(), at);
    }

    private AffineExpr combine(int offset, int[] strides, List<AffineExpr> at) {
        AffineExpr sum = AffineExpr.constant(offset, space.axes());
        for (int i = 0; i < strides.length; i++) {
            sum = sum.plus(at.get(i), strides[i]);
        }
        return sum;
    }
}
