package org.kolotoc.phase.finetune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Signature;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.data.task.Task;
import org.kolotoc.nn.Sgd;
import org.kolotoc.phase.finetune.ClassifySettings.Reader;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;

/** Two heads on one trunk. */
class ClassifyTest extends PhaseConformance<ClassifySettings> {
    private static final ChatDataset SENTENCES = Sentences.of(Task.JUDGE);

    @Override
    protected Phase<ClassifySettings> phase() {
        return new Classify();
    }

    @Override
    protected ClassifySettings settings() {
        return settings(4, 0.5, 0.001);
    }

    private static ClassifySettings settings(int batch, double auxiliary, double minLearningRate) {
        return new ClassifySettings(batch, auxiliary, 0.05, minLearningRate, 2, 1, Reader.DECODER, false);
    }

    private static ClassifySettings frozen(Reader reader, double auxiliary) {
        return new ClassifySettings(4, auxiliary, 0.05, 0.001, 2, 1, reader, true);
    }

    @Override
    protected Stream<ClassifySettings> otherBatches() {
        return Stream.of(settings(1, 0.5, 0.001), settings(7, 0.5, 0.001));
    }

    @Override
    protected Stream<Refused<ClassifySettings>> refused() {
        return Stream.of(
                new Refused<>(settings(4, 0.5, 0.5), "minLearningRate"),
                new Refused<>(frozen(Reader.DECODER, 0.5), "frozen"));
    }

    @Override
    protected ChatDataset data() {
        return SENTENCES;
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(SENTENCES.tokens().tokenizer());
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", bags());
    }

    /** Classes of all letters so far, the next letter by the last one. */
    private static Model bags() {
        int vocab = SENTENCES.dimensions().get("vocab");
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]; f32 classes[batch,time,class]",
                Dimensions.of("time", 100),
                List.of(
                        Parameter.of("next.weight", new Initializer.Normal(0.1), vocab, vocab),
                        Parameter.of("class.weight", new Initializer.Normal(0.1), vocab, 2)),
                (weights, inputs, _) -> Map.of(
                        "logits", weights.get("next.weight").gather(inputs.get("tokens")),
                        "classes",
                                weights.get("class.weight")
                                        .gather(inputs.get("tokens"))
                                        .cumulativeSum(1)));
    }

    /** A table of classes by position, and one of tokens by position: which rows moved is where each head was read. */
    private static Model positions(int time) {
        int vocab = SENTENCES.dimensions().get("vocab");
        return Model.of(
                "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]; f32 classes[batch,time,class]",
                Dimensions.of("time", time),
                List.of(
                        Parameter.of("next.weight", new Initializer.Normal(0.1), time, vocab),
                        Parameter.of("class.weight", new Initializer.Normal(0.1), time, 2)),
                (weights, inputs, _) -> {
                    Tensor tokens = inputs.get("tokens");
                    Tensor none =
                            tokens.cast(DType.F32).mul(0).reshape(tokens.shape().extent(0), time, 1);
                    return Map.of(
                            "logits",
                            weights.get("next.weight").reshape(1, time, vocab).add(none),
                            "classes",
                            weights.get("class.weight").reshape(1, time, 2).add(none));
                });
    }

    private static Set<Integer> moved(float[] before, float[] after, int time) {
        Set<Integer> moved = new TreeSet<>();
        int width = before.length / time;
        for (int at = 0; at < time; at++) {
            if (!Arrays.equals(before, at * width, (at + 1) * width, after, at * width, (at + 1) * width)) {
                moved.add(at);
            }
        }
        return moved;
    }

    /** The class is read at the last token of a prompt and nowhere else; without the auxiliary loss nothing else is learned. */
    @Test
    void theClassIsReadAtTheLastTokenOfAPrompt() {
        int time = SENTENCES.dimensions().get("time");
        Set<Integer> ends = new TreeSet<>();
        SENTENCES.exchanges("train").forEach(each -> ends.add(SENTENCES.prompt(each.question()).length - 1));
        int longest = ends.stream().max(Integer::compare).orElseThrow();
        for (double auxiliary : new double[] {0, 0.5}) {
            try (Bench bench = Sentences.bench(positions(time), SENTENCES).withOptimizer(new Sgd(0))) {
                float[] classes = Sentences.weights(bench, "class.weight");
                float[] next = Sentences.weights(bench, "next.weight");
                // A pass: every sentence once.
                bench.withSteps(40).train(new Classify(), settings(300, auxiliary, 0.001), 1, 2);
                assertEquals(ends, moved(classes, Sentences.weights(bench, "class.weight"), time));
                Set<Integer> texts = moved(next, Sentences.weights(bench, "next.weight"), time);
                assertTrue(texts.stream().allMatch(at -> at < longest), "the answer is no part of the text");
                assertEquals(auxiliary == 0 ? 0 : longest, texts.size());
            }
        }
    }

    /** Sentences, of which one that is held out is answered as none for training is. */
    private record Odd(ChatDataset all) implements ChatDataset {
        @Override
        public List<Exchange> exchanges(String split) {
            List<Exchange> exchanges = new ArrayList<>(all.exchanges(split));
            if (split.equals("validation")) {
                exchanges.set(
                        1,
                        new Exchange(
                                exchanges.get(1).question(),
                                all.exchanges("train").getFirst().question()));
            }
            return exchanges;
        }

        @Override
        public ChatTokens tokens() {
            return all.tokens();
        }

        @Override
        public int[] prompt(String question) {
            return all.prompt(question);
        }

        @Override
        public List<Signature.Port> fields() {
            return all.fields();
        }

        @Override
        public Dimensions dimensions() {
            return all.dimensions();
        }

        @Override
        public List<String> splits() {
            return all.splits();
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            return all.batches(split, axes, seed);
        }
    }

    @Test
    void aHeldOutAnswerThatIsNoClassIsRefusedBeforeTheFirstStep() {
        try (Bench bench = Sentences.bench(bags(), new Odd(SENTENCES))) {
            assertTrue(assertThrows(InputError.class, () -> new Classify().prepare(settings(), bench))
                    .getMessage()
                    .contains("a held-out answer is none of the 2 answers"));
        }
    }
}
