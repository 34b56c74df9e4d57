package org.kolotoc.model.gpt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.api.checkpoint.Unsayable;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** Checkpoints of GPT-2 in the Hugging Face layout. */
final class Gpt2Checkpoint {
    private static final String PREFIX = "transformer.";
    private static final Pattern CAUSAL_MASK = Pattern.compile("(transformer\\.)?h\\.\\d+\\.attn\\.(bias|masked_bias)");

    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "gelu_new", Activation.GELU,
            "gelu_pytorch_tanh", Activation.GELU,
            "gelu", Activation.GELU_EXACT,
            "relu", Activation.RELU,
            "silu", Activation.SILU);

    private Gpt2Checkpoint() {}

    static WrittenModel write(GptSettings settings, Sizes sizes, Dimensions data) {
        Unsayable unsayable = new Unsayable("GPT-2");
        unsayable.only("norm", settings.norm(), NormKind.LAYER);
        unsayable.only("placement", settings.placement(), Placement.PRE);
        unsayable.only("bias", settings.bias(), true);
        unsayable.only("normBias", settings.normBias(), true);
        unsayable.only("keyValueHeads", settings.keyValueHeads(), 0, sizes.heads());
        unsayable.only("head", settings.head(), Head.LM);
        unsayable.only(
                "activation",
                settings.activation(),
                Activation.GELU,
                Activation.GELU_EXACT,
                Activation.RELU,
                Activation.SILU);
        unsayable.check();
        return new WrittenModel(
                Map.ofEntries(
                        Map.entry("model_type", "gpt2"),
                        Map.entry("architectures", List.of("GPT2LMHeadModel")),
                        Map.entry("vocab_size", data.get("vocab")),
                        Map.entry("n_layer", sizes.layers()),
                        Map.entry("n_head", sizes.heads()),
                        Map.entry("n_embd", sizes.width()),
                        Map.entry("n_positions", sizes.context()),
                        Map.entry("n_inner", sizes.hidden(settings)),
                        Map.entry("attn_pdrop", settings.dropout()),
                        Map.entry("embd_pdrop", settings.dropout()),
                        Map.entry("resid_pdrop", settings.dropout()),
                        Map.entry("layer_norm_epsilon", settings.normEpsilon()),
                        Map.entry("activation_function", WrittenModel.name(ACTIVATIONS, settings.activation())),
                        Map.entry("tie_word_embeddings", settings.tied())),
                Set.of());
    }

    static ForeignModel<GptSettings> read(ForeignConfig config, Set<String> tensors) {
        config.only("scale_attn_weights", true);
        config.only("scale_attn_by_inverse_layer_idx", false);
        config.only("add_cross_attention", false);
        config.ignore("reorder_and_upcast_attn", "n_ctx");
        config.ignore(
                "summary_activation",
                "summary_first_dropout",
                "summary_proj_to_labels",
                "summary_type",
                "summary_use_proj");
        int width = config.size("n_embd");
        config.divides("n_head", "n_embd");
        boolean tied = config.flag("tie_word_embeddings", true);
        GptSettings settings = new GptSettings(
                Preset.NONE,
                config.size("n_layer"),
                config.size("n_head"),
                width,
                config.size("n_positions"),
                4,
                config.has("n_inner") ? config.size("n_inner") : 0,
                config.agreed(0, "attn_pdrop", "embd_pdrop", "resid_pdrop"),
                tied,
                true,
                true,
                NormKind.LAYER,
                config.number("layer_norm_epsilon", 1e-5),
                Placement.PRE,
                config.oneOf("activation_function", "gelu_new", ACTIVATIONS),
                Positions.LEARNED,
                10_000,
                0,
                Head.LM,
                0);
        Dimensions data = Dimensions.of("vocab", config.size("vocab_size"));
        config.check();
        boolean bare = tensors.contains("wte.weight");
        return new ForeignModel<>(
                settings,
                data,
                parameter -> {
                    String name = HuggingFace.name(parameter.name());
                    return StoredTensor.as(
                            bare && name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name, parameter);
                },
                name -> CAUSAL_MASK.matcher(name).matches() || tied && name.equals("lm_head.weight"));
    }
}
