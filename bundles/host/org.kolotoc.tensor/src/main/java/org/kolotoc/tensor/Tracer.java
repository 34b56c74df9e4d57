package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.stream.Collectors;

/**
 * Records a tensor program. Hands out leaves, remembers every node, shares equal ones, and at the end keeps what the
 * outputs and updates need. Not thread-safe; a trace is made once, on one thread, and ends with a
 * {@link CancellationException} when that is interrupted.
 */
public final class Tracer {
    private record Key(Op op, List<Integer> operands, Shape shape, DType dtype) {}

    /** Leaves the scope it was opened for. */
    @FunctionalInterface
    public interface Scope extends AutoCloseable {
        @Override
        void close();
    }

    private final List<Tensor> nodes = new ArrayList<>();
    private final Map<Key, Tensor> known = new HashMap<>();
    private final Map<String, Tensor> inputs = new LinkedHashMap<>();
    private final Map<String, Tensor> outputs = new LinkedHashMap<>();
    private final Map<String, Tensor> updates = new LinkedHashMap<>();
    /** The segment of each node; 0 is none. */
    private final List<Integer> segmentOf = new ArrayList<>();
    /** Numbers of the nodes that depend on no input. */
    private final BitSet constants = new BitSet();

    private final List<Derivative> derivatives = new ArrayList<>();

    private String layer = "";
    /** Where the nodes that are appended come from; null when from the caller. */
    private Origin origin;

    private Op.Precision precision = Op.Precision.F32;
    private int segment;
    private int segments;
    private int streams;

    /** A leaf bound anew for every use of the program: a batch, a learning rate, a random key. */
    public Tensor feed(String name, DType dtype, Shape shape) {
        return input(new Op.Input(name, false), dtype, shape);
    }

    /** A leaf that lives on between runs: a weight, a moment of an optimiser, a cache. */
    public Tensor state(String name, DType dtype, Shape shape) {
        return input(new Op.Input(name, true), dtype, shape);
    }

    /** An {@code f32} scalar. */
    public Tensor constant(double value) {
        return constant(value, DType.F32);
    }

    /** A scalar of one type. */
    public Tensor constant(double value, DType dtype) {
        return constant(value, dtype, Shape.scalar());
    }

    /**
     * A tensor of one value.
     *
     * @throws ShapeError when the type has no such value, see {@link DType#has}
     */
    public Tensor constant(double value, DType dtype, Shape shape) {
        return node(new Op.Constant(element("constant", value, dtype)), List.of(), shape, dtype);
    }

    /**
     * An {@code f32} tensor of given elements: a table, a filter, the points of a grid. They are part of the program, which is
     * listed with their hash; a backend keeps them beside its code, however many they are. No gradient flows into them.
     *
     * @param values in row-major order; copied
     * @throws ShapeError when they are more or fewer than the shape has
     */
    public Tensor constant(float[] values, Shape shape) {
        return literal(Elements.of(values), shape);
    }

    /** The same of {@code i32}. */
    public Tensor constant(int[] values, Shape shape) {
        return literal(Elements.of(values), shape);
    }

    private Tensor literal(Elements elements, Shape shape) {
        if (elements.size() != shape.size()) {
            throw error(
                    "constant: " + elements.size() + " elements are not the " + shape.size() + " of shape " + shape);
        }
        return elements.areEqual()
                ? constant(shape.size() == 0 ? 0 : elements.at(0), elements.dtype(), shape)
                : node(new Op.Literal(elements), List.of(), shape, elements.dtype());
    }

    /** A number as an element; whole ones know no negative zero. */
    double element(String operation, double value, DType dtype) {
        if (!dtype.has(value)) {
            throw error(operation + ": " + value + " is no " + dtype.label() + ", which is "
                    + switch (dtype) {
                        case F32 -> "at most " + Float.MAX_VALUE + ", or infinite on purpose";
                        case I32 -> "a whole number from " + Integer.MIN_VALUE + " to " + Integer.MAX_VALUE;
                        case BOOL -> "0 or 1";
                    });
        }
        return dtype == DType.F32 ? value : value + 0.0;
    }

    /** {@code i32} indices along one axis. */
    public Tensor iota(Shape shape, int axis) {
        return node(new Op.Iota(axis("iota", shape, axis)), List.of(), shape, DType.I32);
    }

    /**
     * Uniform {@code f32} numbers in [0, 1) from a stream of this trace that no other call gets.
     *
     * @param key {@code i32 [2]}: seed and step
     */
    public Tensor uniform(Tensor key, Shape shape) {
        return uniform(key, shape, streams++);
    }

    /** Uniform {@code f32} numbers in [0, 1) from a stream of the caller's choice. */
    public Tensor uniform(Tensor key, Shape shape, int stream) {
        return random(new Op.RandomUniform(stream), key, shape);
    }

    /**
     * Standard normal {@code f32} numbers from a stream of this trace that no other call gets.
     *
     * @param key {@code i32 [2]}: seed and step
     */
    public Tensor normal(Tensor key, Shape shape) {
        return normal(key, shape, streams++);
    }

    /** Standard normal {@code f32} numbers from a stream of the caller's choice; those of {@link #uniform} are the same. */
    public Tensor normal(Tensor key, Shape shape, int stream) {
        return random(new Op.RandomNormal(stream), key, shape);
    }

    private Tensor random(Op op, Tensor key, Shape shape) {
        if (key.dtype() != DType.I32 || !key.shape().equals(Shape.of(2))) {
            throw error(op.label() + ": the key is i32 [2], got " + key.dtype().label() + " " + key.shape());
        }
        return node(op, List.of(key), shape, DType.F32);
    }

    /** Names the layer that the nodes appended until {@code close} belong to; scopes nest with dots. */
    public Scope scope(String name) {
        String outer = layer;
        layer = outer.isEmpty() ? name : outer + "." + name;
        return () -> layer = outer;
    }

    /**
     * A scope that is also a segment: a part of the computation whose values the backward pass may compute again from
     * what enters it, see {@link Gradients#rematerializing}. A segment within another belongs to that.
     */
    public Scope segment(String name) {
        Scope scope = scope(name);
        if (segment > 0) {
            return scope;
        }
        segment = ++segments;
        return () -> {
            segment = 0;
            scope.close();
        };
    }

    /** A trace for the body of a scan, with the scope, the precision and the free streams of this one. */
    Tracer inner() {
        Tracer inner = new Tracer();
        inner.layer = layer;
        inner.precision = precision;
        inner.streams = streams;
        return inner;
    }

    /** Streams that the body of a scan got are not handed out again. */
    void follow(Tracer inner) {
        streams = inner.streams;
    }

    /** Forms the products that are traced until {@code close}, and their gradients, in a precision; F32 without it. */
    public Scope products(Op.Precision wanted) {
        Op.Precision outer = precision;
        precision = wanted;
        return () -> precision = outer;
    }

    Op.Precision precision() {
        return precision;
    }

    /** How many segments were opened. */
    public int segments() {
        return segments;
    }

    /** The number of the segment in which a node was made; 0 if in none. */
    int segmentOf(Tensor node) {
        return segmentOf.get(node.id());
    }

    /** Whether a node depends on no input. */
    boolean isConstant(Tensor node) {
        return constants.get(node.id());
    }

    /** A scope beside the one a node was made in: {@code block0.mlp} becomes {@code block0.mlp.gradient}. */
    Scope scopeOf(Origin node, String name) {
        String outer = layer;
        String of = node.layer();
        boolean inside = of.equals(name) || of.endsWith("." + name);
        layer = inside ? of : of.isEmpty() ? name : of + "." + name;
        return () -> layer = outer;
    }

    /** Nodes appended until {@code close} come from where another one does. */
    Scope at(Origin other) {
        origin = other;
        return () -> origin = null;
    }

    /**
     * The node of another trace with operands of this one, for programs that are made of programs. An input keeps its name.
     *
     * @throws ShapeError when the operation does not take these operands
     */
    public Tensor copy(Tensor node, List<Tensor> operands) {
        operands.forEach(this::own);
        return switch (node.op()) {
            case Op.Input input -> input(input, node.dtype(), node.shape());
            case Op.Constant _, Op.Literal _, Op.Iota _, Op.RandomUniform _, Op.RandomNormal _ ->
                node(node.op(), operands, node.shape(), node.dtype());
            default -> append(node.op(), operands);
        };
    }

    /** Makes a value readable after each run. */
    public void output(String name, Tensor value) {
        own(value);
        if (outputs.putIfAbsent(name, value) != null || inputs.containsKey(name)) {
            throw error("output '" + name + "': the program has that name already");
        }
    }

    /** Makes a value the new content of a state at the end of each run; every reader in the program sees the old one. */
    public void update(Tensor state, Tensor value) {
        own(value);
        Op.Input input = stateOf("update", state);
        if (!state.shape().equals(value.shape()) || state.dtype() != value.dtype()) {
            throw error("update of state '" + input.name() + "': holds "
                    + state.dtype().label() + " " + state.shape() + ", got "
                    + value.dtype().label() + " " + value.shape());
        }
        if (updates.putIfAbsent(input.name(), value) != null) {
            throw error("update of state '" + input.name() + "': it is updated already");
        }
    }

    /**
     * The value that a state will have after each run, as far as was said until now: what {@link #update} made it, or the
     * state itself. So a moving average follows weights in the program that changes them.
     */
    public Tensor next(Tensor state) {
        return updates.getOrDefault(stateOf("next", state).name(), state);
    }

    void derived(Derivative derivative) {
        derivatives.add(derivative);
    }

    /** What {@link Gradients} made so far, in that order: which node is a derivative of what, by what. */
    public List<Derivative> derivatives() {
        return List.copyOf(derivatives);
    }

    /** The program of what was traced: the nodes that outputs and updates need, in order. */
    public Program program() {
        return Program.of(nodes, inputs, outputs, updates);
    }

    private Op.Input stateOf(String operation, Tensor tensor) {
        own(tensor);
        if (tensor.op() instanceof Op.Input input && input.state()) {
            return input;
        }
        throw error(operation + ": " + tensor + " is not a state");
    }

    Tensor append(Op op, List<Tensor> operands) {
        operands.forEach(this::own);
        Shape shape = ShapeRules.shape(op, operands, this);
        return node(op, operands, shape, ShapeRules.dtype(op, operands, this));
    }

    /** The shape that an operation gives. */
    Shape shape(String operation, List<Shape> operands, long... extents) {
        return Shape.fitting(extents)
                .orElseThrow(() -> error(operation + ": "
                        + operands.stream().map(Shape::toString).collect(Collectors.joining(" and ")) + " give "
                        + Arrays.toString(extents)
                        + (Arrays.stream(extents).anyMatch(extent -> extent < 0)
                                ? ", which has a negative extent"
                                : ", more than 2^31-1 elements, the most of a tensor; a smaller batch, context or model"
                                        + " has fewer")));
    }

    /** An axis of an operand, counted from the front. */
    int axis(String operation, Shape operand, int axis) {
        if (axis < -operand.rank() || axis >= operand.rank()) {
            throw error(operation + ": axis " + axis + " does not exist in shape " + operand);
        }
        return operand.axis(axis);
    }

    /** What can't be, with where it was asked for. */
    ShapeError error(String message) {
        return new ShapeError(message + (origin == null ? Origin.here(layer) : origin).suffix());
    }

    private Tensor input(Op.Input op, DType dtype, Shape shape) {
        Tensor known = inputs.get(op.name());
        if (known != null) {
            if (!known.op().equals(op)
                    || known.dtype() != dtype
                    || !known.shape().equals(shape)) {
                throw error("input '" + op.name() + "': first " + known.dtype().label() + " " + known.shape() + ", now "
                        + dtype.label() + " " + shape);
            }
            return known;
        }
        if (outputs.containsKey(op.name())) {
            throw error("input '" + op.name() + "': the program has an output of that name already");
        }
        Tensor input = node(op, List.of(), shape, dtype);
        inputs.put(op.name(), input);
        return input;
    }

    private void own(Tensor tensor) {
        if (tensor.tracer() != this) {
            throw error(tensor + " belongs to another trace; the body of a scan takes it by capture");
        }
    }

    private Tensor node(Op op, List<Tensor> operands, Shape shape, DType dtype) {
        Key key = new Key(op, operands.stream().map(Tensor::id).toList(), shape, dtype);
        Tensor node = known.get(key);
        if (node == null) {
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("tracing was interrupted at operation " + nodes.size()
                        + (origin == null ? Origin.here(layer) : origin).suffix());
            }
            Origin from = origin == null ? Origin.here(layer) : origin;
            node = new Tensor(this, nodes.size(), op, operands, shape, dtype, from);
            nodes.add(node);
            segmentOf.add(segment);
            constants.set(
                    node.id(), !(op instanceof Op.Input) && operands.stream().allMatch(this::isConstant));
            known.put(key, node);
        }
        return node;
    }
}
