package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
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
import org.kolotoc.engine.fill.ModelSeat;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.ledger.RunLedger;

/**
 * Holds a model against the one that its weights were learned for. Names and shapes of tensors may fit where the function is
 * another: {@code "heads": 2} cuts the same matrices otherwise than {@code "heads": 4}.
 *
 * @param name of the model that takes the weights
 * @param there what was said of the one that they were learned for
 */
record LearnedFor(SizedModels models, String name, SeatRef there) {
    /** Whether its weights mean the same at all: those of another family don't, whatever shapes they have. */
    boolean isOfOneFamily() {
        return here().id().equals(there().id());
    }

    /**
     * What is said where they are of two families.
     *
     * @param learned the model that the weights were learned for
     */
    String otherFamily(String learned) {
        return learned + " is of the family '" + there().id() + "', and this model a '" + here().id()
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
        Set<String> names = new TreeSet<>(here().settings().keySet());
        names.addAll(there().settings().keySet());
        List<String> found = new ArrayList<>();
        for (String name : names) {
            JsonElement mine = here().settings().get(name);
            JsonElement other = there().settings().get(name);
            if ((mine == null || !mine.equals(other)) && changes(name, other)) {
                found.add("\"" + name + "\" " + (mine == null ? "is not given" : "is " + mine) + ", and "
                        + (other == null ? "was not given" : "was " + other));
            }
        }
        return found;
    }

    private SeatRef here() {
        return models.ref(name);
    }

    /** Whether the model with this setting of the other one is another function of the same weights. */
    private boolean changes(String setting, JsonElement value) {
        Optional<ModelSeat> variant = models.with(name, setting, Optional.ofNullable(value));
        try {
            return variant.isEmpty() || isAnother(models.model(name), models.model(name, variant.get()));
        } catch (InputError | PluginFailure | IllegalArgumentException _) {
            // With it alone the model can't be, or wants to know more: better told for nothing than passed over.
            return true;
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
                && (sameHeads && !sameOutputs
                        || start(model) != start(variant)
                        || !traced(model, variant, outputs).equals(traced(variant, model, outputs)));
    }

    /** Where writing begins is part of what a decoder learned. */
    private static int start(Model model) {
        return model instanceof EncoderDecoder decoder ? decoder.start() : -1;
    }

    /** @param other which takes the same inputs: how long they may be is not what a model computes */
    private String traced(Model model, Model other, List<String> outputs) {
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
