package org.kolotoc.model.bert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.Naming;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.nn.Activation;

/** Checkpoints of BERT and RoBERTa in the Hugging Face layout, whose matrices are {@code [out, in]}. */
final class BertCheckpoint {
    static final List<String> ARCHITECTURES = List.of("bert", "roberta");

    private BertCheckpoint() {}

    static ForeignModel<BertSettings> read(ForeignConfig config, Set<String> tensors) {
        boolean roberta = config.architecture().equals("roberta");
        Head head = head(tensors);
        config.only("is_decoder", false);
        config.only("add_cross_attention", false);
        config.only("position_embedding_type", "absolute");
        // The head that predicts masked tokens has no other matrix than the token vectors.
        config.only("tie_word_embeddings", true);
        config.only("pruned_heads", Map.of());
        int first = roberta ? (int) config.number("pad_token_id", 1) + 1 : 0;
        BertSettings settings = new BertSettings(
                config.size("num_hidden_layers"),
                config.size("num_attention_heads"),
                config.size("hidden_size"),
                Math.max(1, config.size("max_position_embeddings") - first),
                4,
                config.size("intermediate_size"),
                config.agreed(0, "hidden_dropout_prob", "attention_probs_dropout_prob", "classifier_dropout"),
                config.size("type_vocab_size"),
                first,
                config.oneOf(
                        "hidden_act",
                        "gelu",
                        Map.of(
                                "gelu", Activation.GELU_EXACT,
                                "gelu_new", Activation.GELU,
                                "gelu_pytorch_tanh", Activation.GELU,
                                "relu", Activation.RELU,
                                "silu", Activation.SILU)),
                config.number("layer_norm_eps", 1e-12),
                head,
                head == Head.CLASSIFIER ? classes(config) : 0);
        Dimensions data = Dimensions.of("vocab", config.size("vocab_size"));
        config.check();
        String prefix = config.architecture() + ".";
        String trunk = tensors.stream().anyMatch(name -> name.startsWith(prefix)) ? prefix : "";
        return new ForeignModel<>(settings, data, layout(roberta, trunk), name -> surplus(name, trunk, head));
    }

    private static Head head(Set<String> tensors) {
        return tensors.stream().anyMatch(name -> name.startsWith("classifier."))
                ? Head.CLASSIFIER
                : tensors.contains("cls.predictions.bias") || tensors.contains("lm_head.bias")
                        ? Head.MASKED
                        : Head.NONE;
    }

    /** Where labels are not named there are two. */
    private static int classes(ForeignConfig config) {
        int named = config.entries("id2label");
        return config.size("num_labels", named == 0 ? 2 : named);
    }

    private static Naming layout(boolean roberta, String trunk) {
        String block = trunk + "encoder.layer.#.";
        String self = block + "attention.self.";
        String masked = roberta ? "lm_head" : "cls.predictions";
        return new Naming()
                .same("token", trunk + "embeddings.word_embeddings")
                .same("position", trunk + "embeddings.position_embeddings")
                .same("type", trunk + "embeddings.token_type_embeddings")
                .same("norm", trunk + "embeddings.LayerNorm")
                .linear("block#.attention.input", self + "query", self + "key", self + "value")
                .linear("block#.attention.output", block + "attention.output.dense")
                .same("block#.norm1", block + "attention.output.LayerNorm")
                .linear("block#.mlp.up", block + "intermediate.dense")
                .linear("block#.mlp.down", block + "output.dense")
                .same("block#.norm2", block + "output.LayerNorm")
                .linear("head.dense", masked + (roberta ? ".dense" : ".transform.dense"))
                .same("head.norm", masked + (roberta ? ".layer_norm" : ".transform.LayerNorm"))
                .same("head", masked)
                .linear("pooler", roberta ? "classifier.dense" : trunk + "pooler.dense")
                .linear("classes", roberta ? "classifier.out_proj" : "classifier");
    }

    /** Second copies, and heads of another training that no output here is computed from. */
    private static boolean surplus(String name, String trunk, Head head) {
        return name.equals(trunk + "embeddings.position_ids")
                || name.equals("cls.predictions.decoder.weight")
                || name.equals("cls.predictions.decoder.bias")
                || name.equals("lm_head.decoder.weight")
                || name.equals("lm_head.decoder.bias")
                || name.startsWith("cls.seq_relationship.")
                || head != Head.CLASSIFIER && name.startsWith(trunk + "pooler.");
    }
}
