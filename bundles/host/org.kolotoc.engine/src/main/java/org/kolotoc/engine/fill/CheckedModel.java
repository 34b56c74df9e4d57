package org.kolotoc.engine.fill;

import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * A model of which every use is held against its signature: what a phase gives it, and what it gives back. Otherwise a
 * wrong name or rank would come to light in the phase, far from who is at fault.
 */
record CheckedModel(
        Occupant occupant,
        Model model,
        Signature signature,
        List<Parameter> parameters,
        List<Parameter> statistics,
        Set<String> heads,
        List<String> adaptable,
        Dimensions limits)
        implements Model {
    /** A model with the same kinds of use as the plugin's. */
    static Model of(Occupant occupant, Model model) {
        List<Parameter> parameters = List.copyOf(occupant.give("named its parameters", model::parameters));
        List<Parameter> statistics = List.copyOf(occupant.give("named its statistics", model::statistics));
        Set<String> names = new HashSet<>();
        Stream.concat(parameters.stream(), statistics.stream()).forEach(parameter -> {
            if (!names.add(parameter.name())) {
                throw PluginFailure.broken(occupant, "has two parameters '" + parameter.name() + "'");
            }
        });
        CheckedModel checked = new CheckedModel(
                occupant,
                model,
                occupant.give("named its signature", model::signature),
                parameters,
                statistics,
                Collections.unmodifiableSet(new TreeSet<>(occupant.give("named its heads", model::heads))),
                List.copyOf(occupant.give("named what adapters are put on", model::adaptable)),
                occupant.give("named its limits", model::limits));
        return switch (model) {
            case IncrementalModel incremental -> new Incremental(checked, incremental);
            case EncoderDecoder reader -> new Reading(checked, reader);
            default -> checked;
        };
    }

    @Override
    public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
        Map<String, Integer> axes = new HashMap<>();
        requireKnown(inputs.keySet());
        for (Signature.Port port : signature.inputs()) {
            Tensor given = inputs.get(port.name());
            if (given == null && port.optional()) {
                continue;
            }
            String fault = given == null ? "is missing" : fault(port, given, axes);
            if (!fault.isEmpty()) {
                throw new IllegalArgumentException("input '" + port.name() + "' of " + occupant
                        + ", whose signature is '" + signature + "', " + fault);
            }
        }
        Map<String, Tensor> outputs =
                occupant.give("described its forward pass", () -> model.forward(weights, inputs, pass));
        for (Signature.Port port : signature.outputs()) {
            Tensor given = outputs.get(port.name());
            String fault =
                    given == null ? "is missing among " + new TreeSet<>(outputs.keySet()) : fault(port, given, axes);
            if (!fault.isEmpty()) {
                throw PluginFailure.broken(
                        occupant,
                        "does not keep its signature '" + signature + "': output '" + port.name() + "' " + fault);
            }
        }
        pass.kept().forEach(this::requireStatistic);
        return outputs;
    }

    /** An optional input under another name would not be missed by anybody. */
    private void requireKnown(Set<String> inputs) {
        List<String> known =
                signature.inputs().stream().map(Signature.Port::name).toList();
        inputs.stream()
                .filter(name -> !known.contains(name))
                .sorted()
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException(occupant + ", whose signature is '" + signature
                            + "', has no input '" + name + "'" + Nearest.hint(name, known));
                });
    }

    private void requireStatistic(String name, Tensor next) {
        Parameter statistic = statistics.stream()
                .filter(parameter -> parameter.name().equals(name))
                .findFirst()
                .orElseThrow(() -> PluginFailure.broken(
                        occupant,
                        "keeps '" + name + "', which is none of its statistics "
                                + statistics.stream().map(Parameter::name).toList()));
        if (next.dtype() != statistic.dtype() || !next.shape().equals(statistic.shape())) {
            throw PluginFailure.broken(
                    occupant,
                    "keeps " + next.dtype().label() + " " + next.shape() + " as the statistic '" + name + "', which is "
                            + statistic.dtype().label() + " " + statistic.shape());
        }
    }

    /** How a tensor differs from a port; axes that were met before keep their extents. */
    private static String fault(Signature.Port port, Tensor tensor, Map<String, Integer> axes) {
        String is = "is " + tensor.dtype().label() + " " + tensor.shape();
        if (tensor.dtype() != port.dtype()
                || tensor.shape().rank() != port.axes().size()) {
            return is + ", expected " + port;
        }
        for (int i = 0; i < port.axes().size(); i++) {
            String axis = port.axes().get(i);
            int extent = tensor.shape().extent(i);
            Integer before = axes.putIfAbsent(axis, extent);
            if (before != null && before != extent) {
                return is + ", but the axis '" + axis + "' of " + port + " is " + before;
            }
        }
        return "";
    }

    /** What a model of every kind has is checked in one place. */
    private interface Forwarding extends Model {
        CheckedModel checked();

        @Override
        default Signature signature() {
            return checked().signature();
        }

        @Override
        default List<Parameter> parameters() {
            return checked().parameters();
        }

        @Override
        default List<Parameter> statistics() {
            return checked().statistics();
        }

        @Override
        default Set<String> heads() {
            return checked().heads();
        }

        @Override
        default List<String> adaptable() {
            return checked().adaptable();
        }

        @Override
        default Dimensions limits() {
            return checked().limits();
        }

        @Override
        default Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            return checked().forward(weights, inputs, pass);
        }
    }

    /** A causal language model, which can go on token by token. */
    private record Incremental(CheckedModel checked, IncrementalModel model) implements Forwarding, IncrementalModel {
        @Override
        public List<Parameter> cache(int rows, int length) {
            List<Parameter> cache = checked.occupant().give("named its cache", () -> model.cache(rows, length));
            cache.forEach(part -> {
                if (part.shape().rank() == 0 || part.shape().extent(0) != rows) {
                    throw PluginFailure.broken(
                            checked.occupant(),
                            "remembers '" + part.name() + "' " + part.shape() + ", whose first axis is not that of the "
                                    + rows + " rows");
                }
            });
            return cache;
        }

        @Override
        public Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache) {
            Occupant occupant = checked.occupant();
            Extension extension = occupant.give(
                    "described more tokens", () -> model.extend(weights, tokens, positions, counts, cache));
            Tensor logits = extension.logits();
            int rows = tokens.shape().extent(0);
            if (logits.dtype() != DType.F32
                    || logits.shape().rank() != 2
                    || logits.shape().extent(0) != rows) {
                throw PluginFailure.broken(
                        occupant,
                        "gives logits " + logits.dtype().label() + " " + logits.shape() + ", expected f32 [" + rows
                                + ", vocab]");
            }
            extension.cache().forEach((name, value) -> {
                Tensor before = occupant.give("was asked for '" + name + "' of its cache", () -> cache.get(name));
                if (value.dtype() != before.dtype() || !value.shape().equals(before.shape())) {
                    throw PluginFailure.broken(
                            occupant,
                            "remembers " + value.dtype().label() + " " + value.shape() + " as '" + name + "', which is "
                                    + before.dtype().label() + " " + before.shape());
                }
            });
            return extension;
        }
    }

    /** A model that reads one text and writes another. */
    private record Reading(CheckedModel checked, EncoderDecoder model) implements Forwarding, EncoderDecoder {
        @Override
        public int start() {
            return checked.occupant().give("named the token it starts with", model::start);
        }

        @Override
        public IncrementalModel behind(int from) {
            return checked.occupant().give("gave what writes behind its sources", () -> {
                IncrementalModel behind = model.behind(from);
                return (IncrementalModel) of(checked.occupant(), behind);
            });
        }

        @Override
        public Map<String, Tensor> read(Weights weights, Tensor source, Tensor present) {
            return checked.occupant().give("described its reading", () -> model.read(weights, source, present));
        }
    }
}
