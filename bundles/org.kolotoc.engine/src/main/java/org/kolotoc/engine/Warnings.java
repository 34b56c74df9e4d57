package org.kolotoc.engine;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.Binder;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** What in an experiment has no effect, though it can be run: mostly left behind when it was made shorter. */
final class Warnings {
    private Warnings() {}

    /**
     * What has no effect.
     *
     * @param total steps of all phases
     */
    static List<String> of(Experiment experiment, long total, Seats seats) {
        List<String> found = new ArrayList<>();
        late("evaluateAt", experiment.evaluateAt(), total, found);
        if (experiment.samples() != null) {
            late("samples.at", experiment.samples().at(), total, found);
        }
        for (SeatRef phase : experiment.phases()) {
            Record settings = settings(phase, seats);
            OptionalLong steps = number(settings, "steps");
            OptionalLong warmup = number(settings, "warmup");
            if (steps.isPresent() && warmup.isPresent() && warmup.getAsLong() > steps.getAsLong()) {
                found.add(phase.path().substring(2) + ".warmup " + warmup.getAsLong() + " is above its "
                        + steps.getAsLong() + " steps: the learning rate never gets to its height");
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

    private static Record settings(SeatRef phase, Seats seats) {
        Class<? extends Record> type = Seats.settings(seats.get(Seat.PHASE, phase.id(), Phase.class));
        return new Binder(new Problems(phase.path())).bind(type, phase.settings(), phase.path());
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
