package org.kolotoc.phase.finetune;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.data.chat.Lengths;
import org.kolotoc.data.chat.TasksSettings;
import org.kolotoc.data.chat.TasksSource;
import org.kolotoc.data.task.Task;
import org.kolotoc.model.seq2seq.Seq2SeqFamily;
import org.kolotoc.model.seq2seq.Seq2SeqSettings;
import org.kolotoc.nn.Activation;
import org.kolotoc.phase.finetune.FinetuneSettings.Reader;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Questions that an encoder reads, and a decoder answers. */
class EncoderFinetuneTest extends PhaseConformance<FinetuneSettings> {
    private static final ChatDataset TASKS = (ChatDataset) new TasksSource()
            .open(
                    new TasksSettings(
                            Task.REVERSE,
                            1,
                            60,
                            7,
                            5,
                            2,
                            4,
                            false,
                            new ChatTemplate("", "|", "\n", ""),
                            new Lengths(20, 20, ChatTokens.Cut.LEFT)),
                    new BenchDataContext(Path.of("."), 1, Toys::tokenizer));

    @Override
    protected Phase<FinetuneSettings> phase() {
        return new Finetune();
    }

    @Override
    protected FinetuneSettings settings() {
        return settings(4);
    }

    private static FinetuneSettings settings(int batch) {
        return new FinetuneSettings(batch, 0.02, 0.001, 2, 1, 0, 0, 5, 2, 0, null, null, Reader.ENCODER);
    }

    @Override
    protected Stream<FinetuneSettings> otherBatches() {
        return Stream.of(settings(1), settings(7));
    }

    @Override
    protected ChatDataset data() {
        return TASKS;
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", model(8));
    }

    private static Model model(int context) {
        return new Seq2SeqFamily()
                .create(
                        new Seq2SeqSettings(
                                Seq2SeqSettings.Style.T5,
                                1,
                                1,
                                2,
                                0,
                                8,
                                context,
                                2,
                                0,
                                0,
                                Activation.RELU,
                                true,
                                4,
                                3,
                                1e-6,
                                0,
                                true),
                        Dimensions.of("vocab", TASKS.dimensions().get("vocab")));
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(TASKS.tokens().tokenizer());
    }

    /** What is read is the prompt, what is written the answer; neither has anything of the other. */
    @Test
    void rowsAreCutWhereTheAnswerBegins() {
        Asking row = new Asking(TASKS, "validation", 1, models().get("model"));
        ReferenceBackend memory = new ReferenceBackend();
        Map<String, Integer> axes = Map.of("batch", 1, "from", 5, "time", 5);
        Map<String, Buffer> feeds = new HashMap<>();
        List<Signature.Port> fields = new ArrayList<>(Asking.INPUTS);
        fields.addAll(TASKS.fields().subList(1, 3));
        fields.forEach(field -> feeds.put(field.name(), memory.allocate(field.dtype(), Shape.of(1, 5))));
        Batches batches = Batches.passes(fields, axes, row.count(), row);
        for (int i = 0; i < row.count(); i++) {
            batches.fill(i, feeds);
            Exchange exchange = TASKS.exchanges("validation").get(i);
            int[] prompt = TASKS.prompt(exchange.question());
            int[] answer = TASKS.tokens().answer(exchange.answer());
            assertEquals(Arrays.toString(Arrays.copyOf(prompt, 5)), ints(feeds, "source"));
            int[] present = new int[5];
            Arrays.fill(present, 0, prompt.length, 1);
            assertEquals(Arrays.toString(present), ints(feeds, "present"));
            assertEquals(Arrays.toString(Arrays.copyOf(answer, 5)), ints(feeds, "targets"));
            int[] target = new int[5];
            System.arraycopy(answer, 0, target, 1, answer.length - 1);
            assertEquals(Arrays.toString(target), ints(feeds, "target"));
            float[] weights = new float[5];
            feeds.get("weights").read(weights);
            for (int at = 0; at < 5; at++) {
                assertEquals(at < answer.length ? 1 : 0, weights[at]);
            }
        }
    }

    private static String ints(Map<String, Buffer> feeds, String name) {
        int[] ints = new int[5];
        feeds.get(name).read(ints);
        return Arrays.toString(ints);
    }

    @Test
    void whatDoesNotFitTheModelIsRefused() {
        try (Bench bench =
                Bench.of(model(3), TASKS, 1).withTokenizer(tokenizer().orElseThrow())) {
            InputError error = assertThrows(InputError.class, () -> phase().prepare(settings(), bench));
            assertTrue(error.getMessage().contains("up to 5 tokens, and the model can read 3"), error.getMessage());
        }
    }

    /** The encoder has a say in the loss. */
    @Test
    void theQuestionIsRead() {
        try (Bench bench = Bench.of(model(8), TASKS, 1)
                        .withTokenizer(tokenizer().orElseThrow())
                        .withSteps(60);
                Training training = phase().prepare(settings(), bench)) {
            float[] before = new float[64];
            List<String> names = List.of("model/encoder.block0.attention.output.weight");
            bench.state().buffer(names.getFirst()).read(before);
            training.step(0, (_, _) -> {});
            float[] after = new float[64];
            bench.state().buffer(names.getFirst()).read(after);
            assertNotEquals(Arrays.toString(before), Arrays.toString(after));
        }
    }
}
