package org.kolotoc.model.seq2seq;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.Naming;
import org.kolotoc.api.checkpoint.Unsayable;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.seq2seq.Seq2SeqSettings.Style;
import org.kolotoc.nn.Activation;

/** Checkpoints of T5 in the Hugging Face layout, whose matrices are {@code [out, in]}. */
final class T5Checkpoint {
    /** T5 has no longest text; memory sets it. */
    private static final int CONTEXT = 512;

    private static final Set<String> COPIES =
            Set.of("encoder.embed_tokens.weight", "decoder.embed_tokens.weight", "lm_head.weight");

    private static final Map<String, Activation> ACTIVATIONS =
            Map.of("relu", Activation.RELU, "gated-gelu", Activation.GEGLU);

    private T5Checkpoint() {}

    static WrittenModel write(Seq2SeqSettings settings, Dimensions data) {
        Unsayable unsayable = new Unsayable("T5");
        unsayable.only("activation", settings.activation(), Activation.RELU, Activation.GEGLU);
        unsayable.only("crossAttention", settings.crossAttention(), true);
        unsayable.check();
        int headWidth = settings.headWidth() == 0 ? settings.width() / settings.heads() : settings.headWidth();
        return new WrittenModel(
                Map.ofEntries(
                        Map.entry("model_type", "t5"),
                        Map.entry("architectures", List.of("T5ForConditionalGeneration")),
                        Map.entry("is_encoder_decoder", true),
                        Map.entry("vocab_size", data.get("vocab")),
                        Map.entry("num_layers", settings.layers()),
                        Map.entry("num_decoder_layers", settings.decoderBlocks()),
                        Map.entry("num_heads", settings.heads()),
                        Map.entry("d_kv", headWidth),
                        Map.entry("d_model", settings.width()),
                        Map.entry("n_positions", settings.context()),
                        Map.entry("d_ff", settings.hidden()),
                        Map.entry("dropout_rate", settings.dropout()),
                        Map.entry("feed_forward_proj", WrittenModel.name(ACTIVATIONS, settings.activation())),
                        Map.entry("tie_word_embeddings", settings.tied()),
                        Map.entry("relative_attention_num_buckets", settings.buckets()),
                        Map.entry("relative_attention_max_distance", settings.distance()),
                        Map.entry("layer_norm_epsilon", settings.epsilon()),
                        Map.entry("decoder_start_token_id", settings.start())),
                Set.of());
    }

    static ForeignModel<Seq2SeqSettings> read(ForeignConfig config) {
        boolean tied = config.flag("tie_word_embeddings", true);
        config.only("scale_decoder_outputs", tied);
        config.only("is_decoder", false);
        // Both say what the first of them says.
        config.ignore("dense_act_fn", "is_gated_act");
        // Of a classifier that is another model.
        config.ignore("classifier_dropout");
        Activation activation = config.oneOf("feed_forward_proj", "relu", ACTIVATIONS);
        int layers = config.size("num_layers");
        Seq2SeqSettings settings = new Seq2SeqSettings(
                Style.T5,
                layers,
                config.size("num_decoder_layers", layers),
                config.size("num_heads"),
                config.size("d_kv"),
                config.size("d_model"),
                config.size("n_positions", CONTEXT),
                4,
                config.size("d_ff"),
                config.agreed(0, "dropout_rate"),
                activation,
                tied,
                config.size("relative_attention_num_buckets", 32),
                config.size("relative_attention_max_distance", 128),
                config.number("layer_norm_epsilon", 1e-6),
                (int) config.number("decoder_start_token_id", 0),
                true);
        Dimensions data = Dimensions.of("vocab", config.size("vocab_size"));
        config.check();
        Naming layout = new Naming().same("token", "shared");
        side(layout, "encoder", 1, activation.gated());
        side(layout, "decoder", 2, activation.gated());
        String cross = "decoder.block.#.layer.1.";
        layout.same("decoder.block#.norm3", cross + "layer_norm")
                .linear(
                        "decoder.block#.cross.input",
                        cross + "EncDecAttention.q",
                        cross + "EncDecAttention.k",
                        cross + "EncDecAttention.v")
                .linear("decoder.block#.cross.output", cross + "EncDecAttention.o")
                .same("head", "lm_head");
        return new ForeignModel<>(
                settings,
                data,
                layout,
                name -> COPIES.contains(name) && (tied || !name.equals("lm_head.weight"))
                        || name.equals("decoder.block.0.layer.1.EncDecAttention.relative_attention_bias.weight"));
    }

    /** @param mlp which of a block's layers that is */
    private static void side(Naming layout, String side, int mlp, boolean gated) {
        String self = side + ".block.#.layer.0.";
        String dense = side + ".block.#.layer." + mlp + ".";
        layout.same(side + ".relative", side + ".block.0.layer.0.SelfAttention.relative_attention_bias")
                .same(side + ".block#.norm1", self + "layer_norm")
                .linear(
                        side + ".block#.attention.input",
                        self + "SelfAttention.q",
                        self + "SelfAttention.k",
                        self + "SelfAttention.v")
                .linear(side + ".block#.attention.output", self + "SelfAttention.o")
                .same(side + ".block#.norm2", dense + "layer_norm")
                .linear(side + ".block#.mlp.gate", dense + "DenseReluDense.wi_0")
                .linear(side + ".block#.mlp.up", dense + (gated ? "DenseReluDense.wi_1" : "DenseReluDense.wi"))
                .linear(side + ".block#.mlp.down", dense + "DenseReluDense.wo")
                .same(side + ".norm", side + ".final_layer_norm");
    }
}
