package org.kolotoc.engine.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;

/**
 * An experiment file, {@code "schema": "kolotoc.experiment/1"}. Seats appear once and are named once; everything else refers
 * to them by name.
 */
public record Experiment(
        @Help("kolotoc.experiment/1") String schema,

        @Help("for the run folder and the report") @Default("\"\"")
        String name,

        @Help("of everything random") @Default("1") long seed,

        @Help("auto, cpu, reference, tornado, or a device that ./kolotoc devices lists: tornado:opencl:0")
        @Default("\"auto\"")
        String backend,

        @Help("what is learned from; several by name") @OrOne("data")
        Map<String, SeatRef> data,

        @Help("how text becomes tokens") @Default("null") TokenizerPlan tokenizer,
        @Help("what learns") @Default("null") ModelPlan model,

        @Help("what learns, where there are several, by name") @Default("{}") @OrOne(MODEL)
        Map<String, ModelPlan> models,

        @Help("models that begin with the weights of another run") @Default("{}")
        Map<String, StartPlan> start,

        @Help("how it learns, one phase after the other") List<PhasePlan> phases,

        @Help("steps between checkpoints; 0 for the last step of each phase only") @Range(min = 0) @Default("0")
        long checkpointEvery,

        @Help("which checkpoints stay; all if not given") @Default("null")
        KeepCheckpoints keepCheckpoints,

        @Help("when held-out data is measured") @Default("null")
        EvaluatePlan evaluate,

        @Help("older way to say evaluate.every") @Range(min = 0) @Default("0")
        long evaluateEvery,

        @Help("older way to say evaluate.at") @Default("[]") List<Moment> evaluateAt,

        @Help("what the models make on the way") @Default("[]") @OrOne
        List<SamplePlan> samples,

        @Help("judges of the samples") @Default("[]") List<MetricPlan> metrics,

        @Help("bounds that decide the verdict") @Default("[]")
        List<Criterion> criteria,

        @Help("whether the criteria are tried on what they have to refuse") @Default("true")
        boolean controls,

        @Help("whether it is shown beforehand that the run can be stopped and resumed; runs of more than an hour"
                + " always are")
        @Default("false")
        boolean certify,

        @Help("whether the run ends at the first thing that is done in another way than was asked: a setting without"
                + " effect, a text that is cut, a fallback; else they are lines of ledger.jsonl")
        @Default("false")
        boolean strict) {

    public static final String SCHEMA = "kolotoc.experiment/1";

    /** The name of a model that is alone. */
    static final String MODEL = "model";

    public Experiment {
        phases = Names.named(phases, PhasePlan::name, plan -> plan.seat().id(), PhasePlan::named);
        samples = Names.named(samples, SamplePlan::name, plan -> plan.seat().id(), SamplePlan::named);
    }

    /** Every model by its name. */
    public Map<String, ModelPlan> allModels() {
        Map<String, ModelPlan> all = new LinkedHashMap<>(models);
        if (model != null) {
            all.put(MODEL, model);
        }
        return all;
    }

    /** Steps between evaluations; 0 where there is no such rule. */
    public long evaluationInterval() {
        return evaluate == null ? evaluateEvery : evaluate.every();
    }

    /** Moments at which is evaluated, those of the phases included. */
    public List<Moment> evaluationMoments() {
        return Stream.concat(
                        (evaluate == null ? evaluateAt : evaluate.at()).stream(),
                        phases.stream()
                                .flatMap(phase ->
                                        phase.evaluateAt().stream().map(step -> new Moment(phase.name(), step))))
                .toList();
    }

    /** The name of the samples that a judge looks at. */
    public String judged(MetricPlan plan) {
        return plan.samples().isEmpty() && !samples().isEmpty()
                ? samples().getFirst().name()
                : plan.samples();
    }
}
