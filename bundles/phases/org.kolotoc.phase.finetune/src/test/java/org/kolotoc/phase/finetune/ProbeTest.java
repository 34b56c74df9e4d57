package org.kolotoc.phase.finetune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.data.task.Task;
import org.kolotoc.phase.finetune.ClassifySettings.Reader;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A head on an encoder that does not learn. */
class ProbeTest extends PhaseConformance<ClassifySettings> {
    private static final int WIDTH = 12;

    private static final ChatDataset SENTENCES = Sentences.of(Task.AGREE);

    @Override
    protected Phase<ClassifySettings> phase() {
        return new Classify();
    }

    @Override
    protected ClassifySettings settings() {
        return settings(true);
    }

    private static ClassifySettings settings(boolean frozen) {
        return new ClassifySettings(60, 0, 0.05, 0.001, 2, 1, Reader.ENCODER, frozen);
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
        return Map.of("model", new Bags());
    }

    /** Classes of the sum of all vectors that are present, behind a bend; its statistic would move in training. */
    private static final class Bags implements Model {
        @Override
        public Signature signature() {
            return Signature.parse("i32 tokens[batch,time]; bool present[batch,time] -> f32 classes[batch,class]");
        }

        @Override
        public List<Parameter> parameters() {
            int vocab = SENTENCES.dimensions().get("vocab");
            return List.of(
                    Parameter.of("token.weight", new Initializer.Normal(0.3), vocab, WIDTH),
                    Parameter.of("classes.weight", new Initializer.Normal(0.1), WIDTH, 2));
        }

        @Override
        public List<Parameter> statistics() {
            return List.of(Parameter.of("seen", Initializer.ZEROS, 1));
        }

        @Override
        public Set<String> heads() {
            return Set.of("classes");
        }

        @Override
        public Dimensions limits() {
            return Dimensions.of("time", 100);
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            Tensor present = inputs.get("present").cast(DType.F32);
            Shape shape = present.shape();
            Tensor vectors = weights.get("token.weight").gather(inputs.get("tokens"));
            Tensor bag = vectors.mul(present.reshape(shape.extent(0), shape.extent(1), 1))
                    .sum(1)
                    .tanh();
            if (pass.training()) {
                pass.keep("seen", weights.get("seen").add(1));
            }
            return Map.of("classes", bag.matmul(weights.get("classes.weight")));
        }
    }

    /** Exactly: after many steps, with momentum and weight decay, no bit of the trunk has changed, and the head has. */
    @Test
    void noBitOfTheTrunkChanges() {
        for (boolean frozen : new boolean[] {true, false}) {
            try (Bench bench = Sentences.bench(new Bags(), SENTENCES)) {
                float[] trunk = Sentences.weights(bench, "token.weight");
                float[] head = Sentences.weights(bench, "classes.weight");
                bench.withSteps(20).train(new Classify(), settings(frozen), 0, 20);
                assertEquals(frozen, Arrays.equals(trunk, Sentences.weights(bench, "token.weight")));
                assertEquals(frozen ? 0 : 20, Sentences.weights(bench, "seen")[0], "a statistic is of the trunk");
                assertFalse(Arrays.equals(head, Sentences.weights(bench, "classes.weight")));
            }
        }
    }

    /** As an adapter leaves it: its own matrices are parameters, and all weights of the model, heads too, are kept as they are. */
    private record Adapted(Bags model, String... names) implements Model {
        @Override
        public Signature signature() {
            return model.signature();
        }

        @Override
        public List<Parameter> parameters() {
            return Arrays.stream(names)
                    .map(name -> Parameter.of(name, Initializer.ZEROS, 2))
                    .toList();
        }

        @Override
        public List<Parameter> statistics() {
            return model.states();
        }

        @Override
        public Set<String> heads() {
            return model.heads();
        }

        @Override
        public Dimensions limits() {
            return model.limits();
        }

        @Override
        public Map<String, Tensor> forward(Weights weights, Map<String, Tensor> inputs, Pass pass) {
            Map<String, Tensor> outputs = new HashMap<>(model.forward(weights, inputs, Pass.inference()));
            for (String name : names) {
                outputs.computeIfPresent("classes", (_, classes) -> classes.add(weights.get(name)));
            }
            return outputs;
        }
    }

    /** Heads alone would learn, and an adapter lets none of them: both settings are named. An adapter of a head is one of them. */
    @Test
    void anAdapterThatLeavesNoHeadToLearnIsRefused() {
        try (Bench bench = adapted("token.weight.down")) {
            String refused = assertThrows(InputError.class, () -> phase().prepare(settings(), bench))
                    .getMessage();
            assertTrue(refused.contains("\"adapter\"") && refused.contains("\"frozen\": false"), refused);
        }
        try (Bench bench = adapted("token.weight.down");
                Training all = phase().prepare(settings(false), bench)) {
            assertNotNull(all);
        }
        try (Bench bench = adapted("token.weight.down", "classes.weight.down")) {
            bench.withSteps(5).train(new Classify(), settings(), 0, 5);
            assertArrayEquals(new float[2], Sentences.weights(bench, "token.weight.down"));
            assertFalse(Arrays.equals(new float[2], Sentences.weights(bench, "classes.weight.down")));
        }
    }

    private static Bench adapted(String... names) {
        return Sentences.bench(new Adapted(new Bags(), names), SENTENCES);
    }

    /** What is present is the prompt and nothing of the answer, so that no class is read off it. */
    @Test
    void theEncoderSeesThePromptAlone() {
        int time = SENTENCES.dimensions().get("time");
        Batches batches = Labelled.of(SENTENCES, "validation", Map.of("batch", 1, "time", time), 1);
        ReferenceBackend memory = new ReferenceBackend();
        Map<String, Buffer> feeds = new HashMap<>();
        feeds.put("tokens", memory.allocate(DType.I32, Shape.of(1, time)));
        feeds.put("present", memory.allocate(DType.BOOL, Shape.of(1, time)));
        for (int i = 0; i < 11; i++) {
            batches.fill(i, feeds);
            int[] prompt =
                    SENTENCES.prompt(SENTENCES.exchanges("validation").get(i).question());
            int[] present = new int[time];
            Arrays.fill(present, 0, prompt.length, 1);
            assertArrayEquals(Arrays.copyOf(prompt, time), ints(feeds.get("tokens"), time));
            assertArrayEquals(present, ints(feeds.get("present"), time));
        }
    }

    private static int[] ints(Buffer buffer, int size) {
        int[] ints = new int[size];
        buffer.read(ints);
        return ints;
    }

    /** Of the held-out texts, those of the class that is the commonest in training. */
    @Test
    void theMajorityIsMeasured() {
        long good = SENTENCES.exchanges("train").stream()
                .filter(each -> each.answer().equals("good"))
                .count();
        String most = good > 150 ? "good" : "bad";
        long right = SENTENCES.exchanges("validation").stream()
                .filter(each -> each.answer().equals(most))
                .count();
        try (Bench bench = Sentences.bench(new Bags(), SENTENCES);
                Training training = phase().prepare(settings(), bench)) {
            Map<String, Double> measured = Bench.measured(training::evaluate);
            assertEquals(right / 11.0, measured.get("majority/validation"), 1e-12);
            assertTrue(!measured.containsKey("perplexity/validation"), measured::toString);
        }
    }
}
