package org.kolotoc.model.bert;

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
import org.kolotoc.model.bert.BertSettings.Head;
import org.kolotoc.model.bert.BertSettings.Pooling;
import org.kolotoc.nn.Activation;
import org.kolotoc.nn.TransformerBlock.Placement;

/** What is made of the configuration of another library. */
class CheckpointTest {
    private static final Map<String, Object> SOUND = Map.of(
            "model_type", "bert",
            "hidden_size", 8,
            "num_hidden_layers", 1,
            "num_attention_heads", 2,
            "intermediate_size", 12,
            "vocab_size", 20,
            "max_position_embeddings", 16,
            "type_vocab_size", 2);

    @Test
    void tensorsTellTheHead() {
        assertEquals(Head.NONE, read(SOUND, "embeddings.LayerNorm.weight"));
        assertEquals(Head.MASKED, read(SOUND, "cls.predictions.bias"));
        assertEquals(Head.CLASSIFIER, read(SOUND, "classifier.weight"));
    }

    /** A misspelt, a missing and an unknown field, and parts that there are not: one message has all. */
    @Test
    void whatItAsksForAndIsNotHadIsRefusedByNameAllAtOnce() {
        Map<String, Object> config = new HashMap<>(SOUND);
        config.remove("vocab_size");
        config.put("hidden_act", "quick_gelu");
        config.put("position_embedding_type", "relative_key");
        config.put("num_hidden_layers", 1.5);
        config.put("is_decoder", true);
        config.put("hidden_dropout_prob", 0.1);
        config.put("attention_probs_dropout_prob", 0.2);
        config.put("layers_to_skip", 3);
        String message = assertThrows(InputError.class, () -> read(config, "embeddings.LayerNorm.weight"))
                .getMessage();
        assertEquals(7, message.lines().count(), message);
        for (String expected : new String[] {
            "\"vocab_size\" is missing",
            "\"hidden_act\" is \"quick_gelu\"; expected one of gelu,",
            "\"position_embedding_type\" is \"relative_key\"",
            "\"num_hidden_layers\" is 1.5",
            "\"is_decoder\" is true",
            "\"attention_probs_dropout_prob\" is 0.2; expected 0.1",
            "\"layers_to_skip\" is 3"
        }) {
            assertTrue(message.contains("config.json: " + expected), message);
        }
    }

    /** RoBERTa, whose positions begin later: every setting has a value that is none of the layout's defaults. */
    @Test
    void everySettingComesBack() {
        BertSettings settings = new BertSettings(
                2,
                4,
                16,
                24,
                4,
                40,
                0.1,
                1,
                2,
                Activation.RELU,
                1e-4,
                Placement.POST,
                0.05,
                Head.CLASSIFIER,
                Pooling.FIRST,
                3);
        Dimensions data = Dimensions.of("vocab", 11);
        WrittenModel written = new BertFamily().write(settings, data);
        ForeignModel<BertSettings> back =
                new BertFamily().read(new ForeignConfig("config.json", written.config()), written.tensors());
        assertEquals(settings, back.settings());
        assertEquals(data, back.data());
    }

    /** Neither norms before blocks nor a classifier of means has a field there. */
    @Test
    void whatTheLayoutCanNotSayIsRefusedByName() {
        Dimensions data = Dimensions.of("vocab", 11);
        BertSettings settings = BertFamilyTest.bert(2, 0, Head.CLASSIFIER, Placement.PRE, Pooling.MEAN);
        String message = assertThrows(InputError.class, () -> new BertFamily().write(settings, data))
                .getMessage();
        assertTrue(message.contains("placement") && message.contains("pooling"), message);
    }

    private static Head read(Map<String, Object> config, String tensor) {
        return new BertFamily()
                .read(new ForeignConfig("config.json", config), Set.of(tensor))
                .settings()
                .head();
    }
}
