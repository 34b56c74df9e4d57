package org.kolotoc.model.seq2seq;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.Naming;
import org.kolotoc.api.checkpoint.StoredTensor;
import org.kolotoc.api.checkpoint.Unsayable;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.kolotoc.nn.Activation;

/** Checkpoints of BART in the Hugging Face layout, whose matrices are {@code [out, in]}. */
final class BartCheckpoint {
    private static final Set<String> COPIES =
            Set.of("model.encoder.embed_tokens.weight", "model.decoder.embed_tokens.weight", "lm_head.weight");

    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "gelu", Activation.GELU_EXACT,
            "gelu_new", Activation.GELU,
            "relu", Activation.RELU,
            "silu", Activation.SILU);

    private BartCheckpoint() {}

    static WrittenModel write(Seq2SeqSettings settings, Dimensions data) {
        Unsayable unsayable = new Unsayable("BART");
        unsayable.only("headWidth", settings.headWidth(), 0, settings.width() / settings.heads());
        unsayable.only("normEpsilon", settings.epsilon(), 1e-5);
        unsayable.only(
                "activation",
                settings.activation(),
                Activation.GELU,
                Activation.GELU_EXACT,
                Activation.RELU,
                Activation.SILU);
        unsayable.only("crossAttention", settings.crossAttention(), true);
        unsayable.check();
        return new WrittenModel(
                Map.ofEntries(
                        Map.entry("model_type", "bart"),
                        Map.entry("architectures", List.of("BartForConditionalGeneration")),
                        Map.entry("is_encoder_decoder", true),
                        Map.entry("vocab_size", data.get("vocab")),
                        Map.entry("encoder_layers", settings.layers()),
                        Map.entry("decoder_layers", settings.decoderBlocks()),
                        Map.entry("encoder_attention_heads", settings.heads()),
                        Map.entry("decoder_attention_heads", settings.heads()),
                        Map.entry("encoder_ffn_dim", settings.hidden()),
                        Map.entry("decoder_ffn_dim", settings.hidden()),
                        Map.entry("d_model", settings.width()),
                        Map.entry("max_position_embeddings", settings.context()),
                        Map.entry("dropout", settings.dropout()),
                        Map.entry("attention_dropout", settings.dropout()),
                        Map.entry("activation_function", WrittenModel.name(ACTIVATIONS, settings.activation())),
                        Map.entry("scale_embedding", false),
                        Map.entry("tie_word_embeddings", settings.tied()),
                        Map.entry("decoder_start_token_id", settings.start())),
                Set.of());
    }

    static ForeignModel<Seq2SeqSettings> read(ForeignConfig config) {
        boolean tied = config.flag("tie_word_embeddings", true);
        config.only("scale_embedding", false);
        config.only("normalize_before", false);
        config.only("normalize_embedding", true);
        config.only("static_position_embeddings", false);
        config.only("add_final_layer_norm", false);
        config.only("extra_pos_embeddings", 2);
        config.only("is_decoder", false);
        config.only("activation_dropout", 0);
        config.only("encoder_layerdrop", 0);
        config.only("decoder_layerdrop", 0);
        // Of a classifier that is another model, and a name for what the encoder's field says.
        config.ignore("classifier_dropout", "classif_dropout", "num_hidden_layers", "add_bias_logits");
        int layers = config.size("encoder_layers");
        int heads = config.size("encoder_attention_heads");
        config.divides("encoder_attention_heads", "d_model");
        int hidden = config.size("encoder_ffn_dim");
        config.only("decoder_attention_heads", heads);
        config.only("decoder_ffn_dim", hidden);
        Seq2SeqSettings settings = new Seq2SeqSettings(
                Style.BART,
                layers,
                config.size("decoder_layers", layers),
                heads,
                0,
                config.size("d_model"),
                config.size("max_position_embeddings"),
                4,
                hidden,
                config.agreed(0, "dropout", "attention_dropout"),
                config.oneOf("activation_function", "gelu", ACTIVATIONS),
                tied,
                32,
                128,
                1e-5,
                (int) config.number("decoder_start_token_id", 2),
                true);
        Dimensions data = Dimensions.of("vocab", config.size("vocab_size"));
        config.check();
        Naming layout = new Naming().same("token", "model.shared");
        side(layout, "encoder");
        side(layout, "decoder");
        String cross = "model.decoder.layers.#.encoder_attn";
        layout.same("decoder.block#.norm3", cross + "_layer_norm")
                .linear("decoder.block#.cross.input", cross + ".q_proj", cross + ".k_proj", cross + ".v_proj")
                .linear("decoder.block#.cross.output", cross + ".out_proj");
        return new ForeignModel<>(
                settings,
                data,
                parameter -> switch (parameter.name()) {
                    case "head.bias" -> StoredTensor.as("final_logits_bias", parameter);
                    case "head.weight" -> StoredTensor.as("lm_head.weight", parameter);
                    default -> layout.of(parameter);
                },
                name -> COPIES.contains(name) && (tied || !name.equals("lm_head.weight")));
    }

    private static void side(Naming layout, String side) {
        String block = "model." + side + ".layers.#.";
        String self = block + "self_attn";
        layout.same(side + ".position", "model." + side + ".embed_positions")
                .same(side + ".norm", "model." + side + ".layernorm_embedding")
                .same(side + ".block#.norm1", self + "_layer_norm")
                .linear(side + ".block#.attention.input", self + ".q_proj", self + ".k_proj", self + ".v_proj")
                .linear(side + ".block#.attention.output", self + ".out_proj")
                .same(side + ".block#.norm2", block + "final_layer_norm")
                .linear(side + ".block#.mlp.up", block + "fc1")
                .linear(side + ".block#.mlp.down", block + "fc2");
    }
}
