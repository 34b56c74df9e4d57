package org.kolotoc.engine.check;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Signature;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.ModelSeat;
import org.kolotoc.engine.fill.Needing;
import org.kolotoc.engine.fill.Occupant;

/**
 * Which of an experiment's models and data the names of a plugin's {@link Needs} stand for.
 *
 * @param seat of the plugin
 * @param plan what the experiment says of it
 * @param models by the plugin's names
 * @param data by the plugin's names
 */
public record Wiring(Needing seat, Plan plan, Map<String, ModelRef> models, Map<String, String> data) {
    /**
     * What an experiment says of it.
     *
     * @param path of the plugin's settings
     */
    public record Plan(
            String path, Map<String, String> models, String modelsPath, Map<String, String> data, String dataPath) {}

    public Needs needs() {
        return seat.needs();
    }

    /**
     * Finds out; what is not said is clear where there is one of it, or one of that name.
     *
     * @param seats of the experiment's models, by name, as far as they are filled
     * @param problems takes what nobody says, and what is said of a name that the plugin has not
     */
    static Wiring of(Needing seat, Plan plan, Experiment experiment, Map<String, ModelSeat> seats, Problems problems) {
        return new Wiring(
                seat,
                plan,
                modelsOf(seat, plan, experiment, seats, problems),
                dataOf(seat, plan, experiment, problems));
    }

    /** The same where data is not open: what nobody says is no fault, and bears the plugin's own name. */
    static Wiring withoutData(
            Needing seat, Plan plan, Experiment experiment, Map<String, ModelSeat> seats, Problems problems) {
        Map<String, String> data = new LinkedHashMap<>();
        Set<String> formals = seat.needs().data().keySet();
        Map<String, String> named = spread(plan.data(), formals);
        formals.forEach(formal -> {
            String meant =
                    named.getOrDefault(formal, meant(formal, experiment.data().keySet(), true));
            data.put(formal, meant == null ? formal : meant);
        });
        return new Wiring(seat, plan, modelsOf(seat, plan, experiment, seats, problems), data);
    }

    private static Map<String, ModelRef> modelsOf(
            Needing seat, Plan plan, Experiment experiment, Map<String, ModelSeat> seats, Problems problems) {
        Occupant occupant = seat.occupant();
        Needs needs = seat.needs();
        Map<String, ModelRef> models = new LinkedHashMap<>();
        Map<String, String> given = spread(plan.models(), needs.models().keySet());
        needs.models().forEach((formal, signature) -> {
            String ref = given.getOrDefault(
                    formal,
                    meant(
                            formal,
                            experiment.allModels().keySet(),
                            needs.models().size() == 1));
            if (ref == null) {
                problems.add(
                        plan.modelsPath(), missingModel(occupant, needs, formal, able(signature, experiment, seats)));
            } else {
                models.put(formal, ModelRef.of(ref));
            }
        });
        unknown(occupant, given, needs.models().keySet(), plan.modelsPath(), problems);
        return models;
    }

    private static Map<String, String> dataOf(Needing seat, Plan plan, Experiment experiment, Problems problems) {
        Occupant occupant = seat.occupant();
        Needs needs = seat.needs();
        Map<String, String> data = new LinkedHashMap<>();
        Map<String, String> named = spread(plan.data(), needs.data().keySet());
        needs.data().forEach((formal, fields) -> {
            String ref =
                    named.getOrDefault(formal, meant(formal, experiment.data().keySet(), true));
            if (ref == null) {
                problems.add(
                        plan.dataPath(),
                        missing(
                                occupant,
                                "data",
                                formal,
                                text(fields),
                                experiment.data().keySet()));
            } else {
                data.put(formal, ref);
            }
        });
        unknown(occupant, named, needs.data().keySet(), plan.dataPath(), problems);
        return data;
    }

    /** One name alone is that of the only one that is needed. */
    private static Map<String, String> spread(Map<String, String> given, Collection<String> formals) {
        return given.containsKey("") && formals.size() == 1
                ? Map.of(formals.iterator().next(), given.get(""))
                : given;
    }

    private static String meant(String formal, Collection<String> there, boolean anyName) {
        return there.contains(formal)
                ? formal
                : anyName && there.size() == 1 ? there.iterator().next() : null;
    }

    /** Models that could be what is needed; one whose seat is empty could. */
    private static List<String> able(Signature needed, Experiment experiment, Map<String, ModelSeat> seats) {
        return experiment.allModels().keySet().stream()
                .filter(name -> !seats.containsKey(name) || seats.get(name).mayOffer(needed))
                .toList();
    }

    private static String missingModel(Occupant occupant, Needs needs, String formal, List<String> able) {
        Signature needed = needs.models().get(formal);
        if (!able.isEmpty()) {
            return missing(occupant, "model", formal, needed.toString(), able);
        }
        return occupant + " needs model '" + formal + "' (" + needed
                + "), and no model of the experiment offers that; put one among the \"models\""
                + (needs.taught().contains(formal)
                        ? ", and a phase before that trains it: {\"id\": \"" + formal + "\", \"models\": {\"model\": \""
                                + formal + "\"}, ...}"
                        : "")
                + "; expected {\"" + formal + "\": its name}";
    }

    private static String missing(
            Occupant occupant, String kind, String formal, String wanted, Collection<String> there) {
        return occupant + " needs " + kind + " '" + formal + "'" + (wanted.isEmpty() ? "" : " (" + wanted + ")")
                + ", and the experiment does not say which that is; expected {\"" + formal + "\": one of "
                + String.join(", ", there) + "}";
    }

    private static void unknown(
            Occupant occupant, Map<String, String> given, Collection<String> formals, String path, Problems problems) {
        given.keySet().stream()
                .filter(formal -> !formals.contains(formal))
                .forEach(formal -> problems.add(
                        formal.isEmpty() ? path : path + "." + formal,
                        formal.isEmpty()
                                ? "names one, but " + occupant + " needs "
                                        + (formals.isEmpty()
                                                ? "none"
                                                : String.join(", ", formals) + "; expected an object")
                                : occupant + " needs nothing of the name '" + formal + "'"
                                        + Nearest.hint(formal, formals) + " (it needs "
                                        + (formals.isEmpty() ? "none" : String.join(", ", formals)) + ")"));
    }

    /** Notes where models and data are not what is needed. */
    void check(Map<String, Model> sized, Map<String, Dataset> opened, Problems problems) {
        Occupant occupant = seat.occupant();
        Needs needs = needs();
        models.forEach((formal, ref) -> {
            Signature needed = needs.models().get(formal);
            Signature offered = sized.get(ref.model()).signature();
            List<String> faults = offered.lacks(needed);
            if (!faults.isEmpty()) {
                problems.add(
                        plan.modelsPath() + (models.size() == 1 ? "" : "." + formal),
                        "the model '" + ref.model() + "' is none for " + occupant
                                + ", which needs a model that offers '"
                                + needed + "'; this one offers '" + offered + "'\n    "
                                + String.join("\n    ", faults) + instead(formal, offered, sized));
            }
        });
        data.forEach((formal, name) -> {
            if (!opened.containsKey(name)) {
                // Where a run is sampled, its data is not open.
                return;
            }
            List<Signature.Port> fields = opened.get(name).fields();
            List<String> faults =
                    Signature.missing("field", fields, needs.data().get(formal));
            if (!faults.isEmpty()) {
                problems.add(
                        plan.dataPath() + (data.size() == 1 ? "" : "." + formal),
                        "the data '" + name + "' is none for " + occupant + ", which needs '"
                                + text(needs.data().get(formal)) + "'; this data has '" + text(fields) + "'\n    "
                                + String.join("\n    ", faults));
            }
        });
    }

    /** The setting that would take the model, and the models that would do. */
    private String instead(String formal, Signature offered, Map<String, Model> sized) {
        StringBuilder instead = new StringBuilder();
        seat.otherwise().forEach((setting, needs) -> {
            Signature needed = needs.models().get(formal);
            if (needed != null && offered.offers(needed)) {
                instead.append("\n    with ")
                        .append(setting)
                        .append(" in ")
                        .append(plan.path())
                        .append(" it is one");
            }
        });
        List<String> others = sized.entrySet().stream()
                .filter(model ->
                        model.getValue().signature().offers(needs().models().get(formal)))
                .map(Map.Entry::getKey)
                .toList();
        return instead + (others.isEmpty() ? "" : "\n    offered by: " + String.join(", ", others));
    }

    private static String text(List<Signature.Port> ports) {
        return String.join("; ", ports.stream().map(Signature.Port::toString).toList());
    }
}
