package org.kolotoc.model.gpt;

import org.kolotoc.api.ModelFamily;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tck.ModelFamilyConformance;

/** Norms behind the layers, as in GPT-1, with a head that gives a number for each position. */
class PostNormGptFamilyTest extends ModelFamilyConformance<GptSettings> {
    @Override
    protected ModelFamily<GptSettings> family() {
        return new GptFamily();
    }

    @Override
    protected GptSettings settings() {
        return new GptSettings(
                Preset.NONE,
                1,
                2,
                8,
                6,
                2,
                0,
                0,
                true,
                true,
                true,
                NormKind.LAYER,
                1e-5,
                Placement.POST,
                Activation.GELU_EXACT,
                Positions.LEARNED,
                10_000,
                0,
                Head.SCALAR,
                0);
    }

    /** GPT-1 has another layout. */
    @Override
    protected boolean written() {
        return false;
    }
}
