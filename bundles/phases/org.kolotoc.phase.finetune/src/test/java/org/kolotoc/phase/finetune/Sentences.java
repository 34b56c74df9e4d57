package org.kolotoc.phase.finetune;

import java.nio.file.Path;
import org.kolotoc.api.Model;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.data.chat.Lengths;
import org.kolotoc.data.chat.TasksSettings;
import org.kolotoc.data.chat.TasksSource;
import org.kolotoc.data.task.Task;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;

/** Sentences with one of two answers, for whoever learns to classify: 300, and 11 held out. */
final class Sentences {
    private Sentences() {}

    static ChatDataset of(Task task) {
        return (ChatDataset) new TasksSource()
                .open(
                        new TasksSettings(
                                task,
                                1,
                                300,
                                11,
                                20,
                                3,
                                10,
                                false,
                                new ChatTemplate("", "|", "\n", ""),
                                new Lengths(80, 20, ChatTokens.Cut.LEFT)),
                        new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
    }

    /** A bench for a model of that name, {@code model}. */
    static Bench bench(Model model, ChatDataset sentences) {
        return Bench.of(model, sentences, 1).withTokenizer(sentences.tokens().tokenizer());
    }

    /** What a weight of the model holds. */
    static float[] weights(Bench bench, String name) {
        Buffer buffer = bench.state().buffer("model/" + name);
        float[] values = new float[buffer.shape().size()];
        buffer.read(values);
        return values;
    }
}
