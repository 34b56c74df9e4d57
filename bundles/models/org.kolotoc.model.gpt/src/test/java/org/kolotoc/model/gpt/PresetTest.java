package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.backend.cpu.CpuBackend;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tck.Bench;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

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

    /**
     * The lecture's table gives all models 12 heads, which GPT-2's and GPT-4's widths don't allow, and GPT-4 1.8 T parameters,
     * a third of which its printed sizes have: the figure is told of a mixture of experts.
     */
    @Test
    void thePrintedTableIsRefusedOrCounted() {
        for (int[] row : new int[][] {{48, 1600, 1024}, {120, 20_000, 32_768}}) {
            InputError error = assertThrows(InputError.class, () -> model(printed(row[0], 12, row[1], row[2]), 50_257));
            assertEquals("heads", error.field());
            assertTrue(error.getMessage().contains("12 heads do not divide the width " + row[1]), error.getMessage());
        }
        assertEquals(116_534_784L, count(printed(12, 12, 768, 512, Placement.POST), 40_478));
        assertEquals(174_604_259_328L, count(printed(96, 12, 12_288, 2048), 50_257), 1e-9 * 175e9);
        assertEquals(579e9, count(printed(120, 125, 20_000, 32_768), 100_277), 0.01 * 579e9);
    }

    /** Twice the parameters that are multiplied by a token, and what attention adds (Kaplan et al., arXiv:2001.08361). */
    @Test
    void aTokenTakesTwiceTheParameters() {
        Model model = model(printed(4, 4, 128, 64), 1000);
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(2, 64));
        model.forward(model.weights(tracer, "model"), Map.of("tokens", tokens), Pass.inference())
                .forEach(tracer::output);
        try (Bench bench = new Bench(new CpuBackend(1), Map.of("model", model), null, 1);
                BoundProgram program = bench.prepare("forward", tracer.program())) {
            double work = program.explain().flops();
            double multiplied = count(printed(4, 4, 128, 64), 1000) - 64 * 128;
            assertEquals(2 * multiplied, work / (2 * 64), 0.1 * 2 * multiplied);
        }
    }

    private static GptSettings printed(int layers, int heads, int width, int context) {
        return printed(layers, heads, width, context, Placement.PRE);
    }

    private static GptSettings printed(int layers, int heads, int width, int context, Placement placement) {
        return sized(Preset.NONE, layers, heads, width, context, placement);
    }

    private static GptSettings sized(Preset preset, int layers, int heads, Placement placement) {
        return sized(preset, layers, heads, 0, 0, placement);
    }

    private static GptSettings sized(
            Preset preset, int layers, int heads, int width, int context, Placement placement) {
        return new GptSettings(
                preset,
                layers,
                heads,
                width,
                context,
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
