package org.kolotoc.phase.rlhf;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Model;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.data.chat.Lengths;
import org.kolotoc.data.chat.PreferencesSettings;
import org.kolotoc.data.chat.PreferencesSource;
import org.kolotoc.data.chat.QuestionsSettings;
import org.kolotoc.data.chat.QuestionsSource;
import org.kolotoc.data.chat.WorldChoice;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;

/** Questions, preferences and the smallest models of each kind. */
final class Toyland {
    private static final WorldChoice WORLD = new WorldChoice(1, 6, List.of(), 0.34);
    private static final ChatTemplate TEMPLATE = new ChatTemplate("?", ":", "\n", "|");
    private static final Lengths LENGTHS = new Lengths(12, 60, ChatTokens.Cut.LEFT);
    private static final BenchDataContext CONTEXT = new BenchDataContext(Path.of("."), 1, Toys::tokenizer);

    static final ChatDataset QUESTIONS =
            (ChatDataset) new QuestionsSource().open(new QuestionsSettings(WORLD, 0, 0, 0, TEMPLATE, LENGTHS), CONTEXT);
    static final ChatDataset PREFERENCES = (ChatDataset)
            new PreferencesSource().open(new PreferencesSettings(WORLD, 3, 6, 0, 0, TEMPLATE, LENGTHS), CONTEXT);
    static final int VOCAB = QUESTIONS.dimensions().get("vocab");

    private Toyland() {}

    static Model policy() {
        return Toys.bigram(VOCAB, 96);
    }

    /**
     * The reward so far: a number for each token of the answer. What a question has is no merit of an answer, and would be far more
     * than what a policy can change in a few steps.
     */
    static Model reward() {
        int answer = QUESTIONS.tokens().encode(TEMPLATE.answer())[0];
        return Model.of(
                "i32 tokens[batch,time] -> f32 reward[batch,time]",
                Dimensions.none(),
                List.of(Parameter.of("letters", new Initializer.Normal(0.5), VOCAB)),
                (weights, inputs, _) -> {
                    Tensor tokens = inputs.get("tokens");
                    Tensor answered = tokens.eq(tokens.constant(answer))
                            .cast(DType.F32)
                            .cumulativeSum(1)
                            .minimum(1);
                    Tensor letters = weights.get("letters").gather(tokens);
                    return Map.of("reward", letters.mul(answered).cumulativeSum(1));
                });
    }

    static Map<String, Model> models(boolean critic) {
        Map<String, Model> models = new HashMap<>(Map.of("model", policy(), "reference", policy(), "reward", reward()));
        if (critic) {
            models.put("critic", reward());
        }
        return models;
    }
}
