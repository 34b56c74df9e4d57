package org.kolotoc.model.gpt;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** What a configuration of another library says of a GPT. */
class WrittenTest {
    private static final Dimensions DATA = Dimensions.of("vocab", 11);

    private static GptSettings settings(boolean llama, NormKind norm, Activation activation, int shared, Head head) {
        return new GptSettings(
                Preset.NONE,
                2,
                4,
                16,
                24,
                4,
                40,
                0.1,
                !llama,
                !llama,
                !llama,
                norm,
                1e-4,
                Placement.PRE,
                activation,
                llama ? Positions.ROTARY : Positions.LEARNED,
                llama ? 5000 : 10_000,
                shared,
                head,
                0);
    }

    private static GptSettings readBack(GptSettings settings) {
        GptFamily family = new GptFamily();
        WrittenModel written = family.write(settings, DATA);
        ForeignModel<GptSettings> read =
                family.read(new ForeignConfig("config.json", written.config()), written.tensors());
        assertEquals(DATA, read.data());
        return read.settings();
    }

    /** Every setting has a value that is none of the layout's defaults. */
    @Test
    void everySettingComesBack() {
        GptSettings llama = settings(true, NormKind.RMS, Activation.GEGLU, 2, Head.LM);
        assertEquals(llama, readBack(llama));
        GptSettings gpt2 = settings(false, NormKind.LAYER, Activation.RELU, 0, Head.LM);
        assertEquals(gpt2, readBack(gpt2));
    }

    @Test
    void whatIsNotThereIsNamedAllAtOnce() {
        String message = assertThrows(
                        InputError.class,
                        () -> readBack(settings(false, NormKind.RMS, Activation.SWIGLU, 2, Head.SCALAR)))
                .getMessage();
        assertEquals(4, message.lines().count(), message);
        for (String expected : new String[] {
            "\"norm\" is rms, which the layout of GPT-2 can't say; expected layer",
            "\"activation\" is swiglu, which the layout of GPT-2 can't say; expected gelu or gelu-exact or relu or"
                    + " silu",
            "\"keyValueHeads\" is 2, which the layout of GPT-2 can't say; expected 0 or 4",
            "\"head\" is scalar, which the layout of GPT-2 can't say; expected lm"
        }) {
            assertTrue(message.contains(expected), message);
        }
    }

    @Test
    void headsThatDoNotDivideAreNamedByTheirField() {
        Map<String, Object> config = new HashMap<>(new GptFamily()
                .write(settings(true, NormKind.RMS, Activation.SWIGLU, 2, Head.LM), DATA)
                .config());
        config.put("num_attention_heads", 5);
        config.put("rope_scaling", Map.of("type", "linear"));
        String message = assertThrows(
                        InputError.class,
                        () -> new GptFamily().read(new ForeignConfig("config.json", config), Set.of()))
                .getMessage();
        assertTrue(
                message.contains("config.json: \"num_attention_heads\" is 5; expected a number that divides"
                        + " \"hidden_size\", which is 16"),
                message);
        assertTrue(message.contains("\"num_key_value_heads\" is 2; expected a number that divides"), message);
        assertTrue(message.contains("this model has no such part; expected no such field"), message);
    }
}
