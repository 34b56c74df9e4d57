package org.kolotoc.engine.prepare;

import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.fill.AdapterSeat;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A model that a phase trains by an adapter. The phase gets {@link #model}, whose states are the adapter's own parameters, the
 * weights that are adapted as they were when the phase began, and all else of the model where it always is. What the model's
 * own name stands for follows after every step, see {@link #merging}: whoever else looks there, a sampler, a checkpoint or a
 * later phase, sees the adapted model and knows of no adapter. {@link org.kolotoc.api.Adapter} says what that is in a checkpoint.
 */
final class Adaptation {
    private final AdapterSeat seat;
    private final String name;
    private final Model base;
    private final Model model;
    private final String adapter;
    private final String kept;
    private final Set<String> own;
    private final Set<String> adapted;

    /**
     * Puts an adapter around a model; traces and takes nothing yet.
     *
     * @param name of the model in the experiment
     * @param owner of what the phase keeps
     * @throws org.kolotoc.api.InputError naming the adapter's field, where it can't adapt that model
     */
    Adaptation(AdapterSeat seat, String name, Model base, String owner) {
        this.seat = seat.of(base);
        this.name = name;
        this.base = base;
        this.model = seat.occupant().give("was put around the model '" + name + "'", () -> this.seat.around(base));
        this.adapter = owner + ".adapter";
        this.kept = owner + ".base";
        this.own = model.parameters().stream().map(Parameter::name).collect(Collectors.toSet());
        this.adapted = adapted();
    }

    /** Weights that are not the leaf itself. */
    private Set<String> adapted() {
        Weights leaves = leaves(new Tracer(), UnaryOperator.identity());
        Weights changed = seat.adapt(base.parameters(), leaves);
        Set<String> names = new LinkedHashSet<>();
        base.parameters().stream()
                .map(Parameter::name)
                .filter(parameter -> changed.get(parameter) != leaves.get(parameter))
                .forEach(names::add);
        return names;
    }

    /** @param state that holds a parameter, by its name */
    private Weights leaves(Tracer tracer, UnaryOperator<String> state) {
        Map<String, Parameter> known = new HashMap<>();
        model.states().forEach(parameter -> known.put(parameter.name(), parameter));
        return parameter -> {
            Parameter leaf = known.get(parameter);
            if (leaf == null) {
                throw new IllegalArgumentException(
                        "asks for the weight '" + parameter + "', and there is none; there are "
                                + known.keySet().stream().sorted().toList());
            }
            return tracer.state(state.apply(parameter), leaf.dtype(), leaf.shape());
        };
    }

    /** What the phase is given. */
    Model model() {
        return model;
    }

    /** Whether a model of the phase is this one. */
    boolean isOf(ModelRef ref) {
        return !ref.frozen() && ref.model().equals(name);
    }

    /** The state that the phase sees as a parameter of the model. */
    String actual(String parameter) {
        String owner = own.contains(parameter) ? adapter : adapted.contains(parameter) ? kept : name;
        return owner + "/" + parameter;
    }

    /** Declares what lives beside the model while the phase goes on; the model's weights are there. */
    void declare(LiveState state) {
        state.declare(adapter, model.parameters());
        state.declareCopy(kept, name, adapted::contains);
    }

    /** Makes an owner begin as a copy of what the phase sees as the model. */
    void declareCopy(LiveState state, String owner) {
        state.declareCopy(owner, name, parameter -> !adapted.contains(parameter));
        state.declareCopy(owner, kept);
        state.declareCopy(owner, adapter);
    }

    /** Whether an owner in the train state is one of these. */
    boolean keeps(String owner) {
        return owner.equals(adapter) || owner.equals(kept);
    }

    /**
     * Refuses what would train the weights that stay.
     *
     * @param state that a program of the phase changes
     */
    void requireFree(String program, String state) {
        if (base.parameters().stream().anyMatch(stays -> actual(stays.name()).equals(state))) {
            throw new IllegalArgumentException("the program '" + program + "' changes '"
                    + state.substring(state.indexOf('/') + 1) + "' of the model '" + name
                    + "', which stays as it is: trained are the parameters of " + seat.occupant());
        }
    }

    /** Writes what the adapter makes of the weights into the model. */
    Program merging() {
        Tracer tracer = new Tracer();
        Weights changed = seat.adapt(base.parameters(), leaves(tracer, this::actual));
        for (Parameter parameter : base.parameters()) {
            if (adapted.contains(parameter.name())) {
                Tensor weight = tracer.state(name + "/" + parameter.name(), parameter.dtype(), parameter.shape());
                tracer.update(weight, changed.get(parameter.name()));
            }
        }
        return tracer.program();
    }
}
