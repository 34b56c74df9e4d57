package org.kolotoc.engine.fill;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Adapter;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.Model;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/** The seat of an adapter inside a phase, filled. Its failures name it, and weights that the model does not take are one. */
public record AdapterSeat(Occupant occupant, Adapter adapter) implements Adapter {
    static Optional<AdapterSeat> of(AdapterFamily<?> plugin, Binding binding) {
        return binding.filler()
                .made(plugin, Adapter.class, binding)
                .map(adapter -> new AdapterSeat(binding.occupant(), adapter));
    }

    @Override
    public AdapterSeat of(Model model) {
        return new AdapterSeat(occupant, occupant.give("was put on a model", () -> adapter.of(model)));
    }

    @Override
    public List<Parameter> parameters(List<Parameter> model) {
        return occupant.give("named its parameters", () -> adapter.parameters(model));
    }

    @Override
    public Weights adapt(List<Parameter> model, Weights weights) {
        Map<String, Parameter> known = new HashMap<>();
        model.forEach(parameter -> known.put(parameter.name(), parameter));
        Weights adapted = occupant.give("adapted weights", () -> adapter.adapt(model, weights));
        return name -> checked(known.get(name), occupant.give("adapted weights", () -> adapted.get(name)));
    }

    private Tensor checked(Parameter parameter, Tensor weight) {
        if (weight.dtype() != parameter.dtype() || !weight.shape().equals(parameter.shape())) {
            throw PluginFailure.broken(
                    occupant,
                    "makes " + weight.dtype().label() + " " + weight.shape() + " of the weight '" + parameter.name()
                            + "', which is " + parameter.dtype().label() + " " + parameter.shape());
        }
        return weight;
    }
}
