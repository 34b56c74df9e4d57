package org.kolotoc.engine.seat;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Sampler;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/**
 * The seats of an experiment, filled: every plugin found, its settings bound and in range. Nothing was opened yet.
 *
 * @param data by name
 * @param models by name
 * @param phases in the order of the experiment, as the samplers and metrics
 */
public record Seating(
        Map<String, DataSeat> data,
        Optional<TokenizerSeat> tokenizer,
        Map<String, ModelSeat> models,
        List<PhaseSeat> phases,
        List<SamplerSeat> samplers,
        List<MetricSeat> metrics) {
    /**
     * Fills the seats.
     *
     * @throws InputError with everything that is wrong
     */
    public static Seating of(Experiment experiment, Seats seats, Problems problems) {
        Filler filler = new Filler(seats, problems);
        Map<String, DataSeat> data = new LinkedHashMap<>();
        experiment
                .data()
                .forEach((name, ref) -> filler.fill(Seat.DATA, ref, DataSource.class, DataSeat::of)
                        .ifPresent(seat -> data.put(name, seat)));
        List<PhaseSeat> phases = new ArrayList<>();
        experiment.phases().forEach(plan -> filler.fill(Seat.PHASE, plan.seat(), Phase.class, PhaseSeat::of)
                .ifPresent(phases::add));
        return filled(experiment, filler, data, phases);
    }

    /**
     * Fills the seats that it takes to draw samples: no data, no phase, no judge.
     *
     * @throws InputError with everything that is wrong
     */
    public static Seating ofSamples(Experiment experiment, Seats seats, Problems problems) {
        return filled(experiment, new Filler(seats, problems), Map.of(), List.of());
    }

    private static Seating filled(
            Experiment experiment, Filler filler, Map<String, DataSeat> data, List<PhaseSeat> phases) {
        Optional<TokenizerSeat> tokenizer = Optional.ofNullable(experiment.tokenizer())
                .flatMap(
                        plan -> filler.fill(Seat.TOKENIZER, plan.seat(), TokenizerFamily.class, TokenizerSeat::of));
        Map<String, ModelSeat> models = new LinkedHashMap<>();
        experiment
                .allModels()
                .forEach((name, plan) -> filler.fill(Seat.MODEL, plan.seat(), ModelFamily.class, ModelSeat::of)
                        .ifPresent(seat -> models.put(name, seat)));
        List<SamplerSeat> samplers = new ArrayList<>();
        experiment.samples().forEach(plan -> filler.fill(Seat.SAMPLER, plan.seat(), Sampler.class, SamplerSeat::of)
                .ifPresent(samplers::add));
        List<MetricSeat> metrics = new ArrayList<>();
        if (!phases.isEmpty()) {
            experiment.metrics().forEach(plan -> filler.fill(Seat.METRIC, plan.seat(), Metric.class, MetricSeat::of)
                    .ifPresent(metrics::add));
        }
        filler.problems().refuse();
        return new Seating(data, tokenizer, models, phases, samplers, metrics);
    }

    /** Finds plugins one by one; what can't be filled is noted. */
    record Filler(Seats seats, Problems problems) {
        <T, R> Optional<R> fill(String kind, SeatRef ref, Class<T> type, BiFunction<T, Binding, Optional<R>> seat) {
            Seats.Plugged<T> found;
            try {
                found = seats.get(kind, ref.id(), type);
            } catch (InputError e) {
                problems.add(ref.path() + ".id", e.getMessage() + "\n    " + e.next());
                return Optional.empty();
            }
            return seat.apply(found.plugin(), new Binding(found.occupant(), ref, problems));
        }
    }
}
