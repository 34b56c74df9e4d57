package org.kolotoc.nn;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * A layer that reads a sequence step by step and takes states along. What does not depend on the states, the product with the
 * input, is formed for all steps at once; the rest is a {@link Scan}, so that a long sequence has no more kernels than a short
 * one.
 *
 * <p>Parameters, uniform up to {@code 1 / sqrt(hidden)} at first: {@code input.weight [in, gates * hidden]} and
 * {@code recurrent.weight [hidden, gates * hidden]} with a {@code bias [gates * hidden]} each. Gates lie side by side.
 */
public sealed interface Recurrent extends Layer permits Gru, Lstm {
    int in();

    int hidden();

    /** How many products of a step lie side by side. */
    int gates();

    /** How many states {@code [batch, hidden]} go from step to step; the first is what a step gives. */
    int states();

    /**
     * States after a step.
     *
     * @param input {@code [batch, gates * hidden]}, what the step's input is worth to each gate
     * @param recurrent the same of the first state
     * @param states {@code [batch, hidden]} each
     */
    List<Tensor> next(Tensor input, Tensor recurrent, List<Tensor> states);

    /**
     * What a layer gives.
     *
     * @param outputs {@code [batch, time, hidden]}
     * @param states after the last step, {@code [batch, hidden]} each
     */
    record Sequence(Tensor outputs, List<Tensor> states) {}

    @Override
    default List<Parameter> parameters() {
        Initializer uniform = new Initializer.Uniform(1 / Math.sqrt(hidden()));
        int width = gates() * hidden();
        return Stream.of("input", "recurrent")
                .flatMap(part -> Stream.of(
                        Parameter.of(part + ".weight", uniform, part.equals("input") ? in() : hidden(), width),
                        Parameter.of(part + ".bias", uniform, width)))
                .toList();
    }

    /** States of zeros for a batch {@code [batch, ...]}. */
    default List<Tensor> zeros(Tensor x) {
        Shape shape = Shape.of(x.shape().extent(0), hidden());
        return Stream.generate(() -> x.tracer().constant(0, DType.F32, shape))
                .limit(states())
                .toList();
    }

    /** A sequence {@code [batch, time, in]} from states of zeros on. */
    default Sequence apply(Weights weights, Tensor x) {
        return apply(weights, x, Optional.empty());
    }

    /**
     * A sequence from states of zeros on, which may be several texts one behind the other.
     *
     * @param x {@code [batch, time, in]}
     * @param begins {@code bool [batch, time]}, true where a text begins: its first step gets states of zeros, as if there were
     *     nothing before, and no gradient goes back over it
     */
    default Sequence apply(Weights weights, Tensor x, Optional<Tensor> begins) {
        return apply(weights, x, zeros(x), Optional.empty(), begins);
    }

    /**
     * A sequence from given states on.
     *
     * @param x {@code [batch, time, in]}
     * @param states {@code [batch, hidden]}, {@link #states} of them
     * @param present {@code bool [batch, time]}, false where a step is padding: it leaves the states as they are, gives zeros,
     *     and gets exactly no gradient
     */
    default Sequence apply(Weights weights, Tensor x, List<Tensor> states, Optional<Tensor> present) {
        return apply(weights, x, states, present, Optional.empty());
    }

    /** At most one of both is told: whoever has states has read what stands before. */
    private Sequence apply(
            Weights weights, Tensor x, List<Tensor> states, Optional<Tensor> present, Optional<Tensor> begins) {
        Tensor projected = product(weights.in("input"), x.transpose(1, 0, 2));
        List<Tensor> sequences = new ArrayList<>(List.of(projected));
        begins.or(() -> present)
                .ifPresent(told -> sequences.add(told.transpose(1, 0).reshape(sequence(x))));
        Scan.Results results = Scan.over(states, sequences, step -> {
            Weights shared = name -> step.capture(weights.get("recurrent." + name));
            List<Tensor> before = begins.isEmpty()
                    ? step.carries()
                    : step.carries().stream()
                            .map(state -> step.input(1).select(state.constant(0), state))
                            .toList();
            List<Tensor> next = next(step.input(0), product(shared, before.getFirst()), before);
            Tensor output = next.getFirst();
            if (present.isPresent()) {
                Tensor there = step.input(1);
                List<Tensor> kept = new ArrayList<>();
                for (int i = 0; i < next.size(); i++) {
                    kept.add(there.select(next.get(i), step.carry(i)));
                }
                output = there.select(output, output.constant(0));
                next = kept;
            }
            return new Scan.Next(next, List.of(output));
        });
        return new Sequence(results.outputs().getFirst().transpose(1, 0, 2), results.carries());
    }

    private static Tensor product(Weights weights, Tensor x) {
        return x.matmul(weights.get("weight")).add(weights.get("bias"));
    }

    /** Of one number for each step of each row. */
    private static Shape sequence(Tensor x) {
        return Shape.of(x.shape().extent(1), x.shape().extent(0), 1);
    }

    /** Of what lies side by side the part of a gate. */
    default Tensor gate(Tensor gates, int number) {
        return gates.slice(1, number * hidden(), (number + 1) * hidden());
    }
}
