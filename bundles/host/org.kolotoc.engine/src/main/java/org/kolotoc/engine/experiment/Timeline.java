package org.kolotoc.engine.experiment;

import java.util.List;

/** The steps of an experiment: those of its phases one after the other. After step {@code n}, {@code n} were taken. */
public record Timeline(List<PhasePlan> phases) {
    public static Timeline of(Experiment experiment) {
        return new Timeline(experiment.phases());
    }

    /** Steps of all phases before one. */
    public long begin(int phase) {
        return phases.subList(0, phase).stream().mapToLong(PhasePlan::steps).sum();
    }

    /** The same with its own. */
    public long end(int phase) {
        return begin(phase + 1);
    }

    /** Steps of all phases together. */
    public long steps() {
        return begin(phases.size());
    }

    /** Which phase makes a step, by its place; the first where none was taken. */
    public int phaseOf(long step) {
        for (int i = 0; i < phases.size(); i++) {
            if (step <= end(i)) {
                return i;
            }
        }
        return phases.size() - 1;
    }

    /**
     * The place of a phase by its name.
     *
     * @throws IllegalArgumentException when there is none of that name
     */
    public int place(String phase) {
        for (int i = 0; i < phases.size(); i++) {
            if (phases.get(i).name().equals(phase)) {
                return i;
            }
        }
        throw new IllegalArgumentException("there is no phase '" + phase + "'");
    }

    /** The step of the run at a moment; one behind its last where the moment never comes. */
    public long step(Moment moment) {
        if (moment.phase().isEmpty()) {
            return moment.step() == Moment.END ? steps() : moment.step();
        }
        int phase = place(moment.phase());
        long beyond = moment.step() - phases.get(phase).steps();
        if (beyond > 0) {
            // Steps of a later phase are none of this one's.
            return steps() + beyond;
        }
        return moment.step() == Moment.END ? end(phase) : begin(phase) + moment.step();
    }

    /** The same for several. */
    public List<Long> steps(List<Moment> moments) {
        return moments.stream().map(this::step).toList();
    }
}
