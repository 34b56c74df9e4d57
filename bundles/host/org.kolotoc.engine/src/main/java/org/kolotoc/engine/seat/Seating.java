package org.kolotoc.engine.seat;

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
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/**
 * The seats of an experiment, filled: every plugin found, its settings bound and in range. Nothing was opened yet.
 *
 * @param models by role
 */
public record Seating(
        DataSeat data,
        Optional<TokenizerSeat> tokenizer,
        Map<String, ModelSeat> models,
        List<PhaseSeat> phases,
        List<MetricSeat> metrics,
        Optional<DecoderSeat> decoder) {
    /**
     * Fills the seats.
     *
     * @throws InputError with everything that is wrong
     */
    public static Seating of(Experiment experiment, Seats seats, Problems problems) {
        Filler filler = new Filler(seats, problems);
        Optional<DataSeat> data = filler.fill(Seat.DATA, experiment.data(), DataSource.class, DataSeat::of);
        Optional<TokenizerSeat> tokenizer = Optional.ofNullable(experiment.tokenizer())
                .flatMap(ref -> filler.fill(Seat.TOKENIZER, ref, TokenizerFamily.class, TokenizerSeat::of));
        Map<String, ModelSeat> models = new LinkedHashMap<>();
        experiment
                .roles()
                .forEach((role, ref) -> filler.fill(Seat.MODEL, ref, ModelFamily.class, ModelSeat::of)
                        .ifPresent(seat -> models.put(role, seat)));
        List<PhaseSeat> phases = experiment.phases().stream()
                .flatMap(ref -> filler.fill(Seat.PHASE, ref, Phase.class, PhaseSeat::of).stream())
                .toList();
        List<MetricSeat> metrics = experiment.metrics().stream()
                .flatMap(ref -> filler.fill(Seat.METRIC, ref, Metric.class, MetricSeat::of).stream())
                .toList();
        Optional<DecoderSeat> decoder = Optional.ofNullable(experiment.samples())
                .flatMap(plan -> filler.fill(Seat.DECODER, plan.decoder(), Decoder.class, DecoderSeat::of));
        problems.refuse();
        return new Seating(data.orElseThrow(), tokenizer, models, phases, metrics, decoder);
    }

    /** Finds plugins one by one; what can't be filled is noted. */
    record Filler(Seats seats, Problems problems) {
        <T, R> Optional<R> fill(String kind, SeatRef ref, Class<T> type, BiFunction<T, Binding, Optional<R>> seat) {
            Seats.Plugged<T> found;
            try {
                found = seats.get(type, ref.id());
            } catch (InputError e) {
                problems.add(ref.path() + ".id", e.getMessage() + "\n    " + e.next());
                return Optional.empty();
            }
            return seat.apply(found.plugin(), new Binding(found.occupant(), ref, problems));
        }
    }
}
