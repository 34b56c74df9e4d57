package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What the results of a scan send back to its operands: a scan the other way round, whose body is the derivative of the
 * body, and whose carries are the cotangents of the carries.
 *
 * <p>The cotangent of what all steps share is a sum over them. Where a step's part of it is a product, as of every weight,
 * the sum is one product over all steps, behind the loop; else it is a carry.
 */
final class ScanGradient {
    private final Loop loop;
    private final List<Tensor> operands;
    private final Tracer trace;
    private final boolean recomputing;
    /** The derivative of one step; what a step is given, and the cotangents, are feeds of it. */
    private final Tracer draft;

    private final List<Tensor> inputs;
    private final Map<Tensor, Tensor> copies;
    private final Map<Tensor, Tensor> originals = new HashMap<>();
    /** What is known of each step: nodes of the draft, and where they are stacked. */
    private final Map<Tensor, Tensor> known = new LinkedHashMap<>();
    /** Feeds of the draft that are cotangents of carries. */
    private final List<Tensor> carried = new ArrayList<>();
    /** What the carries of the loop back begin with. */
    private final List<Tensor> initial = new ArrayList<>();
    /** Nodes of the draft that the loop back stacks. */
    private final List<Tensor> outputs = new ArrayList<>();

    /** Nodes of the draft whose products are summed behind it. */
    private final Set<Tensor> factors = new HashSet<>();

    private Scan.Results results;

    private ScanGradient(Loop loop, List<Tensor> operands, boolean recomputing) {
        this.loop = loop;
        this.operands = operands;
        this.trace = operands.getFirst().tracer();
        this.recomputing = recomputing;
        this.draft = trace.inner();
        this.inputs = loop.inputs().stream()
                .map(input -> draft.feed(((Op.Input) input.op()).name(), input.dtype(), input.shape()))
                .toList();
        this.copies = loop.step(draft, inputs);
        copies.forEach((original, copy) -> originals.putIfAbsent(copy, original));
    }

    /**
     * Sends.
     *
     * @param cotangents of results of one loop over the same operands
     * @param wanted operands that the gradient is to reach
     * @param recomputing whether a step is made again from its carries, and nothing else of it kept
     */
    static void send(
            Map<Tensor, Tensor> cotangents, Predicate<Tensor> wanted, boolean recomputing, GradientRules.Sink sink) {
        Tensor any = cotangents.keySet().iterator().next();
        new ScanGradient(((Op.Scan) any.op()).loop(), any.operands(), recomputing).send(cotangents, wanted, sink);
    }

    private void send(Map<Tensor, Tensor> cotangents, Predicate<Tensor> wanted, GradientRules.Sink sink) {
        List<Integer> carries =
                IntStream.range(0, loop.carries()).boxed().filter(this::isFloat).toList();
        List<Integer> others = IntStream.range(loop.carries(), operands.size())
                .boxed()
                .filter(i -> isFloat(i) && wanted.test(operands.get(i)))
                .toList();
        List<Integer> cut = others.stream().filter(loop::isSequence).toList();
        Map<Integer, Tensor> derivatives = derivatives(carries, others, cotangents);
        cut.forEach(i -> outputs.add(derivatives.get(i)));
        List<Integer> shared = others.stream().filter(i -> !loop.isSequence(i)).toList();
        shared.forEach(i -> stackFactors(derivatives.get(i)));
        List<Integer> summed = shared.stream()
                .filter(i -> !isSumOfProducts(derivatives.get(i)))
                .toList();
        summed.forEach(i -> initial.add(zeros(i)));
        results = scan(Stream.concat(carries.stream(), summed.stream())
                .map(derivatives::get)
                .toList());
        for (int i = 0; i < carries.size(); i++) {
            sink.send(operands.get(carries.get(i)), results.carries().get(i));
        }
        for (int i = 0; i < cut.size(); i++) {
            sink.send(operands.get(cut.get(i)), results.outputs().get(i));
        }
        for (int i : shared) {
            int carry = summed.indexOf(i);
            sink.send(
                    operands.get(i),
                    carry < 0 ? sum(derivatives.get(i)) : results.carries().get(carries.size() + carry));
        }
    }

    /** Of a step, by the input: of all results and of the next carries, whose cotangents become feeds. */
    private Map<Integer, Tensor> derivatives(
            List<Integer> carries, List<Integer> others, Map<Tensor, Tensor> cotangents) {
        List<Tensor> values = new ArrayList<>();
        for (int carry : carries) {
            values.add(copies.get(loop.next(carry)));
            carried.add(draft.feed(
                    "cotangent of carry " + carry, DType.F32, inputs.get(carry).shape()));
            initial.add(zeros(carry));
        }
        List<Tensor> sent = new ArrayList<>(carried);
        cotangents.forEach((result, cotangent) -> {
            switch (((Op.Scan) result.op()).part()) {
                case Loop.Part.Final last -> initial.set(carries.indexOf(last.carry()), cotangent);
                case Loop.Part.Stacked stacked -> {
                    Tensor value = copies.get(stacked.value());
                    Tensor feed = draft.feed("cotangent of result " + known.size(), DType.F32, value.shape());
                    known.put(feed, cotangent);
                    values.add(value);
                    sent.add(feed);
                }
            }
        });
        List<Integer> by = Stream.concat(carries.stream(), others.stream()).toList();
        List<Tensor> made =
                Gradients.vjp(values, sent, by.stream().map(inputs::get).toList(), recomputing);
        Map<Integer, Tensor> derivatives = new LinkedHashMap<>();
        for (int i = 0; i < made.size(); i++) {
            derivatives.put(by.get(i), made.get(i));
        }
        return derivatives;
    }

    private Tensor zeros(int input) {
        return trace.constant(0, DType.F32, inputs.get(input).shape());
    }

    private boolean isFloat(int operand) {
        return operands.get(operand).dtype() == DType.F32;
    }

    /** The loop back, of what each step gives to its carries: cotangents, and then sums, which add it up. */
    private Scan.Results scan(List<Tensor> next) {
        Set<Tensor> computed = new TreeSet<>(Comparator.comparingInt(Tensor::id));
        List<Tensor> read = read(Stream.concat(next.stream(), outputs.stream()).toList(), computed);
        List<Tensor> sequences = read.stream().map(this::stacked).toList();
        return Scan.of(initial, sequences, loop.steps(), !loop.reversed(), step -> {
            Map<Tensor, Tensor> made = new HashMap<>();
            for (int i = 0; i < carried.size(); i++) {
                made.put(carried.get(i), step.carry(i));
            }
            for (int i = 0; i < read.size(); i++) {
                made.put(read.get(i), step.input(i));
            }
            for (Tensor node : computed) {
                try (Tracer.Scope _ = step.tracer().at(node.origin())) {
                    made.put(
                            node,
                            inputs.contains(node)
                                    ? step.capture(operands.get(inputs.indexOf(node)))
                                    : step.tracer()
                                            .copy(
                                                    node,
                                                    node.operands().stream()
                                                            .map(made::get)
                                                            .toList()));
                }
            }
            List<Tensor> carries = new ArrayList<>();
            for (int i = 0; i < next.size(); i++) {
                Tensor value = made.get(next.get(i));
                carries.add(i < carried.size() ? value : step.carry(i).add(value));
            }
            return new Scan.Next(carries, outputs.stream().map(made::get).toList());
        });
    }

    /**
     * What is read of other loops to compute values.
     *
     * @param computed gets all other nodes that have to be there, but for the carries
     */
    private List<Tensor> read(List<Tensor> values, Set<Tensor> computed) {
        TreeSet<Tensor> open = new TreeSet<>(Comparator.comparingInt(Tensor::id));
        List<Tensor> read = new ArrayList<>();
        open.addAll(values);
        while (!open.isEmpty()) {
            Tensor node = open.pollLast();
            if (isKnown(node)) {
                read.add(node);
            } else if (!carried.contains(node)) {
                computed.add(node);
                open.addAll(node.operands());
            }
        }
        return read;
    }

    /** Whether a value of each step is there: cut from a sequence, or kept by a loop. */
    private boolean isKnown(Tensor node) {
        int input = inputs.indexOf(node);
        return known.containsKey(node)
                || input >= 0 && input < loop.carries() + loop.sequences()
                || input < 0
                        && !recomputing
                        && originals.containsKey(node)
                        && !draft.isConstant(node)
                        && isDear(node.op());
    }

    /** What is known of each step, put together over time. */
    private Tensor stacked(Tensor node) {
        return known.computeIfAbsent(
                node,
                _ -> loop.isSequence(inputs.indexOf(node))
                        ? operands.get(inputs.indexOf(node))
                        : trace.append(new Op.Scan(loop, new Loop.Part.Stacked(originals.get(node))), operands));
    }

    /** Whether an operation is worth keeping its value; others are done again, as part of the kernels that need it. */
    private static boolean isDear(Op op) {
        return switch (op) {
            case Op.Unary _,
                    Op.Binary _,
                    Op.Compare _,
                    Op.Select _,
                    Op.Cast _,
                    Op.Broadcast _,
                    Op.Reshape _,
                    Op.Transpose _,
                    Op.Slice _,
                    Op.Pad _,
                    Op.Concat _,
                    Op.StopGradient _,
                    Op.OptimizationBarrier _ -> false;
            default -> true;
        };
    }

    /** Sees to it that the factors of products are stacked, whose sum over steps is one product. */
    private void stackFactors(Tensor derivative) {
        boolean moved = derivative.op() instanceof Op.Transpose || derivative.op() instanceof Op.Reshape;
        if (isSum(derivative) || moved) {
            derivative.operands().forEach(this::stackFactors);
        } else if (isProduct(derivative)) {
            for (Tensor factor : List.of(derivative.operand(0).operand(0), derivative.operand(1))) {
                if (factors.add(factor) && !isKnown(factor) && !outputs.contains(factor)) {
                    outputs.add(factor);
                }
            }
        }
    }

    private static boolean isSum(Tensor node) {
        return node.op() instanceof Op.Binary binary && binary.kind() == Op.BinaryKind.ADD;
    }

    /** Of a turned matrix with another one, both of the step. */
    private boolean isProduct(Tensor node) {
        return node.op() instanceof Op.MatMul
                && node.shape().rank() == 2
                && node.operand(0).op() instanceof Op.Transpose
                && isOfStep(node.operand(0).operand(0))
                && isOfStep(node.operand(1));
    }

    /** Whether it is not one of those that all steps share. */
    private boolean isOfStep(Tensor node) {
        return isKnown(node) || !inputs.contains(node);
    }

    /** Whether a sum over steps can be formed behind the loop, of what is stacked whether steps are made again or not. */
    private boolean isSumOfProducts(Tensor node) {
        return switch (node.op()) {
            case Op.Binary _ -> isSum(node) && node.operands().stream().allMatch(this::isSumOfProducts);
            case Op.MatMul _ -> isProduct(node);
            case Op.Reshape _ -> isSumOfProducts(node.operand(0));
            case Op.Transpose _ -> node.shape().rank() == 2 && isSumOfProducts(node.operand(0));
            case Op.Reduce reduce -> reduce.kind() == Op.ReduceKind.SUM && factors.contains(node.operand(0));
            default -> false;
        };
    }

    /** The sum of a node over all steps. */
    private Tensor sum(Tensor node) {
        return switch (node.op()) {
            case Op.Binary _ -> sum(node.operand(0)).add(sum(node.operand(1)));
            case Op.Reshape reshape -> sum(node.operand(0)).reshape(reshape.shape());
            case Op.Transpose _ -> sum(node.operand(0)).matrixTranspose();
            case Op.Reduce reduce ->
                allSteps(node.operand(0))
                        .sum(IntStream.concat(
                                        IntStream.of(0), reduce.axes().stream().mapToInt(axis -> axis + 1))
                                .toArray());
            case Op.MatMul product -> {
                try (Tracer.Scope _ = trace.products(product.precision())) {
                    yield rows(node.operand(0).operand(0)).matrixTranspose().matmul(rows(node.operand(1)));
                }
            }
            default -> throw new IllegalStateException("no sum over steps of " + node);
        };
    }

    private Tensor allSteps(Tensor node) {
        int output = outputs.indexOf(node);
        return output < 0 ? stacked(node) : results.outputs().get(output);
    }

    /** The rows of a matrix in all steps. */
    private Tensor rows(Tensor matrix) {
        return allSteps(matrix).reshape(-1, matrix.shape().extent(1));
    }
}
