package org.kolotoc.engine.fill;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.AdapterFamily;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.OptimizerFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.PhasePlan;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.tensor.Optimizer;

/**
 * The seats of an experiment, filled: every plugin found, its settings bound and in range. Nothing was opened yet.
 *
 * @param data by name
 * @param models by name
 * @param phases in the order of the experiment, as the samplers and metrics
 * @param occupants every plugin that fills a seat, those that the settings of others name included
 */
public record Seating(
        Map<String, DataSeat> data,
        Optional<TokenizerSeat> tokenizer,
        Map<String, ModelSeat> models,
        List<PhaseSeat> phases,
        List<SamplerSeat> samplers,
        List<MetricSeat> metrics,
        List<Occupant> occupants) {
    /**
     * Fills the seats.
     *
     * @throws org.kolotoc.api.InputError with everything that is wrong
     */
    public static Seating of(Experiment experiment, Seats seats, Problems problems) {
        return of(experiment, new Filler(seats, problems), problems);
    }

    /** The same with a filler that was made beforehand. */
    public static Seating of(Experiment experiment, Filler filler, Problems problems) {
        Map<String, DataSeat> data = data(experiment, filler);
        List<PhaseSeat> phases = experiment.phases().stream()
                .flatMap(plan -> phase(plan, filler, problems).stream())
                .toList();
        return filled(experiment, filler, problems, data, phases, metrics(experiment, filler));
    }

    private static Map<String, DataSeat> data(Experiment experiment, Filler filler) {
        Map<String, DataSeat> data = new LinkedHashMap<>();
        experiment
                .data()
                .forEach((name, ref) ->
                        filler.fill(DataSource.class, ref, DataSeat::of).ifPresent(seat -> data.put(name, seat)));
        return data;
    }

    private static List<MetricSeat> metrics(Experiment experiment, Filler filler) {
        return experiment.metrics().stream()
                .flatMap(plan -> filler.fill(Metric.class, plan.seat(), MetricSeat::of).stream())
                .toList();
    }

    private static Optional<PhaseSeat> phase(PhasePlan plan, Filler filler, Problems problems) {
        Optional<PhaseSeat> phase = filler.fill(Phase.class, plan.seat(), PhaseSeat::of);
        if (plan.optimizer() != null) {
            phase.filter(seat -> !seat.needs().takesOptimizer())
                    .ifPresent(seat -> problems.add(
                            plan.optimizer().path(), seat.occupant() + " takes no optimiser; expected no such field"));
            Optional<Optimizer> optimizer = filler.make(OptimizerFamily.class, Optimizer.class, plan.optimizer());
            phase = phase.flatMap(seat -> optimizer.map(seat::with));
        }
        if (plan.adapter() != null) {
            Optional<AdapterSeat> adapter =
                    filler.fill(AdapterFamily.class, plan.adapter().seat(), AdapterSeat::of);
            phase = phase.flatMap(seat -> adapter.map(seat::with));
        }
        return phase;
    }

    /**
     * Fills the seats that it takes to draw samples: no data, no phase, no judge.
     *
     * @throws InputError with everything that is wrong
     */
    public static Seating ofSamples(Experiment experiment, Seats seats, Problems problems) {
        return filled(experiment, new Filler(seats, problems), problems, Map.of(), List.of(), List.of());
    }

    /**
     * Fills the seats that it takes to have samples judged: no phase.
     *
     * @throws InputError with everything that is wrong
     */
    public static Seating ofJudged(Experiment experiment, Seats seats, Problems problems) {
        Filler filler = new Filler(seats, problems);
        return filled(experiment, filler, problems, data(experiment, filler), List.of(), metrics(experiment, filler));
    }

    private static Seating filled(
            Experiment experiment,
            Filler filler,
            Problems problems,
            Map<String, DataSeat> data,
            List<PhaseSeat> phases,
            List<MetricSeat> metrics) {
        Optional<TokenizerSeat> tokenizer = Optional.ofNullable(experiment.tokenizer())
                .flatMap(plan -> filler.fill(TokenizerFamily.class, plan.seat(), TokenizerSeat::of));
        Map<String, ModelSeat> models = new LinkedHashMap<>();
        experiment
                .allModels()
                .forEach((name, plan) -> filler.fill(ModelFamily.class, plan.seat(), ModelSeat::of)
                        .ifPresent(seat -> models.put(name, seat)));
        List<SamplerSeat> samplers = experiment.samples().stream()
                .flatMap(plan -> filler.fill(Sampler.class, plan.seat(), SamplerSeat::of).stream())
                .toList();
        problems.refuse();
        return new Seating(data, tokenizer, models, phases, samplers, metrics, filler.occupants());
    }
}
