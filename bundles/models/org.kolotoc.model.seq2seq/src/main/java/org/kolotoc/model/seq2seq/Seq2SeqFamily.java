package org.kolotoc.model.seq2seq;

import java.util.List;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.osgi.service.component.annotations.Component;

/** The seat of encoders with decoders of any size. */
@Component(service = ModelFamily.class)
@Seat(kind = Seat.MODEL, id = "seq2seq", summary = "T5 and BART: a transformer that reads one text and writes another")
public final class Seq2SeqFamily implements ModelFamily<Seq2SeqSettings>, ForeignFamily<Seq2SeqSettings> {
    @Override
    public Class<Seq2SeqSettings> settings() {
        return Seq2SeqSettings.class;
    }

    @Override
    public Seq2Seq create(Seq2SeqSettings settings, Dimensions data) {
        if (settings.headWidth() == 0 && settings.width() % settings.heads() != 0) {
            throw InputError.field(
                    "heads",
                    settings.heads() + " heads do not divide the width " + settings.width()
                            + "; expected a divisor, or a \"headWidth\"");
        }
        if (settings.buckets() % 2 != 0) {
            throw InputError.field("buckets", settings.buckets() + " is odd; expected an even number");
        }
        if (settings.distance() <= settings.buckets() / 2) {
            throw InputError.field(
                    "distance",
                    settings.distance() + " is near enough for buckets of its own; expected more than "
                            + settings.buckets() / 2);
        }
        int vocab = data.get("vocab");
        if (settings.start() >= vocab) {
            throw InputError.field(
                    "start",
                    settings.start() + " is no token of a vocabulary of " + vocab + "; expected 0 to " + (vocab - 1));
        }
        return new Seq2Seq(settings, vocab);
    }

    @Override
    public List<String> architectures() {
        return List.of("t5", "bart");
    }

    @Override
    public ForeignModel<Seq2SeqSettings> read(ForeignConfig config, Set<String> tensors) {
        return config.architecture().equals("t5") ? T5Checkpoint.read(config) : BartCheckpoint.read(config);
    }

    @Override
    public WrittenModel write(Seq2SeqSettings settings, Dimensions data) {
        return settings.style() == Style.T5 ? T5Checkpoint.write(settings, data) : BartCheckpoint.write(settings, data);
    }
}
