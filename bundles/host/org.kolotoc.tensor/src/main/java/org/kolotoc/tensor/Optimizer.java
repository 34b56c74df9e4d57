package org.kolotoc.tensor;

import java.util.List;

/**
 * How gradients change parameters, as {@link Initializer} is how they begin. What it remembers are states of the program, like
 * the parameters themselves; an object of this type remembers nothing, so that a run that was stopped goes on with the same
 * bytes. A parameter moves by its own gradient and memory, whatever stands beside it in the list; an element whose gradient
 * was always zero stays, unless weights decay.
 */
public interface Optimizer {
    /** What it remembers of so many parameters. */
    List<Parameter> state(List<Parameter> parameters);

    /**
     * Traces one update: every parameter and every state gets its new content when the program has run.
     *
     * @param weights leaves of the parameters, states of the program
     * @param state leaves of {@link #state}
     * @param gradients in the order of the parameters
     * @param learningRate {@code f32} scalar
     * @param step {@code f32} scalar, 1 for the first update
     */
    void update(
            List<Parameter> parameters,
            Weights weights,
            Weights state,
            List<Tensor> gradients,
            Tensor learningRate,
            Tensor step);

    /**
     * Traces one update by the gradients of a loss.
     *
     * @param weights leaves of the parameters, states of the program
     * @param memory owner of {@link #state} in the train state
     * @param learningRate {@code f32} scalar
     * @param step {@code f32} scalar, 1 for the first update
     */
    default void minimize(
            Tensor loss, List<Parameter> parameters, Weights weights, String memory, Tensor learningRate, Tensor step) {
        Weights remembered = Weights.states(loss.tracer(), memory, state(parameters));
        update(parameters, weights, remembered, Gradients.of(loss, weights.all(parameters)), learningRate, step);
    }

    /** What becomes of one parameter. */
    @FunctionalInterface
    interface Rule {
        /**
         * Traces one update of one parameter.
         *
         * @param memory what is remembered of it, in the order of the names; like the gradient, of the weight's shape
         * @param learningRate {@code f32} scalar
         * @param step {@code f32} scalar, 1 for the first update
         * @return the new weight, then the new memory
         */
        List<Tensor> next(Tensor weight, List<Tensor> memory, Tensor gradient, Tensor learningRate, Tensor step);
    }

    /**
     * One that treats every parameter by the same rule.
     *
     * @param memory names of what is remembered of a parameter, zeros at first: {@code momentum} becomes the state
     *     {@code momentum.<parameter>}
     */
    static Optimizer perParameter(List<String> memory, Rule rule) {
        return new PerParameter(List.copyOf(memory), rule);
    }
}
