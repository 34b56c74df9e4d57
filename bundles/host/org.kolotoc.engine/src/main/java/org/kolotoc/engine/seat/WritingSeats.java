package org.kolotoc.engine.seat;

import java.util.Optional;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.TokenizerFamily;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SeatRef;

/** The seats that it takes to let a trained model write: no data, no phase, no judge. */
public record WritingSeats(TokenizerSeat tokenizer, ModelSeat model, DecoderSeat decoder) {
    /**
     * Fills the seats.
     *
     * @param role of the model
     * @throws org.kolotoc.api.InputError with everything that is wrong
     */
    public static WritingSeats of(Experiment experiment, String role, Seats seats, Problems problems) {
        Filler filler = new Filler(seats, problems);
        Optional<TokenizerSeat> tokenizer = present(experiment.tokenizer(), "$.tokenizer", problems)
                .flatMap(ref -> filler.fill(TokenizerFamily.class, ref, TokenizerSeat::of));
        Optional<ModelSeat> model = present(experiment.roles().get(role), "$." + role, problems)
                .flatMap(ref -> filler.fill(ModelFamily.class, ref, ModelSeat::of));
        Optional<DecoderSeat> decoder =
                filler.fill(Decoder.class, experiment.samples().decoder(), DecoderSeat::of);
        problems.refuse();
        return new WritingSeats(tokenizer.orElseThrow(), model.orElseThrow(), decoder.orElseThrow());
    }

    private static Optional<SeatRef> present(SeatRef ref, String path, Problems problems) {
        if (ref == null) {
            problems.add(path, "is missing: samples are written by a language model over text");
        }
        return Optional.ofNullable(ref);
    }
}
