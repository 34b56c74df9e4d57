package org.kolotoc.model.gpt;

import java.util.List;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignFamily;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.osgi.service.component.annotations.Component;

/** The seat of GPTs of any size. */
@Component(service = ModelFamily.class)
@Seat(
        kind = Seat.MODEL,
        id = "gpt",
        summary = "GPT-2, Llama and their kin: a decoder-only transformer that predicts the next token")
public final class GptFamily implements ModelFamily<GptSettings>, ForeignFamily<GptSettings> {
    @Override
    public Class<GptSettings> settings() {
        return GptSettings.class;
    }

    @Override
    public Gpt create(GptSettings settings, Dimensions data) {
        return new Gpt(settings, Sizes.of(settings), data);
    }

    @Override
    public List<String> architectures() {
        return List.of("gpt2", "llama");
    }

    @Override
    public ForeignModel<GptSettings> read(ForeignConfig config, Set<String> tensors) {
        return config.architecture().equals("llama")
                ? LlamaCheckpoint.read(config)
                : Gpt2Checkpoint.read(config, tensors);
    }

    @Override
    public WrittenModel write(GptSettings settings, Dimensions data) {
        Sizes sizes = Sizes.of(settings);
        return settings.positions() == Positions.ROTARY
                ? LlamaCheckpoint.write(settings, sizes, data)
                : Gpt2Checkpoint.write(settings, sizes, data);
    }
}
