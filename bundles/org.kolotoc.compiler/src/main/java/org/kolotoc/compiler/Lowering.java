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
 * Writes the body of one fused kernel: every value it stores, computed at a position of the domain, down to loads.
 *
 * <p>Movements become index arithmetic. Where an index is not linear in the position the domain is cut finer; where that
 * does not help, {@link NotLinear} names the operand that has to be copied first.
 */
final class Lowering {
    /** The operand at fault, for {@link Layouts} to copy. */
    static final class NotLinear extends RuntimeException {
        private static final long serialVersionUID = 1L;
        final transient Layouts.Edge edge;

        NotLinear(Value user, int operand) {
            super(user + " reads its operand " + operand + " in an order that is not linear", null, false, false);
            this.edge = new Layouts.Edge(user.number, operand);
        }
    }

    private record Key(Value value, List<Linear> at) {}

    private final Domain domain;
    private final Predicate<Value> inside;
    private final ToIntFunction<Value> buffers;
    private final Consumer<Value> loaded;
    private final Body body = new Body();
    private final Map<Key, Integer> lowered = new HashMap<>();

    /**
     * A kernel over a domain.
     *
     * @param inside whether a value is computed in this kernel rather than loaded
     * @param buffers the number of a stored value's buffer
     * @param loaded is told every value that is loaded
     */
    Lowering(Domain domain, Predicate<Value> inside, ToIntFunction<Value> buffers, Consumer<Value> loaded) {
        this.domain = domain;
        this.inside = inside;
        this.buffers = buffers;
        this.loaded = loaded;
    }

    Body body() {
        return body;
    }

    /** Computes a value at every position and stores it where it belongs. */
    void store(Value value) {
        if (value.isColumnReduction()) {
            storeColumns(value);
            return;
        }
        boolean perRow = value.size() != total() && value.size() == rows();
        Linear number = perRow ? domain.number(0, domain.outer()) : domain.number(0, domain.axes());
        List<Linear> at = indices(number, value.shape, value);
        int instruction = lower(value, at);
        Strided place = Layouts.view(value);
        body.store(buffers.applyAsInt(place.owner()), address(place, at), instruction, value.dtype);
    }

    private void storeColumns(Value value) {
        Op.Reduce reduce = (Op.Reduce) value.op;
        Value operand = value.operand(0);
        int instruction = lower(operand, indices(domain.number(0, domain.axes()), operand.shape, value));
        body.columns(reduce.kind(), buffers.applyAsInt(value), instruction, value.dtype);
    }

    private int rows() {
        int rows = 1;
        for (int axis = 0; axis < domain.outer(); axis++) {
            rows *= domain.extents()[axis];
        }
        return rows;
    }

    private int total() {
        int total = 1;
        for (int extent : domain.extents()) {
            total *= extent;
        }
        return total;
    }

    private List<Linear> indices(Linear number, Shape shape, Value user) {
        List<Linear> indices = domain.indices(number, shape);
        if (indices == null) {
            throw new NotLinear(user, 0);
        }
        return indices;
    }

    /** The instruction that gives a value at an index. */
    private int lower(Value value, List<Linear> at) {
        Integer known = lowered.get(new Key(value, at));
        if (known == null) {
            known = make(value, at);
            lowered.put(new Key(value, at), known);
        }
        return known;
    }

    private int make(Value value, List<Linear> at) {
        Value source = value.source();
        if (!source.isFree() && !inside.test(source)) {
            return load(value, at);
        }
        List<Linear> index = at;
        for (Value movement : value.movements().reversed()) {
            index = moved(movement, index);
        }
        return source == value ? compute(value, at) : lower(source, index);
    }

    /** Loads from as far along its movements as strides describe; the rest is index arithmetic. */
    private int load(Value value, List<Linear> at) {
        Value source = value.source();
        Strided place = Layouts.view(source);
        List<Value> movements = value.movements();
        int described = 0;
        while (described < movements.size()) {
            Strided next = place.through(movements.get(described));
            if (next == null) {
                break;
            }
            place = next;
            described++;
        }
        List<Linear> index = at;
        for (Value movement : movements.subList(described, movements.size()).reversed()) {
            index = moved(movement, index);
        }
        loaded.accept(source);
        return body.load(buffers.applyAsInt(place.owner()), address(place, index), value.dtype);
    }

    private int compute(Value value, List<Linear> at) {
        return switch (value.op) {
            case Op.Constant constant -> body.constant(constant.value(), value.dtype);
            case Op.Iota iota -> body.index(at.get(iota.axis()));
            case Op.RandomUniform uniform ->
                body.uniform(
                        lower(value.operand(0), List.of(Linear.constant(0, domain.axes()))),
                        lower(value.operand(0), List.of(Linear.constant(1, domain.axes()))),
                        uniform.stream(),
                        body.index(number(value.shape, at)));
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
    private List<Linear> moved(Value movement, List<Linear> at) {
        return switch (movement.op) {
            case Op.Reshape _ -> reshaped(movement, at);
            case Op.Broadcast _ -> collapsed(movement.operand(0).shape, at);
            case Op.Transpose transpose -> {
                Linear[] moved = new Linear[at.size()];
                for (int i = 0; i < moved.length; i++) {
                    moved[transpose.permutation().get(i)] = at.get(i);
                }
                yield List.of(moved);
            }
            case Op.Slice slice -> {
                List<Linear> moved = new ArrayList<>();
                for (int i = 0; i < at.size(); i++) {
                    moved.add(at.get(i).plus(slice.starts().get(i)));
                }
                yield moved;
            }
            default -> throw new IllegalStateException(movement + " moves nothing");
        };
    }

    private int operand(Value value, int position, List<Linear> at) {
        return lower(value.operand(position), at);
    }

    /** The reduced operand at the row of an index: reduced axes run over the inner axes of the domain. */
    private int reduced(Value value, List<Linear> at) {
        if (!value.isRowReduction() || at.stream().anyMatch(index -> index.variesFrom(domain.outer()))) {
            throw new NotLinear(value, 0);
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
            throw new NotLinear(value, 0);
        }
        List<Linear> all = new ArrayList<>(at);
        all.addAll(indices(domain.number(domain.outer(), domain.axes()), Shape.of(inner), value));
        return lower(value.operand(0), all);
    }

    private List<Linear> reshaped(Value value, List<Linear> at) {
        return indices(number(value.shape, at), value.operand(0).shape, value);
    }

    private List<Linear> collapsed(Shape operand, List<Linear> at) {
        List<Linear> collapsed = new ArrayList<>();
        for (int i = 0; i < at.size(); i++) {
            collapsed.add(operand.extent(i) == 1 ? Linear.constant(0, domain.axes()) : at.get(i));
        }
        return collapsed;
    }

    private Linear number(Shape shape, List<Linear> at) {
        return combine(0, shape.strides(), at);
    }

    private Linear address(Strided place, List<Linear> at) {
        return combine(place.offset(), place.strides(), at);
    }

    private Linear combine(int offset, int[] strides, List<Linear> at) {
        Linear sum = Linear.constant(offset, domain.axes());
        for (int i = 0; i < strides.length; i++) {
            sum = sum.plus(at.get(i), strides[i]);
        }
        return sum;
    }
}
