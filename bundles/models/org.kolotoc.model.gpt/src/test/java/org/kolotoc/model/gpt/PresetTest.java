package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** Published sizes, whose parameters are counted and never allocated. */
class PresetTest {
    @Test
    void parametersAreThoseOfThePapers() {
        // GPT-1's own count: its blocks normalise behind their layers, so that there is no last norm.
        assertEquals(116_534_784L, count(sized(Preset.GPT1, 0, 0, Placement.POST), 40_478));
        assertEquals(124_439_808L, count(sized(Preset.GPT2, 0, 0, Placement.PRE), 50_257));
        assertEquals(354_823_168L, count(sized(Preset.GPT2_MEDIUM, 0, 0, Placement.PRE), 50_257));
        assertEquals(774_030_080L, count(sized(Preset.GPT2_LARGE, 0, 0, Placement.PRE), 50_257));
        assertEquals(1_557_611_200L, count(sized(Preset.GPT2_XL, 0, 0, Placement.PRE), 50_257));
        assertEquals(174_604_259_328L, count(sized(Preset.GPT3, 0, 0, Placement.PRE), 50_257), 0.001 * 175e9);
    }

    @Test
    void whatIsGivenGoesFirst() {
        Model model = model(sized(Preset.GPT2, 3, 0, Placement.PRE), 50_257);
        assertEquals(1024, model.limits().get("time"));
        assertEquals(
                3,
                model.parameters().stream()
                        .filter(parameter -> parameter.name().endsWith("mlp.up.weight"))
                        .count());
    }

    @Test
    void headsThatDoNotDivideThePresetsWidthAreRefused() {
        InputError error = assertThrows(InputError.class, () -> model(sized(Preset.GPT2_XL, 0, 12, Placement.PRE), 7));
        assertEquals("heads", error.field());
    }

    private static GptSettings sized(Preset preset, int layers, int heads, Placement placement) {
        return new GptSettings(
                preset,
                layers,
                heads,
                0,
                0,
                4,
                0,
                0,
                true,
                true,
                true,
                NormKind.LAYER,
                1e-5,
                placement,
                Activation.GELU,
                Positions.LEARNED,
                10_000,
                0,
                Head.LM,
                0);
    }

    private static Model model(GptSettings settings, int vocab) {
        return new GptFamily().create(settings, Dimensions.of("vocab", vocab));
    }

    private static long count(GptSettings settings, int vocab) {
        return model(settings, vocab).parameters().stream()
                .mapToLong(parameter -> parameter.shape().size())
                .sum();
    }
}
