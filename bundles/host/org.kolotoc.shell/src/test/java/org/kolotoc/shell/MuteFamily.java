package org.kolotoc.shell;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.model.gpt.GptFamily;
import org.kolotoc.model.gpt.GptSettings;

/** Models with the weights of a GPT that write nothing. */
final class MuteFamily implements ModelFamily<GptSettings> {
    @Override
    public Class<GptSettings> settings() {
        return GptSettings.class;
    }

    @Override
    public Model create(GptSettings settings, Dimensions data) {
        return Model.of(
                "f32 pixels[batch,width] -> f32 pixels[batch,width]",
                Dimensions.none(),
                new GptFamily().create(settings, data).parameters(),
                List.of(),
                (_, inputs, _) -> Map.copyOf(inputs));
    }
}
