package org.kolotoc.engine.seat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Metric;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Phase;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;

/**
 * The seats of an experiment, filled: every plugin found, its settings bound and in range. Nothing was opened yet.
 *
 * @param models by role
 * @param occupants every plugin that fills a seat, those that the settings of others name included
 */
public record Seating(
        DataSeat data,
        Optional<TokenizerSeat> tokenizer,
        Map<String, ModelSeat> models,
        List<PhaseSeat> phases,
        List<MetricSeat> metrics,
        Optional<DecoderSeat> decoder,
        List<Occupant> occupants) {
    /**
     * Fills the seats.
     *
     * @throws org.kolotoc.api.InputError with everything that is wrong
     */
    public static Seating of(Experiment experiment, Seats seats, Problems problems) {
        Filler filler = new Filler(seats, problems);
        Optional<DataSeat> data = filler.fill(DataSource.class, experiment.data(), DataSeat::of);
        Optional<TokenizerSeat> tokenizer = Optional.ofNullable(experiment.tokenizer())
                .flatMap(ref -> filler.fill(TokenizerFamily.class, ref, TokenizerSeat::of));
        Map<String, ModelSeat> models = new LinkedHashMap<>();
        experiment
                .roles()
                .forEach((role, ref) ->
                        filler.fill(ModelFamily.class, ref, ModelSeat::of).ifPresent(seat -> models.put(role, seat)));
        List<PhaseSeat> phases = experiment.phases().stream()
                .flatMap(ref -> filler.fill(Phase.class, ref, PhaseSeat::of).stream())
                .toList();
        List<MetricSeat> metrics = experiment.metrics().stream()
                .flatMap(ref -> filler.fill(Metric.class, ref, MetricSeat::of).stream())
                .toList();
        Optional<DecoderSeat> decoder = Optional.ofNullable(experiment.samples())
                .flatMap(plan -> filler.fill(Decoder.class, plan.decoder(), DecoderSeat::of));
        problems.refuse();
        return new Seating(data.orElseThrow(), tokenizer, models, phases, metrics, decoder, filler.occupants());
    }
}
