package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.tensor.Op;

/**
 * Decides where values lie that something other than a fused kernel reads or writes, and puts copies where no strides
 * describe what is wanted.
 *
 * <p>A matrix product writes its heads straight into the order in which they are read, and the parts of a
 * concatenation are written where they belong, so neither costs a pass over memory.
 */
final class LayoutAssignment {
    /** Values in order of execution. */
    final List<Value> order = new ArrayList<>();
    /** Which value is written to the buffer of an updated state, by the state's name. */
    final Map<String, Value> writers = new LinkedHashMap<>();

    private final Graph graph;
    private final Set<Edge> hardened;
    private final Map<Value, List<Value>> users = new HashMap<>();
    private final CongruenceClasses<Value> likeness;
    /** Copies for attention, convolution and loops, shared by their parts. */
    private final Map<Value, Value> rowCopies = new HashMap<>();

    /** An operand that index arithmetic could not follow; it is copied. */
    record Edge(int user, int operand) {}

    LayoutAssignment(Graph graph, Set<Edge> hardened) {
        this.graph = graph;
        this.hardened = hardened;
        for (Value value : graph.values) {
            value.operands.forEach(operand ->
                    users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(value));
        }
        this.likeness = new CongruenceClasses<>(
                graph.values,
                value -> List.of(value.op, value.shape, value.dtype),
                value -> value.operands,
                Value::held,
                value -> value.segment);
        arrangeProducts();
        for (Value value : List.copyOf(graph.values)) {
            for (int i = 0; i < value.operands.size(); i++) {
                if (hardened.contains(new Edge(value.number, i))) {
                    value.operands.set(i, copy(value.operand(i)));
                }
            }
            prepare(value);
            order.add(value);
        }
        graph.outputs.forEach((name, value) -> claim(name, value));
        graph.updates.forEach(this::update);
        dropUnused();
        for (int i = 0; i < order.size(); i++) {
            order.get(i).id = i;
        }
        order.forEach(value -> value.operands.forEach(operand -> operand.users.add(value)));
    }

    /** The strides of a value inside the buffer of its source, or null when there are none. */
    static StridedView view(Value value) {
        Value source = value.source();
        StridedView view = source.placement != null ? source.placement : StridedView.dense(source);
        for (Value movement : value.movements()) {
            view = view == null ? null : view.through(movement);
        }
        return view;
    }

    /** A product that is only read in another order of its axes is written in that order, if its rows or columns are dense. */
    private void arrangeProducts() {
        for (Value value : graph.values) {
            if (value.isOfMatrices() && isReadOnce(value) && users.get(value).getFirst().op instanceof Op.Transpose) {
                Value reader = users.get(value).getFirst();
                StridedView place = new StridedView(value, 0, reader.shape.strides()).before(reader);
                if (takes(value, place)) {
                    value.placement = place;
                }
            }
        }
    }

    private boolean isReadOnce(Value value) {
        return users.getOrDefault(value, List.of()).size() == 1 && likeness.isReadOnce(value);
    }

    private void prepare(Value value) {
        switch (value.op) {
            case Op.MatMul _ -> {
                for (int i = 0; i < 2; i++) {
                    if (!isMatrix(value.operand(i))) {
                        value.operands.set(i, copy(value.operand(i)));
                    }
                    value.operand(i).source().stored = true;
                }
                if (value.operands.size() > 2) {
                    value.operands.set(2, dense(value.operand(2)));
                }
                value.stored = true;
            }
            case Op.Attention _, Op.AttentionGradient _ -> {
                for (int i = 0; i < value.operands.size(); i++) {
                    // The numbers of a mask are i32 of one axis.
                    boolean readable =
                            value.operand(i).shape.rank() == 1 ? isDense(value.operand(i)) : hasRows(value.operand(i));
                    if (!readable) {
                        value.operands.set(i, rowCopies.computeIfAbsent(value.operand(i), this::copy));
                    }
                    value.operand(i).source().stored = true;
                }
                value.stored = true;
            }
            case Op.Conv2d _, Op.Conv2dInputGradient _, Op.Conv2dWeightGradient _ -> {
                for (int i = 0; i < 2; i++) {
                    Value operand = value.operand(i);
                    boolean weights = i == 1 && !(value.op instanceof Op.Conv2dWeightGradient);
                    if (weights ? !isDense(operand) : !hasImages(operand)) {
                        value.operands.set(i, rowCopies.computeIfAbsent(operand, this::copy));
                    }
                    value.operand(i).source().stored = true;
                }
                value.stored = true;
            }
            case Op.Gather _,
                    Op.ScatterAdd _,
                    Op.DynamicSlice _,
                    Op.GatherAlong _,
                    Op.ScatterAddAlong _,
                    Op.CumulativeSum _,
                    Op.ArgSort _ -> {
                for (int i = 0; i < Math.min(2, value.operands.size()); i++) {
                    value.operands.set(i, dense(value.operand(i)));
                }
                value.stored = true;
                if (value.operands.size() > 2) {
                    addInPlace(value);
                }
            }
            case Op.Scan _ -> {
                for (int i = 0; i < value.operands.size(); i++) {
                    Value operand = value.operand(i);
                    if (!isDense(operand)) {
                        value.operands.set(i, rowCopies.computeIfAbsent(operand, this::copy));
                    }
                    value.operand(i).source().stored = true;
                }
                value.stored = true;
            }
            case Op.DynamicUpdate _ -> {
                value.operands.set(1, dense(value.operand(1)));
                value.operands.set(2, dense(value.operand(2)));
                updateInPlace(value);
            }
            case Op.Concat concat -> {
                int at = 0;
                int[] strides = value.shape.strides();
                for (int i = 0; i < value.operands.size(); i++) {
                    Value part = value.operand(i);
                    StridedView place = new StridedView(value, at * strides[concat.axis()], strides);
                    at += part.shape.extent(concat.axis());
                    if (!place(part, place)) {
                        Value copy = copy(part);
                        copy.placement = place;
                        value.operands.set(i, copy);
                    }
                }
                value.stored = true;
            }
            default -> {}
        }
    }

    /** Lets a computed value that nobody else reads be written right where a part of a concatenation belongs. */
    private boolean place(Value part, StridedView place) {
        Value value = part;
        StridedView target = place;
        while (value.isMovement() && isReadOnce(value)) {
            target = target.before(value);
            value = value.operand(0);
            if (target == null) {
                return false;
            }
        }
        boolean free = value.placement == null || value.placement.owner() == value;
        boolean whole = value.isOfMatrices() || value.isOfImages();
        boolean written = whole || value.isFusible() && !(value.op instanceof Op.Reduce);
        if (!written || !free || value.bound != null || !isReadOnce(value)) {
            return false;
        }
        if (whole && !takes(value, target)) {
            return false;
        }
        value.placement = target;
        value.stored = true;
        return true;
    }

    /**
     * Whether a product, an attention or a convolution can be written there: rows have to be contiguous, or a product's
     * columns, or an image.
     */
    private static boolean takes(Value value, StridedView place) {
        if (value.isOfImages()) {
            return place.hasImages(value.shape);
        }
        int rank = value.shape.rank();
        return place.strides()[rank - 1] == 1
                || value.op instanceof Op.MatMul && value.operands.size() == 2 && place.strides()[rank - 2] == 1;
    }

    /** The last two axes as a matrix that a product can read: one of them must be contiguous. */
    private boolean isMatrix(Value value) {
        StridedView view = view(value);
        if (view == null || value.source().isFree()) {
            return false;
        }
        int rows = value.shape.extent(-2);
        int columns = value.shape.extent(-1);
        int row = view.strides()[value.shape.rank() - 2];
        int column = view.strides()[value.shape.rank() - 1];
        boolean byRows = (column == 1 || columns == 1) && (row >= columns || rows == 1);
        boolean byColumns = (row == 1 || rows == 1) && (column >= rows || columns == 1);
        return byRows || byColumns;
    }

    /** Whether the last axis is contiguous, and rows don't overlap. */
    private static boolean hasRows(Value value) {
        StridedView view = view(value);
        if (view == null || value.source().isFree()) {
            return false;
        }
        int columns = value.shape.extent(-1);
        int row = view.strides()[value.shape.rank() - 2];
        int column = view.strides()[value.shape.rank() - 1];
        return (column == 1 || columns == 1) && (row >= columns || value.shape.extent(-2) == 1);
    }

    /** Whether images are dense one by one, and don't overlap. */
    private static boolean hasImages(Value value) {
        StridedView view = view(value);
        return view != null && !value.source().isFree() && view.hasImages(value.shape);
    }

    private void updateInPlace(Value update) {
        Value target = update.operand(0);
        boolean ownState = target.op instanceof Op.Input input
                && graph.updates.get(input.name()) == update
                && users.get(target).size() == 1;
        if (!ownState) {
            target = copy(target);
            update.operands.set(0, target);
        }
        update.placement = StridedView.dense(target);
        target.stored = true;
        update.stored = true;
    }

    /** Lets a scatter add to the product it is added to anyway; nobody else reads that. */
    private void addInPlace(Value scatter) {
        StridedView base = view(scatter.operand(2));
        if (base == null || base.owner() != scatter.operand(2).source() || !base.isDense(scatter.shape)) {
            scatter.operands.set(2, copy(scatter.operand(2)));
            base = view(scatter.operand(2));
        }
        base.owner().stored = true;
        scatter.placement = new StridedView(base.owner(), 0, scatter.shape.strides());
    }

    private Value dense(Value value) {
        if (!isDense(value)) {
            return copy(value);
        }
        value.source().stored = true;
        return value;
    }

    private static boolean isDense(Value value) {
        StridedView view = view(value);
        return !value.source().isFree() && view != null && view.isDense(value.shape);
    }

    private Value copy(Value value) {
        Value copy = Value.copyOf(value);
        copy.stored = true;
        order.add(copy);
        return copy;
    }

    /** Makes a value be written to the buffer of an output or updated state; by a copy when it lies elsewhere already. */
    private Value claim(String name, Value value) {
        Value source = value.source();
        StridedView view = view(value);
        boolean whole = view != null && view.owner() == source && view.isDense(value.shape);
        if (!whole || source.isGiven() || source.isFree() || source.bound != null) {
            source = copy(value);
        }
        source.stored = true;
        source.bound = name;
        return source;
    }

    private void update(String name, Value value) {
        boolean inPlace =
                value.op instanceof Op.DynamicUpdate && value.operand(0).isInput();
        if (!inPlace) {
            // All results of a loop are written at once, when the old content of the state may still be read.
            boolean looped = value.source().op instanceof Op.Scan;
            writers.put(name, claim(name, looped ? copy(value) : value));
        }
    }

    private void dropUnused() {
        Set<Value> live = new HashSet<>();
        for (Value value : order.reversed()) {
            boolean root = value.bound != null
                    || value.op instanceof Op.DynamicUpdate && value.operand(0).isInput()
                    || value.isInput();
            if (root || live.contains(value)) {
                live.add(value);
                live.addAll(value.operands);
                if (value.after != null) {
                    live.add(value.after);
                }
            }
        }
        order.retainAll(live);
    }
}
