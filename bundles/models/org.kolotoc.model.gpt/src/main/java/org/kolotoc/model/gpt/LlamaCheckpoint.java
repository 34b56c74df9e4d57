package org.kolotoc.model.gpt;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.Naming;
import org.kolotoc.api.checkpoint.StoredTensor.Part;
import org.kolotoc.api.checkpoint.Unsayable;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/**
 * Checkpoints of Llama in the Hugging Face layout, whose matrices are {@code [out, in]}, with queries, keys and values each in
 * a tensor of its own.
 */
final class LlamaCheckpoint {
    private static final Map<String, Activation> ACTIVATIONS =
            Map.of("silu", Activation.SWIGLU, "gelu_pytorch_tanh", Activation.GEGLU);

    private LlamaCheckpoint() {}

    static WrittenModel write(GptSettings settings, Sizes sizes, Dimensions data) {
        Unsayable unsayable = new Unsayable("Llama");
        unsayable.only("norm", settings.norm(), NormKind.RMS);
        unsayable.only("placement", settings.placement(), Placement.PRE);
        unsayable.only("head", settings.head(), Head.LM);
        unsayable.only("activation", settings.activation(), Activation.SWIGLU, Activation.GEGLU);
        unsayable.check();
        int shared = settings.keyValueHeads() == 0 ? sizes.heads() : settings.keyValueHeads();
        return new WrittenModel(
                Map.ofEntries(
                        Map.entry("model_type", "llama"),
                        Map.entry("architectures", List.of("LlamaForCausalLM")),
                        Map.entry("vocab_size", data.get("vocab")),
                        Map.entry("num_hidden_layers", sizes.layers()),
                        Map.entry("num_attention_heads", sizes.heads()),
                        Map.entry("num_key_value_heads", shared),
                        Map.entry("head_dim", sizes.headWidth()),
                        Map.entry("hidden_size", sizes.width()),
                        Map.entry("max_position_embeddings", sizes.context()),
                        Map.entry("intermediate_size", sizes.hidden(settings)),
                        Map.entry("attention_dropout", settings.dropout()),
                        Map.entry("rms_norm_eps", settings.normEpsilon()),
                        Map.entry("hidden_act", WrittenModel.name(ACTIVATIONS, settings.activation())),
                        Map.entry("rope_theta", settings.rotaryBase()),
                        Map.entry("attention_bias", settings.bias()),
                        Map.entry("mlp_bias", settings.bias()),
                        Map.entry("tie_word_embeddings", settings.tied())),
                Set.of());
    }

    static ForeignModel<GptSettings> read(ForeignConfig config) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int shared = config.size("num_key_value_heads", heads);
        boolean bias = config.flag("attention_bias", false);
        boolean tied = config.flag("tie_word_embeddings", false);
        config.only("mlp_bias", bias);
        config.divides("num_attention_heads", "hidden_size");
        config.divides("num_key_value_heads", "num_attention_heads");
        if (width % heads == 0) {
            config.only("head_dim", width / heads);
        } else {
            config.ignore("head_dim");
        }
        // Both spellings have been in use; there is no other kind of rotary positions here.
        config.only("rope_scaling");
        double base = config.number("rope_theta", 10_000);
        ForeignConfig rotary = config.object("rope_parameters");
        rotary.only("rope_type", "default");
        base = rotary.number("rope_theta", base);
        config.check(rotary);
        GptSettings settings = new GptSettings(
                Preset.NONE,
                config.size("num_hidden_layers"),
                heads,
                width,
                config.size("max_position_embeddings"),
                4,
                config.size("intermediate_size"),
                config.agreed(0, "attention_dropout"),
                tied,
                bias,
                false,
                NormKind.RMS,
                config.number("rms_norm_eps", 1e-6),
                Placement.PRE,
                config.oneOf("hidden_act", "silu", ACTIVATIONS),
                Positions.ROTARY,
                base,
                shared,
                Head.LM,
                0);
        Dimensions data = Dimensions.of("vocab", config.size("vocab_size"));
        config.check();
        int own = width / heads;
        return new ForeignModel<>(
                settings,
                data,
                layout(width, shared * own),
                name -> name.endsWith(".rotary_emb.inv_freq") || tied && name.equals("lm_head.weight"));
    }

    private static Naming layout(int queries, int shared) {
        String block = "model.layers.#.";
        return new Naming()
                .same("token", "model.embed_tokens")
                .same("block#.norm1", block + "input_layernorm")
                .linear(
                        "block#.attention.input",
                        new Part(block + "self_attn.q_proj", queries),
                        new Part(block + "self_attn.k_proj", shared),
                        new Part(block + "self_attn.v_proj", shared))
                .linear("block#.attention.output", block + "self_attn.o_proj")
                .same("block#.norm2", block + "post_attention_layernorm")
                .linear("block#.mlp.gate", block + "mlp.gate_proj")
                .linear("block#.mlp.up", block + "mlp.up_proj")
                .linear("block#.mlp.down", block + "mlp.down_proj")
                .same("norm", "model.norm")
                .same("head", "lm_head");
    }
}
