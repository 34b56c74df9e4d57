package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * Holds a model against the one that its weights were learned for. Names and shapes of tensors may fit where the function is
 * another: {@code "heads": 2} cuts the same matrices otherwise than {@code "heads": 4}.
 *
 * @param name of the model that takes the weights
 * @param there what was said of the one that they were learned for
 * @param weights names of those that this one has
 */
record LearnedFor(SizedModels models, String name, SeatRef there, Set<String> weights) {
    /** Whether its weights mean the same at all: those of another family don't, whatever shapes they have. */
    boolean isOfOneFamily() {
        return here().id().equals(there.id());
    }

    /**
     * What is said where they are of two families.
     *
     * @param learned the model that the weights were learned for
     */
    String otherFamily(String learned) {
        return learned + " is of the family '" + there.id() + "', and this model a '" + here().id()
                + "': its weights mean something else, even where they fit; expected a '" + here().id() + "'";
    }

    /**
     * Notes each setting that lets the same weights compute something else.
     *
     * @param learned the model that they were learned for
     */
    void note(String learned, String path, RunLedger ledger) {
        differences()
                .forEach(difference -> ledger.note(
                        Ledger.Kind.UNVERIFIED,
                        "the experiment",
                        path,
                        difference + " when the weights of " + learned
                                + " were learned: of the same shapes, they are another function here"));
    }

    /** In words. Settings that show in shapes are left to whoever compares these, as heads are, which are the model's own. */
    private List<String> differences() {
        Set<String> settings = new TreeSet<>(here().settings().keySet());
        settings.addAll(there.settings().keySet());
        List<String> found = new ArrayList<>();
        for (String setting : settings) {
            JsonElement mine = here().settings().get(setting);
            JsonElement other = there.settings().get(setting);
            if ((mine == null || !mine.equals(other)) && changes(setting, mine, other)) {
                found.add("\"" + setting + "\" " + (mine == null ? "is not given" : "is " + mine) + ", and "
                        + (other == null ? "was not given" : "was " + other));
            }
        }
        return found;
    }

    private SeatRef here() {
        return models.ref(name);
    }

    /**
     * Whether a setting makes another function of the same weights: the other's here or, where the model can't be with that
     * alone, this one there.
     */
    private boolean changes(String setting, JsonElement mine, JsonElement other) {
        return changes(here().settings(), setting, other)
                .or(() -> changes(there.settings(), setting, mine))
                // Better told for nothing than passed over.
                .orElse(true);
    }

    /** Nothing where one of the two can't be. */
    private Optional<Boolean> changes(JsonObject settings, String setting, JsonElement value) {
        try {
            return models.with(name, settings)
                    .flatMap(seat -> models.with(name, settings, setting, Optional.ofNullable(value))
                            .map(variant -> isAnother(models.model(name, seat), models.model(name, variant))));
        } catch (InputError | PluginFailure | IllegalArgumentException _) {
            return Optional.empty();
        }
    }

    private boolean isAnother(Model model, Model variant) {
        Map<String, Signature.Port> given =
                variant.signature().outputs().stream().collect(Collectors.toMap(Signature.Port::name, port -> port));
        List<String> outputs = model.signature().outputs().stream()
                .filter(port -> given.containsKey(port.name()) && port.takes(given.get(port.name())))
                .map(Signature.Port::name)
                .toList();
        Begun begun = Begun.announced(model, variant);
        boolean sameHeads = begun.fresh().isEmpty() && begun.leftOut().isEmpty();
        boolean sameOutputs = outputs.size() == given.size()
                && outputs.size() == model.signature().outputs().size();
        return begun.faults().isEmpty()
                && (sameHeads && !sameOutputs || start(model) != start(variant) || differ(model, variant, outputs));
    }

    /** What fresh heads give was not learned at all. */
    private boolean differ(Model model, Model variant, List<String> outputs) {
        Map<String, Computation> one = traced(model, variant, outputs);
        Map<String, Computation> other = traced(variant, model, outputs);
        return outputs.stream()
                .filter(output -> !isFresh(model, one.get(output)) && !isFresh(variant, other.get(output)))
                .anyMatch(output -> !one.get(output).equals(other.get(output)));
    }

    private boolean isFresh(Model model, Computation computation) {
        return computation.weights().stream()
                .anyMatch(weight -> Begun.isOfHead(model, weight) && !weights.contains(weight));
    }

    /** Where writing begins is part of what a decoder learned. */
    private static int start(Model model) {
        return model instanceof EncoderDecoder decoder ? decoder.start() : -1;
    }

    /** @param other which takes the same inputs: how long they may be is not what a model computes */
    private Map<String, Computation> traced(Model model, Model other, List<String> outputs) {
        Dimensions data = models.sizing().dimensions(name);
        return Computation.of(
                model,
                outputs,
                axis -> {
                    int stated = data.getOr(axis, Computation.UNLIMITED);
                    return Math.min(
                            model.limits().getOr(axis, stated), other.limits().getOr(axis, stated));
                },
                false);
    }
}
