package org.kolotoc.model.rnn;

import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of recurrent language models. */
@Component(service = ModelFamily.class)
@Seat(
        kind = Seat.MODEL,
        id = "rnn",
        summary = "GRU or LSTM: reads a text token by token and predicts the next one from what it remembers")
public final class RnnFamily implements ModelFamily<RnnSettings> {
    @Override
    public Class<RnnSettings> settings() {
        return RnnSettings.class;
    }

    @Override
    public Rnn create(RnnSettings settings, Dimensions data) {
        return new Rnn(settings, data);
    }
}
