package org.kolotoc.engine.run;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.kolotoc.engine.Workbench;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.seat.PhaseSeat;

/** What in an experiment has no effect, though it can be run: mostly left behind when it was made shorter. */
final class Warnings {
    private Warnings() {}

    /** A line each, empty if all has. */
    static List<String> of(Workbench bench) {
        Experiment experiment = bench.experiment();
        long total = bench.steps();
        List<PhaseSeat> phases = bench.seating().phases();
        List<String> found = new ArrayList<>();
        late("evaluateAt", bench.timeline().steps(experiment.evaluationMoments()), total, found);
        experiment.samples().forEach(plan -> late("samples.at", bench.timeline().steps(plan.at()), total, found));
        for (int i = 0; i < phases.size(); i++) {
            Record settings = phases.get(i).settings();
            long steps = experiment.phases().get(i).steps();
            OptionalLong warmup = number(settings, "warmup");
            if (warmup.isPresent() && warmup.getAsLong() > steps) {
                found.add(experiment.phases().get(i).seat().path().substring(2) + ".warmup " + warmup.getAsLong()
                        + " is above its " + steps + " steps: the learning rate never gets to its height");
            }
        }
        return found;
    }

    private static void late(String field, List<Long> at, long total, List<String> found) {
        List<String> late =
                at.stream().filter(step -> step > total).map(String::valueOf).toList();
        if (!late.isEmpty()) {
            found.add(field + " " + String.join(", ", late) + (late.size() == 1 ? " comes" : " come")
                    + " after the last step, " + total);
        }
    }

    /** A whole number that some phases have and others don't. */
    private static OptionalLong number(Record settings, String name) {
        return Arrays.stream(settings.getClass().getRecordComponents())
                .filter(component -> component.getName().equals(name)
                        && (component.getType() == int.class || component.getType() == long.class))
                .mapToLong(component -> {
                    try {
                        component.getAccessor().setAccessible(true);
                        return ((Number) component.getAccessor().invoke(settings)).longValue();
                    } catch (ReflectiveOperationException e) {
                        throw new IllegalStateException(e);
                    }
                })
                .findFirst();
    }
}
