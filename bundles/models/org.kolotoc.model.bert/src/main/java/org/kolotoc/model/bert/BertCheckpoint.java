package org.kolotoc.model.bert;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.checkpoint.ForeignConfig;
import org.kolotoc.api.checkpoint.ForeignModel;
import org.kolotoc.api.checkpoint.Naming;
import org.kolotoc.api.checkpoint.Unsayable;
import org.kolotoc.api.checkpoint.WrittenModel;
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.model.bert.BertSettings.Pooling;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** Checkpoints of BERT and RoBERTa in the Hugging Face layout, whose matrices are {@code [out, in]}. */
final class BertCheckpoint {
    static final List<String> ARCHITECTURES = List.of("bert", "roberta");

    private static final Map<String, Activation> ACTIVATIONS = Map.of(
            "gelu", Activation.GELU_EXACT,
            "gelu_new", Activation.GELU,
            "gelu_pytorch_tanh", Activation.GELU,
            "relu", Activation.RELU,
            "silu", Activation.SILU);

    private BertCheckpoint() {}

    /** RoBERTa where positions are counted from a later row. */
    static WrittenModel write(BertSettings settings, Dimensions data) {
        boolean roberta = settings.firstPosition() > 0;
        Unsayable unsayable = new Unsayable(roberta ? "RoBERTa" : "BERT");
        unsayable.only(
                "activation",
                settings.activation(),
                Activation.GELU,
                Activation.GELU_EXACT,
                Activation.RELU,
                Activation.SILU);
        unsayable.only("placement", settings.placement(), Placement.POST);
        if (settings.head() == Head.CLASSIFIER) {
            unsayable.only("pooling", settings.pooling(), Pooling.FIRST);
        }
        if (settings.types() == 0) {
            unsayable.only("types", 0, 1, 2);
        }
        unsayable.check();
        String name = roberta ? "roberta" : "bert";
        String library = roberta ? "Roberta" : "Bert";
        int hidden = settings.mlpWidth() == 0 ? settings.mlpRatio() * settings.width() : settings.mlpWidth();
        Map<String, Object> config = new TreeMap<>(Map.ofEntries(
                Map.entry("model_type", name),
                Map.entry(
                        "architectures",
                        List.of(library
                                + switch (settings.head()) {
                                    case MASKED -> "ForMaskedLM";
                                    case CLASSIFIER -> "ForSequenceClassification";
                                    case NONE -> "Model";
                                })),
                Map.entry("vocab_size", data.get("vocab")),
                Map.entry("num_hidden_layers", settings.layers()),
                Map.entry("num_attention_heads", settings.heads()),
                Map.entry("hidden_size", settings.width()),
                Map.entry("max_position_embeddings", settings.context() + settings.firstPosition()),
                Map.entry("intermediate_size", hidden),
                Map.entry("hidden_dropout_prob", settings.dropout()),
                Map.entry("attention_probs_dropout_prob", settings.dropout()),
                Map.entry("type_vocab_size", settings.types()),
                Map.entry("hidden_act", WrittenModel.name(ACTIVATIONS, settings.activation())),
                Map.entry("initializer_range", settings.deviation()),
                Map.entry("layer_norm_eps", settings.normEpsilon())));
        if (roberta) {
            config.put("pad_token_id", settings.firstPosition() - 1);
        }
        if (settings.head() == Head.CLASSIFIER) {
            int classes = settings.classes() == 0 ? data.get("class") : settings.classes();
            Map<String, String> labels = new TreeMap<>();
            IntStream.range(0, classes).forEach(label -> labels.put("" + label, "LABEL_" + label));
            config.put("id2label", labels);
        }
        return new WrittenModel(
                config,
                switch (settings.head()) {
                    case MASKED -> Set.of(name + ".", roberta ? "lm_head.bias" : "cls.predictions.bias");
                    case CLASSIFIER -> Set.of(name + ".", "classifier.");
                    case NONE -> Set.of();
                });
    }

    static ForeignModel<BertSettings> read(ForeignConfig config, Set<String> tensors) {
        boolean roberta = config.architecture().equals("roberta");
        Head head = head(tensors);
        config.divides("num_attention_heads", "hidden_size");
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
                config.oneOf("hidden_act", "gelu", ACTIVATIONS),
                config.number("layer_norm_eps", 1e-12),
                Placement.POST,
                config.number("initializer_range", 0.02),
                head,
                Pooling.FIRST,
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
