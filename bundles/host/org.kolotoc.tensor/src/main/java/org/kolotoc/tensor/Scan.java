package org.kolotoc.tensor;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * A loop over time as one operation: its body is traced once and compiled once, however many steps there are. What goes from
 * step to step are carries; sequences are cut along their first axis, {@code [time, ...]}, and so are outputs put together.
 *
 * <pre>{@code
 * Scan.Results all = Scan.over(List.of(zeros), List.of(xs), step -> {
 *     Tensor next = step.carry(0).matmul(step.capture(w)).add(step.input(0)).tanh();
 *     return new Scan.Next(List.of(next), List.of(next));
 * });
 * }</pre>
 *
 * <p>Its gradient is a scan from the last step to the first. For that it keeps of each step the carries and what products
 * and reductions gave; in a program that {@link Gradients#rematerializing rematerializes}, the carries alone, of which a step
 * is made again. A scan may be in the body of another.
 */
public final class Scan {
    private Scan() {}

    /** Traces a step. */
    @FunctionalInterface
    public interface Body {
        Next of(Step step);
    }

    /**
     * What a step ends with.
     *
     * @param carries for the next step, of the shapes and types of those that came in
     * @param outputs that are put together over time
     */
    public record Next(List<Tensor> carries, List<Tensor> outputs) {}

    /**
     * What a scan ends with.
     *
     * @param carries after the last step
     * @param outputs {@code [time, ...]}
     */
    public record Results(List<Tensor> carries, List<Tensor> outputs) {}

    /** What the body is traced with: tensors of a trace of its own, which those of outside enter by {@link #capture} alone. */
    public static final class Step {
        private final Tracer trace;
        private final List<Tensor> carries = new ArrayList<>();
        private final List<Tensor> inputs = new ArrayList<>();
        private final Map<Tensor, Tensor> captured = new LinkedHashMap<>();

        private Step(Tracer trace, List<Tensor> initial, List<Tensor> sequences) {
            this.trace = trace;
            initial.forEach(x -> carries.add(trace.state("carry " + carries.size(), x.dtype(), x.shape())));
            sequences.forEach(x -> inputs.add(trace.feed("sequence " + inputs.size(), x.dtype(), rest(x.shape()))));
        }

        /** A carry as the step before left it. */
        public Tensor carry(int number) {
            return carries.get(number);
        }

        /** All carries. */
        public List<Tensor> carries() {
            return List.copyOf(carries);
        }

        /** The part of a sequence that is this step's. */
        public Tensor input(int number) {
            return inputs.get(number);
        }

        /** A tensor of outside, the same in each step: a weight, a random key. */
        public Tensor capture(Tensor outside) {
            return captured.computeIfAbsent(
                    outside, x -> trace.feed("captured " + captured.size(), x.dtype(), x.shape()));
        }

        /** The trace of the body, for constants and scopes. */
        public Tracer tracer() {
            return trace;
        }
    }

    /**
     * A scan from the first step of time to the last.
     *
     * @param initial carries before the first step, none where steps know nothing of each other
     * @param sequences at least one, all {@code [time, ...]}
     * @throws ShapeError naming the carry or the sequence that does not fit
     */
    public static Results over(List<Tensor> initial, List<Tensor> sequences, Body body) {
        return of(initial, sequences, time(sequences), false, body);
    }

    /** The same from the last step of time to the first. */
    public static Results reversed(List<Tensor> initial, List<Tensor> sequences, Body body) {
        return of(initial, sequences, time(sequences), true, body);
    }

    /**
     * A scan of so many steps, without sequences.
     *
     * @param initial at least one carry
     */
    public static Results times(int steps, List<Tensor> initial, Body body) {
        return of(initial, List.of(), steps, false, body);
    }

    static Results of(List<Tensor> initial, List<Tensor> sequences, int steps, boolean reversed, Body body) {
        List<Tensor> operands = new ArrayList<>(initial);
        operands.addAll(sequences);
        Tracer outside = operands.getFirst().tracer();
        if (steps < 1) {
            throw outside.error("scan: " + steps + " steps; it takes at least one");
        }
        Tracer inside = outside.inner();
        Step step = new Step(inside, initial, sequences);
        Next next = body.of(step);
        outside.follow(inside);
        if (next.carries().size() != initial.size()) {
            throw outside.error("scan: the body got " + initial.size() + " carries and gave "
                    + next.carries().size());
        }
        for (int i = 0; i < initial.size(); i++) {
            Tensor before = initial.get(i);
            Tensor after = next.carries().get(i);
            if (!after.shape().equals(before.shape()) || after.dtype() != before.dtype()) {
                throw outside.error("scan: carry " + i + " is " + before.dtype().label() + " " + before.shape()
                        + ", the body made it " + after.dtype().label() + " " + after.shape());
            }
            inside.update(step.carry(i), after);
        }
        for (int i = 0; i < next.outputs().size(); i++) {
            inside.output("output " + i, next.outputs().get(i));
        }
        operands.addAll(step.captured.keySet());
        Loop loop = new Loop(inside.program(), initial.size(), sequences.size(), steps, reversed);
        return new Results(
                IntStream.range(0, initial.size())
                        .mapToObj(i -> outside.append(new Op.Scan(loop, new Loop.Part.Final(i)), operands))
                        .toList(),
                next.outputs().stream()
                        .map(value -> outside.append(new Op.Scan(loop, new Loop.Part.Stacked(value)), operands))
                        .toList());
    }

    private static int time(List<Tensor> sequences) {
        Tensor first = sequences.getFirst();
        for (Tensor sequence : sequences) {
            if (sequence.shape().rank() == 0
                    || first.shape().rank() == 0
                    || sequence.shape().extent(0) != first.shape().extent(0)) {
                throw first.tracer()
                        .error("scan: sequences are [time, ...] of one time, got "
                                + sequences.stream().map(Tensor::shape).toList());
            }
        }
        return first.shape().extent(0);
    }

    private static Shape rest(Shape sequence) {
        return Shape.of(java.util.Arrays.copyOfRange(sequence.extents(), 1, sequence.rank()));
    }
}
