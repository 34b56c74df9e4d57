package org.kolotoc.engine.check;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.claim.Trial;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.SamplePlan;

/**
 * What every run measures of its own cost, beside what its plugins declare. The numbers follow from the programs alone, {@link
 * org.kolotoc.tensor.Program#flops}: the same on every backend and for every number of threads, so that a replay has them again.
 * How long it took is in {@code run.json}.
 *
 * <ul>
 *   <li>{@code cost/step}, at each step: operations of this step.
 *   <li>{@code cost/flops}, at evaluations: operations of all steps of the phase so far, evaluations not among them.
 *   <li>{@code cost/evaluation/flops}: operations of the phase's own evaluation there.
 *   <li>{@code <samples>/cost/flops}: operations of drawing 1,000 examples, see {@link org.kolotoc.api.Sampling#examples}.
 *   <li>{@code <samples>/cost/calls}: runs of programs for a sample, in the mean. A sample is one example or, as a grid of
 *       pictures, many at once: then it is how often the networks were evaluated.
 *   <li>{@code <samples>/cost/parameters}: parameters of the models that drew.
 * </ul>
 */
public final class Costs {
    /** Operations of a step. */
    public static final String STEP = "cost/step";

    /** Operations of all steps of a phase so far. */
    public static final String TRAINING = Trial.COST;

    /** Operations of an evaluation. */
    public static final String EVALUATION = "cost/evaluation/flops";

    /** What they begin with, alone or behind a name. */
    public static final String PREFIX = "cost/";

    private static final String UNIT = "FLOP";
    private static final String FLOPS = "/cost/flops";
    private static final String CALLS = "/cost/calls";
    private static final String PARAMETERS = "/cost/parameters";

    private Costs() {}

    /** Of drawing 1,000 examples, by the name of the samples. */
    public static String flops(String samples) {
        return samples + FLOPS;
    }

    /** Runs of programs for one sample. */
    public static String calls(String samples) {
        return samples + CALLS;
    }

    /** Parameters of the models that draw. */
    public static String parameters(String samples) {
        return samples + PARAMETERS;
    }

    /** Whether a measure is one of these. */
    public static boolean is(String measure) {
        return measure.startsWith(PREFIX) || measure.contains("/" + PREFIX);
    }

    /** Of every phase. */
    public static List<Measure> ofPhase() {
        return List.of(
                Measure.work(STEP, UNIT),
                Measure.evaluation(TRAINING, UNIT, Better.NEITHER),
                Measure.evaluation(EVALUATION, UNIT, Better.NEITHER));
    }

    /** Of every sampler of an experiment. */
    static Stream<Measure> ofSamples(Experiment experiment) {
        return experiment.samples().stream()
                .map(SamplePlan::name)
                .flatMap(name -> Stream.of(
                        Measure.evaluation(flops(name), UNIT, Better.NEITHER),
                        Measure.evaluation(calls(name), "", Better.NEITHER),
                        Measure.evaluation(parameters(name), "", Better.NEITHER)));
    }

    /** Everything that a run of an experiment measures so. */
    public static Stream<Measure> of(Experiment experiment) {
        return Stream.concat(ofPhase().stream(), ofSamples(experiment));
    }

    /** The samples whose cost a measure is. */
    static Optional<SamplePlan> samplesOf(String measure, Experiment experiment) {
        return experiment.samples().stream()
                .filter(plan ->
                        Stream.of(FLOPS, CALLS, PARAMETERS).anyMatch(what -> measure.equals(plan.name() + what)))
                .findFirst();
    }
}
