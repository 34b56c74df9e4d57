package org.kolotoc.api;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/** An architecture with all sizes fixed: parameters and what to compute with them. It holds no numbers. */
@ConsumerType
public interface Model {
    /** What {@link #forward} takes and gives. */
    Signature signature();

    /** Every parameter, in an order that stays: what an optimiser moves. */
    List<Parameter> parameters();

    /**
     * What is kept beside the parameters, in an order that stays, and no optimiser is given: running means of batch
     * normalisation. A use in training says what they are after it, see {@link Pass#keep}.
     */
    default List<Parameter> statistics() {
        return List.of();
    }

    /**
     * Layers that are computed from the rest and nothing from them, by the first part of their parameters' names: {@code
     * reward} of {@code reward.weight}. A model that begins with the weights of another may have others of them; those that
     * its kin have and it has not may be named too.
     */
    default Set<String> heads() {
        return Set.of();
    }

    /**
     * Which weight matrices an adapter is put on where nobody says it, by parts of their names: {@code attention} of {@code
     * block0.attention.input.weight}. None named means all of them.
     */
    default List<String> adaptable() {
        return List.of();
    }

    /** Upper limits of axes that the architecture sets, {@code time} for a context length; the rest is free. */
    Dimensions limits();

    /**
     * Traces the computation.
     *
     * @param weights leaves of the parameters and statistics
     * @param inputs a tensor for each input of the signature, perhaps not for optional ones, and no other; axes that share
     *     a name share an extent
     * @return a tensor for each output of the signature
     */
    Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass);

    /** {@link #forward} as a lambda. */
    @FunctionalInterface
    interface Forward {
        Map<String, Tensor> trace(Weights weights, Map<String, Tensor> inputs, Pass pass);
    }

    /** A model of parts. */
    static Model of(String signature, Dimensions limits, List<Parameter> parameters, Forward forward) {
        return of(signature, limits, parameters, List.of(), forward);
    }

    /** The same with statistics. */
    static Model of(
            String signature,
            Dimensions limits,
            List<Parameter> parameters,
            List<Parameter> statistics,
            Forward forward) {
        return new ModelParts(
                Signature.parse(signature), limits, List.copyOf(parameters), List.copyOf(statistics), forward);
    }

    /** Parameters and statistics: what lives of it in a {@link TrainState}. */
    default List<Parameter> states() {
        return Stream.concat(parameters().stream(), statistics().stream()).toList();
    }

    /**
     * Parameters and statistics as states of a program, named {@code role/parameter} as in {@link TrainState}.
     *
     * @param role which of a run's models: {@code model}, {@code generator}
     */
    default Weights weights(Tracer tracer, String role) {
        return Weights.states(tracer, role, states());
    }
}
