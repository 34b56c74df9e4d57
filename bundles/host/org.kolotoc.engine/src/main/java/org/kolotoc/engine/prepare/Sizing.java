package org.kolotoc.engine.prepare;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.tensor.Backend;

/** Makes the models of an experiment, for its data. */
record Sizing(Experiment experiment, Map<String, Dataset> data, Backend backend) {
    /** By their names; what is refused is noted, and null. */
    Map<String, Model> models(Seating seating, Problems problems) {
        Map<String, Model> models = new LinkedHashMap<>();
        seating.models().forEach((name, seat) -> {
            SeatRef ref = experiment.allModels().get(name).seat();
            models.put(name, problems.of(ref, () -> weighed(seat.create(dimensions(name)))));
        });
        return models;
    }

    /** What the data of a model states: one data source, or all of them together. */
    Dimensions dimensions(String model) {
        String named = experiment.allModels().get(model).data();
        if (!named.isEmpty()) {
            return data.get(named).dimensions();
        }
        Map<String, Integer> all = new LinkedHashMap<>();
        data.forEach((name, dataset) -> dataset.dimensions().extents().forEach((axis, extent) -> {
            Integer before = all.putIfAbsent(axis, extent);
            if (before != null && !before.equals(extent)) {
                throw InputError.field(
                        "data",
                        "is missing: data states different extents of '" + axis + "', " + before + " and " + extent
                                + " (" + name + "); expected the name of one of " + String.join(", ", data.keySet()));
            }
        }));
        return new Dimensions(all);
    }

    /** What can't even hold its weights is refused before its program is traced, which takes longer the larger it is. */
    private Model weighed(Model model) {
        long bytes = model.states().stream()
                .mapToLong(parameter -> parameter.shape().bytes())
                .sum();
        long there = backend.memory().total();
        if (there > 0 && bytes > there) {
            throw InputError.of(
                    String.format(
                            Locale.ROOT,
                            "its %,d parameters alone take %s, there is %s of memory",
                            model.parameters().stream()
                                    .mapToLong(parameter -> parameter.shape().size())
                                    .sum(),
                            Printable.bytes(bytes),
                            Printable.bytes(there)),
                    "choose a smaller model");
        }
        return model;
    }
}
