package org.kolotoc.model.gpt;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.api.checkpoint.StoredTensor.Part;
import org.kolotoc.model.gpt.GptSettings.Head;
import org.kolotoc.model.gpt.GptSettings.NormKind;
import org.kolotoc.model.gpt.GptSettings.Positions;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;
import org.kolotoc.tensor.Parameter;

/**
 * Checkpoints of Llama in the Hugging Face layout, whose matrices are {@code [out, in]}, with queries, keys and values each in
 * a tensor of its own.
 */
final class LlamaCheckpoint {
    private static final Pattern BLOCK = Pattern.compile("block(\\d+)\\.(.+)\\.(weight|bias)");
    private static final Map<String, String> INSIDE = Map.of(
            "norm1", "input_layernorm",
            "norm2", "post_attention_layernorm",
            "attention.output", "self_attn.o_proj",
            "mlp.gate", "mlp.gate_proj",
            "mlp.up", "mlp.up_proj",
            "mlp.down", "mlp.down_proj");
    private static final Map<String, String> OUTSIDE = Map.of(
            "token.weight", "model.embed_tokens.weight",
            "norm.weight", "model.norm.weight",
            "head.weight", "lm_head.weight");

    private LlamaCheckpoint() {}

    static ForeignModel<GptSettings> read(ForeignConfig config) {
        int width = config.size("hidden_size");
        int heads = config.size("num_attention_heads");
        int shared = config.size("num_key_value_heads", heads);
        boolean bias = config.flag("attention_bias", false);
        boolean tied = config.flag("tie_word_embeddings", false);
        config.only("mlp_bias", bias);
        config.only("head_dim", width / heads);
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
                config.oneOf(
                        "hidden_act", "silu", Map.of("silu", Activation.SWIGLU, "gelu_pytorch_tanh", Activation.GEGLU)),
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
                parameter -> stored(parameter, width, shared * own),
                name -> name.endsWith(".rotary_emb.inv_freq") || tied && name.equals("lm_head.weight"));
    }

    private static StoredTensor stored(Parameter parameter, int queries, int shared) {
        String outside = OUTSIDE.get(parameter.name());
        if (outside != null) {
            return StoredTensor.as(outside, parameter);
        }
        Matcher block = BLOCK.matcher(parameter.name());
        if (!block.matches()) {
            throw new IllegalArgumentException("'" + parameter.name() + "' is no parameter of a Llama");
        }
        String layer = "model.layers." + block.group(1) + ".";
        String end = "." + block.group(3);
        boolean matrix = parameter.shape().rank() == 2;
        if (block.group(2).equals("attention.input")) {
            return new StoredTensor(
                    parameter,
                    List.of(
                            new Part(layer + "self_attn.q_proj" + end, queries),
                            new Part(layer + "self_attn.k_proj" + end, shared),
                            new Part(layer + "self_attn.v_proj" + end, shared)),
                    matrix);
        }
        String name = layer + INSIDE.get(block.group(2)) + end;
        return matrix ? StoredTensor.transposed(name, parameter) : StoredTensor.as(name, parameter);
    }
}
