package org.kolotoc.api;

import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * A model with adapted weights.
 *
 * @param parameters the adapter's own
 * @param statistics the model's parameters and statistics
 */
record AdaptedModel(Model model, Adapter adapter, List<Parameter> parameters, List<Parameter> statistics)
        implements Model {
    /** With the same kinds of use as the model. */
    static Model of(Model model, Adapter adapter) {
        List<Parameter> own = List.copyOf(adapter.parameters(model.parameters()));
        Set<String> names = new HashSet<>();
        Stream.concat(model.states().stream(), own.stream()).forEach(parameter -> {
            if (!names.add(parameter.name())) {
                throw new IllegalArgumentException(
                        "the adapter has a parameter '" + parameter.name() + "', a name that is taken");
            }
        });
        AdaptedModel adapted = new AdaptedModel(model, adapter, own, model.states());
        return switch (model) {
            case IncrementalModel incremental -> new Incremental(adapted, incremental);
            case EncoderDecoder reader -> new Reading(adapted, reader);
            default -> adapted;
        };
    }

    @Override
    public Signature signature() {
        return model.signature();
    }

    @Override
    public Set<String> heads() {
        return model.heads();
    }

    @Override
    public List<String> adaptable() {
        return model.adaptable();
    }

    @Override
    public Dimensions limits() {
        return model.limits();
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        return model.forward(adapted(weights), inputs, pass);
    }

    /** All of them at once: neither the precision of the model's products nor what it computes again is theirs. */
    private Weights adapted(Weights weights) {
        Map<String, Tensor> adapted = new HashMap<>();
        List<Parameter> own = model.parameters();
        Tracer tracer = weights.get(own.getFirst().name()).tracer();
        try (Tracer.Scope _ = tracer.scope("adapter");
                Tracer.Scope _ = tracer.products(Op.Precision.F32)) {
            Weights changed = adapter.adapt(own, weights);
            own.forEach(parameter -> adapted.put(parameter.name(), changed.get(parameter.name())));
        }
        return name -> adapted.containsKey(name) ? adapted.get(name) : weights.get(name);
    }

    /** What a model of every kind has is told by the one that is adapted. */
    private interface Forwarding extends Model {
        AdaptedModel adapted();

        @Override
        default Signature signature() {
            return adapted().signature();
        }

        @Override
        default List<Parameter> parameters() {
            return adapted().parameters();
        }

        @Override
        default List<Parameter> statistics() {
            return adapted().statistics();
        }

        @Override
        default Set<String> heads() {
            return adapted().heads();
        }

        @Override
        default List<String> adaptable() {
            return adapted().adaptable();
        }

        @Override
        default Dimensions limits() {
            return adapted().limits();
        }

        @Override
        default Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            return adapted().forward(weights, inputs, pass);
        }
    }

    private record Incremental(AdaptedModel adapted, IncrementalModel model) implements Forwarding, IncrementalModel {
        @Override
        public List<Parameter> cache(int rows, int length) {
            return model.cache(rows, length);
        }

        @Override
        public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
            return model.extend(adapted.adapted(weights), tokens, positions, counts, cache);
        }
    }

    private record Reading(AdaptedModel adapted, EncoderDecoder model) implements Forwarding, EncoderDecoder {
        @Override
        public int start() {
            return model.start();
        }

        @Override
        public IncrementalModel behind(int from) {
            IncrementalModel behind = model.behind(from);
            return new Incremental(
                    new AdaptedModel(behind, adapted.adapter(), adapted.parameters(), adapted.statistics()), behind);
        }

        @Override
        public Map<String, Tensor> read(Weights weights, Tensor source, Tensor present) {
            return model.read(adapted.adapted(weights), source, present);
        }
    }
}
