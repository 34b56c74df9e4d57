package org.kolotoc.engine.prepare;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.EncoderDecoder;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.ModelSeat;
import org.kolotoc.engine.fill.PluginFailure;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/**
 * Holds a model against the one that its weights were learned for. Names and shapes of tensors may fit where the function is
 * another: {@code "heads": 2} cuts the same matrices otherwise than {@code "heads": 4}.
 *
 * @param seat of the model that takes the weights
 * @param here what the experiment says of it
 * @param there what was said of the one that they were learned for
 * @param data that the model is sized for
 */
record LearnedFor(ModelSeat seat, SeatRef here, SeatRef there, Dimensions data, Seats seats) {
    private static final String ROLE = "model";

    /** Extents of axes that nobody states, and the most of all: what only shows in longer texts is not told. */
    private static final int UNLIMITED = 16;

    private static final int LONGEST = 512;

    /** Whether its weights mean the same at all: those of another family don't, whatever shapes they have. */
    boolean isOfOneFamily() {
        return here.id().equals(there.id());
    }

    /**
     * What is said where they are of two families.
     *
     * @param learned the model that the weights were learned for
     */
    String otherFamily(String learned) {
        return learned + " is of the family '" + there.id() + "', and this model a '" + here.id()
                + "': its weights mean something else, even where they fit; expected a '" + here.id() + "'";
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
        Set<String> names = new TreeSet<>(here.settings().keySet());
        names.addAll(there.settings().keySet());
        List<String> found = new ArrayList<>();
        for (String name : names) {
            JsonElement mine = here.settings().get(name);
            JsonElement other = there.settings().get(name);
            if ((mine == null || !mine.equals(other)) && changes(name, other)) {
                found.add("\"" + name + "\" " + (mine == null ? "is not given" : "is " + mine) + ", and "
                        + (other == null ? "was not given" : "was " + other));
            }
        }
        return found;
    }

    /** Whether the model with this setting of the other one is another function of the same weights. */
    private boolean changes(String name, JsonElement value) {
        JsonObject settings = here.settings().deepCopy();
        settings.remove(name);
        if (value != null) {
            settings.add(name, value);
        }
        SeatRef varied = new SeatRef(here.id(), here.versions(), settings, here.path());
        Optional<ModelSeat> variant = seat.with(varied, seats, new Problems(here.path()));
        try {
            return variant.isEmpty()
                    || isAnother(seat.create(data), variant.get().create(data));
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

    /**
     * What these outputs are computed by, a line for each operation, numbered in the order of the computation.
     *
     * @param other which takes the same inputs: how long they may be is not what a model computes
     */
    private String traced(Model model, Model other, List<String> outputs) {
        Tracer tracer = new Tracer();
        Map<String, Tensor> inputs = new HashMap<>();
        model.signature()
                .inputs()
                .forEach(port -> inputs.put(
                        port.name(),
                        tracer.feed(
                                port.name(),
                                port.dtype(),
                                Shape.of(port.axes().stream()
                                        .mapToInt(axis -> Math.min(extent(axis, model), extent(axis, other)))
                                        .toArray()))));
        Map<String, Tensor> computed = model.forward(model.weights(tracer, ROLE), inputs, Pass.inference());
        outputs.forEach(name -> tracer.output(name, computed.get(name)));
        return listing(tracer.program());
    }

    private int extent(String axis, Model model) {
        return Math.min(LONGEST, model.limits().getOr(axis, data.getOr(axis, UNLIMITED)));
    }

    private static String listing(Program program) {
        Set<Tensor> needed = needed(program);
        Map<Tensor, Integer> numbers = new HashMap<>();
        StringBuilder lines = new StringBuilder();
        for (Tensor node : program.nodes()) {
            if (needed.contains(node)) {
                numbers.put(node, numbers.size());
                lines.append(node.op()).append(node.shape());
                node.operands().forEach(operand -> lines.append(' ').append(numbers.get(operand)));
                lines.append('\n');
            }
        }
        new TreeMap<>(program.outputs())
                .forEach((name, value) -> lines.append(name)
                        .append(' ')
                        .append(numbers.get(value))
                        .append('\n'));
        return lines.toString();
    }

    /** Weights of heads that none of the outputs needs are among the inputs too. */
    private static Set<Tensor> needed(Program program) {
        Set<Tensor> needed = new HashSet<>(program.outputs().values());
        program.nodes().reversed().stream().filter(needed::contains).forEach(node -> needed.addAll(node.operands()));
        return needed;
    }
}
