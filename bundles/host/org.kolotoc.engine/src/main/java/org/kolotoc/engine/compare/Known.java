package org.kolotoc.engine.compare;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.engine.check.Costs;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Nearest;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.fill.Seats;

/**
 * What runs of a side will measure, and by whose eyes.
 *
 * @param better which way each measure of evaluations gets better, by its name
 * @param judges models of the run with which a measure is taken, by its name: it tells something of two runs only if these are
 *     the same in both
 */
record Known(Map<String, Better> better, Map<String, List<String>> judges) {
    /**
     * Fills the seats of an experiment; opens and prepares nothing.
     *
     * @throws org.kolotoc.api.InputError with everything that is wrong
     */
    static Known of(ExperimentFile file, Seats seats) {
        Experiment experiment = file.experiment();
        Problems problems = file.problems();
        Seating seating = Seating.of(experiment, seats, problems);
        Wirings wirings = Wirings.of(experiment, seating, problems);
        problems.refuse();
        Map<String, Better> better = new LinkedHashMap<>();
        for (int i = 0; i < experiment.phases().size(); i++) {
            String phase = experiment.phases().get(i).name();
            List<Measure> measures = new ArrayList<>(seating.phases().get(i).measures());
            measures.addAll(Costs.ofPhase());
            measures.stream()
                    .filter(measure -> measure.taken() == Measure.Taken.EVALUATION)
                    .forEach(measure -> {
                        better.merge(measure.name(), measure.better(), Known::both);
                        better.put(phase + "/" + measure.name(), measure.better());
                    });
        }
        Map<String, List<String>> judges = new LinkedHashMap<>();
        for (int i = 0; i < experiment.metrics().size(); i++) {
            List<String> models = wirings.metrics().get(i).models().values().stream()
                    .map(ModelRef::model)
                    .toList();
            seating.metrics().get(i).measures().forEach(measure -> {
                better.put(measure.name(), measure.better());
                judges.put(measure.name(), models);
            });
        }
        Costs.of(experiment)
                .filter(measure -> measure.taken() == Measure.Taken.EVALUATION)
                .forEach(measure -> better.put(measure.name(), measure.better()));
        return new Known(better, judges);
    }

    /** What is said of a measure by two who take it. */
    static Better both(Better one, Better other) {
        return one == other ? one : Better.NEITHER;
    }

    /**
     * Notes a measure that no run takes.
     *
     * @param side whose
     */
    void require(String measure, String side, String path, Problems problems) {
        if (!better.containsKey(measure)) {
            problems.add(
                    path,
                    "\"" + measure + "\" is measured by no run of \"" + side + "\""
                            + Nearest.hint(measure, better.keySet()) + " (measured are "
                            + String.join(", ", better.keySet()) + ")");
        }
    }
}
