package org.kolotoc.engine.check;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.fill.PhaseSeat;

/** What in an experiment has no effect, though it can be run: mostly left behind when it was made shorter. */
public final class Warnings {
    private Warnings() {}

    /** A line each, empty if all has. */
    public static List<String> of(Experiment experiment, List<PhaseSeat> phases) {
        Timeline timeline = Timeline.of(experiment);
        long total = timeline.steps();
        List<String> found = new ArrayList<>();
        late("evaluateAt", timeline.steps(experiment.evaluationMoments()), total, found);
        experiment.samples().forEach(plan -> late("samples.at", timeline.steps(plan.at()), total, found));
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
