package org.kolotoc.phase.finetune;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.adapter.LoraFamily;
import org.kolotoc.adapter.LoraSettings;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.data.chat.Lengths;
import org.kolotoc.data.chat.QuestionsSettings;
import org.kolotoc.data.chat.QuestionsSource;
import org.kolotoc.data.chat.WorldChoice;
import org.kolotoc.nn.Sgd;
import org.kolotoc.phase.finetune.FinetuneSettings.Reader;
import org.kolotoc.tck.Bench;
import org.kolotoc.tck.BenchDataContext;
import org.kolotoc.tck.PhaseConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tck.Toys;

class FinetuneTest extends PhaseConformance<FinetuneSettings> {
    private static final Judge JUDGE = exchange -> exchange.answer().isEmpty() ? 0 : 1;
    private static final ChatDataset QUESTIONS = questions("?");

    /** @param mark that only prompts have */
    private static ChatDataset questions(String mark) {
        return (ChatDataset) new QuestionsSource()
                .open(
                        new QuestionsSettings(
                                new WorldChoice(1, 6, List.of(), 0.34),
                                0,
                                0,
                                0,
                                new ChatTemplate(mark, ":", "\n", "|"),
                                new Lengths(90, 60, ChatTokens.Cut.LEFT)),
                        new BenchDataContext(Path.of("."), 1, Toys::tokenizer));
    }

    @Override
    protected Phase<FinetuneSettings> phase() {
        return new Finetune();
    }

    @Override
    protected FinetuneSettings settings() {
        return settings(4, 0.05, 3, JUDGE);
    }

    private static FinetuneSettings settings(int batch, double learningRate, int questions, Judge judge) {
        return settings(batch, learningRate, questions, judge, 0, Reader.DECODER);
    }

    private static FinetuneSettings settings(
            int batch, double learningRate, int questions, Judge judge, double textWeight, Reader reader) {
        return new FinetuneSettings(
                batch, learningRate, 0.001, 2, 1, 0, textWeight, questions, 2, 4, null, judge, reader);
    }

    @Override
    protected Stream<FinetuneSettings> otherBatches() {
        return Stream.of(settings(1, 0.05, 3, JUDGE), settings(7, 0.05, 3, JUDGE));
    }

    @Override
    protected ChatDataset data() {
        return QUESTIONS;
    }

    @Override
    protected Map<String, Model> models() {
        return Map.of("model", Toys.bigram(QUESTIONS.dimensions().get("vocab"), 128));
    }

    @Override
    protected Optional<Tokenizer> tokenizer() {
        return Optional.of(QUESTIONS.tokens().tokenizer());
    }

    @Override
    protected Stream<Refused<FinetuneSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(4, 0.0001, 3, JUDGE), "minLearningRate"),
                new Refused<>(settings(4, 0.05, 3, JUDGE, 1, Reader.ENCODER), "textWeight"));
    }

    /** What no answer needs is forgotten for the answers, but where text has a weight. */
    @Test
    void textOfSomeWeightIsKept() {
        Map<Double, Double> losses = new HashMap<>();
        for (double weight : new double[] {0, 1}) {
            try (Bench bench = new Bench(backend(), models(), QUESTIONS, 1)) {
                Map<String, Double> last =
                        bench.train(phase(), settings(8, 0.05, 0, null, weight, Reader.DECODER), 0, 40);
                assertEquals(weight > 0, last.containsKey("loss/text"), last::toString);
                losses.put(weight, lossOfQuestions(bench));
            }
        }
        assertTrue(losses.get(1.0) < losses.get(0.0) - 0.5, losses::toString);
        assertFalse(phase().needs(settings()).data().containsKey("text"));
        assertTrue(phase().needs(settings(8, 0.05, 0, null, 1, Reader.DECODER))
                .data()
                .containsKey("text"));
    }

    /** Nats a token of the questions themselves, which no answer has a part in. */
    private static double lossOfQuestions(Bench bench) {
        int vocab = QUESTIONS.dimensions().get("vocab");
        float[] table = table(bench);
        double loss = 0;
        int count = 0;
        for (Exchange exchange : QUESTIONS.exchanges("train")) {
            int[] prompt = QUESTIONS.prompt(exchange.question());
            for (int i = 0; i + 1 < prompt.length; i++, count++) {
                double sum = 0;
                for (int token = 0; token < vocab; token++) {
                    sum += Math.exp(table[prompt[i] * vocab + token]);
                }
                loss += Math.log(sum) - table[prompt[i] * vocab + prompt[i + 1]];
            }
        }
        return loss / count;
    }

    private static float[] table(Bench bench) {
        int vocab = QUESTIONS.dimensions().get("vocab");
        float[] table = new float[vocab * vocab];
        bench.state().buffer("model/table.weight").read(table);
        return table;
    }

    /**
     * A table of logits after each token shows which tokens had a part in the loss: those that stand before a token of an
     * answer. Not one bit of any other row changes.
     */
    @Test
    void whatIsNoPartOfAnAnswerHasExactlyNoGradient() {
        ChatTokens tokens = QUESTIONS.tokens();
        Set<Integer> before = new HashSet<>();
        Set<Integer> answered = new HashSet<>();
        for (Exchange exchange : QUESTIONS.exchanges("train")) {
            int[] prompt = QUESTIONS.prompt(exchange.question());
            int[] answer = tokens.answer(exchange.answer());
            before.add(prompt[prompt.length - 1]);
            for (int i = 0; i + 1 < answer.length; i++) {
                before.add(answer[i]);
            }
            for (int token : answer) {
                answered.add(token);
            }
        }
        int vocab = QUESTIONS.dimensions().get("vocab");
        try (Bench bench = new Bench(backend(), models(), QUESTIONS, 1).withOptimizer(new Sgd(0))) {
            float[] first = table(bench);
            bench.train(phase(), settings(16, 2, 0, null), 0, 30);
            float[] last = table(bench);
            int still = 0;
            for (int token = 0; token < vocab; token++) {
                float[] was = Arrays.copyOfRange(first, token * vocab, (token + 1) * vocab);
                float[] is = Arrays.copyOfRange(last, token * vocab, (token + 1) * vocab);
                if (!before.contains(token)) {
                    assertArrayEquals(was, is, "after token " + token);
                    still++;
                }
            }
            assertTrue(still > 3, "only " + still + " tokens never stand before a token of an answer");
            int period = tokens.encode(".")[0];
            int stop = tokens.stop();
            assertTrue(
                    last[period * vocab + stop] - first[period * vocab + stop] > 0.1,
                    "the end of an answer is not learned");
        }
    }

    /** By the likeliest token: what a table that was taught one answer says. */
    @Test
    void answersAreComparedToTheLastToken() {
        ChatTokens tokens = QUESTIONS.tokens();
        int vocab = QUESTIONS.dimensions().get("vocab");
        float[] table = new float[vocab * vocab];
        int[] path = tokens.encode(":Hm.\n");
        for (int i = 0; i + 1 < path.length; i++) {
            table[path[i] * vocab + path[i + 1]] = 9;
        }
        Judge judge = exchange ->
                exchange.answer().equals("Hm.") && exchange.question().endsWith("?") ? 0.25 : 0;
        assertEquals(
                Map.of(
                        "accuracy/validation",
                        0.0,
                        "ended/validation",
                        1.0,
                        "quality/validation",
                        0.25,
                        "format/validation",
                        1.0),
                measured(table, judge));
        // Without its end it is no answer, however good it is so far.
        table[tokens.encode(".")[0] * vocab + tokens.stop()] = 0;
        table[tokens.encode(".")[0] * vocab + tokens.encode(".")[0]] = 9;
        Map<String, Double> endless = measured(table, exchange -> 1);
        assertEquals(0, endless.get("ended/validation"));
        assertEquals(0, endless.get("format/validation"));
    }

    /** Whatever the model finds likely; every question has draws of its own, which are the same each time. */
    @Test
    void aDecoderChoosesInThePlaceOfTheLikeliest() {
        int[] said = Arrays.copyOf(QUESTIONS.tokens().encode("No."), 4);
        said[3] = QUESTIONS.tokens().stop();
        List<Double> draws = new ArrayList<>();
        Decoder decoder = Decoder.of((_, random, index) -> {
            draws.add(random.uniform(index));
            return said[index];
        });
        float[] table = new float
                [QUESTIONS.dimensions().get("vocab") * QUESTIONS.dimensions().get("vocab")];
        Judge judge = exchange -> exchange.answer().equals("No.") ? 1 : 0;
        assertEquals(1, measured(table, judge, decoder).get("quality/validation"));
        List<Double> once = List.copyOf(draws);
        assertEquals(5 * said.length, Set.copyOf(once).size());
        draws.clear();
        measured(table, judge, decoder);
        assertEquals(once, draws);
        assertTrue(measured(table, judge).get("quality/validation") < 1);
    }

    private Map<String, Double> measured(float[] table, Judge judge) {
        return measured(table, judge, null);
    }

    private Map<String, Double> measured(float[] table, Judge judge, Decoder decoder) {
        FinetuneSettings settings =
                new FinetuneSettings(4, 0.05, 0.001, 2, 1, 0, 0, 5, 2, 4, decoder, judge, Reader.DECODER);
        try (Bench bench = new Bench(backend(), models(), QUESTIONS, 1);
                Training training = phase().prepare(settings, bench)) {
            bench.state().buffer("model/table.weight").write(table);
            Map<String, Double> measured = Bench.measured(training::evaluate);
            measured.remove("loss/validation");
            return measured;
        }
    }

    /** What is learned is what the adapter adds; the weights under it stay. */
    @Test
    void anAdapterLearnsInThePlaceOfTheModel() {
        Model plain = Toys.bigram(QUESTIONS.dimensions().get("vocab"), 128);
        Model adapted = new LoraFamily()
                .create(new LoraSettings(2, 4, List.of("table")))
                .around(plain);
        try (Bench bench = new Bench(backend(), Map.of("model", adapted), QUESTIONS, 1)) {
            float[] first = table(bench);
            double loss =
                    bench.train(phase(), settings(16, 0.05, 0, null), 0, 2).get("loss/train");
            double later =
                    bench.train(phase(), settings(16, 0.05, 0, null), 2, 30).get("loss/train");
            assertArrayEquals(first, table(bench));
            assertTrue(later < loss - 0.1, loss + " to " + later);
        }
    }

    @Test
    void theQuestionsOfTheDataAreHeldOut() {
        assertFalse(QUESTIONS.exchanges("validation").isEmpty());
        assertTrue(QUESTIONS.exchanges("validation").stream().noneMatch(QUESTIONS.exchanges("train")::contains));
    }
}
