package org.kolotoc.model.gpt;

import java.util.stream.Stream;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

/** Every part that GPT-2 has otherwise: rotary positions, shared keys and values, root mean squares, a gate. */
class LlamaFamilyTest extends ModelFamilyConformance<GptSettings> {
    @Override
    protected ModelFamily<GptSettings> family() {
        return new GptFamily();
    }

    @Override
    protected GptSettings settings() {
        return llama(2, 4, 8, 2, Head.CLASSIFIER, 3);
    }

    @Override
    protected Stream<Refused<GptSettings>> refused() {
        return Stream.of(
                new Refused<>(llama(1, 4, 8, 3, Head.LM, 0), "keyValueHeads"),
                new Refused<>(llama(1, 4, 12, 2, Head.LM, 0), "positions"),
                new Refused<>(llama(0, 4, 8, 2, Head.LM, 0), "layers"));
    }

    static GptSettings llama(int layers, int heads, int width, int shared, Head head, int classes) {
        return new GptSettings(
                Preset.NONE,
                layers,
                heads,
                width,
                6,
                4,
                12,
                0,
                false,
                false,
                false,
                NormKind.RMS,
                1e-6,
                Placement.PRE,
                Activation.SWIGLU,
                Positions.ROTARY,
                10_000,
                shared,
                head,
                classes);
    }

    /** A classifier of it is another model there. */
    @Override
    protected boolean written() {
        return false;
    }
}
