package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.data.world.Interview;
import org.kolotoc.data.world.Narrator;
import org.kolotoc.data.world.World;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

class QuestionsSourceTest extends DataSourceConformance<QuestionsSettings> {
    static final WorldChoice WORLD = new WorldChoice(3, 24, List.of(), 0.25);
    static final Lengths LENGTHS = new Lengths(256, 256, ChatTokens.Cut.LEFT);

    private static final QuestionsSettings ALL = settings(0, 0, 0, LENGTHS);

    @Override
    protected DataSource<QuestionsSettings> source() {
        return new QuestionsSource();
    }

    @Override
    protected QuestionsSettings settings() {
        return new QuestionsSettings(
                new WorldChoice(1, 6, List.of(), 0.34),
                40,
                0.1,
                0.1,
                new ChatTemplate("?", ":", "\n", "|"),
                new Lengths(15, 256, ChatTokens.Cut.LEFT));
    }

    static QuestionsSettings settings(int count, double wrong, double beside, Lengths lengths) {
        return new QuestionsSettings(WORLD, count, wrong, beside, ChatTemplate.STANDARD, lengths);
    }

    @Override
    protected Stream<Refused<QuestionsSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(0, 0.7, 0.4, LENGTHS), "beside"),
                new Refused<>(settings(0, 0, 0, new Lengths(7, 256, ChatTokens.Cut.LEFT)), "lengths.prompt"),
                new Refused<>(
                        new QuestionsSettings(WORLD, 0, 0, 0, new ChatTemplate("Q", "A", "##", "|"), LENGTHS),
                        "template.stop"),
                new Refused<>(
                        new QuestionsSettings(WORLD, 0, 0, 0, new ChatTemplate("", "", "\n", "|"), LENGTHS),
                        "template.answer"));
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", open(settings()).dimensions().get("time"));
    }

    private ChatDataset open(QuestionsSettings settings) {
        return (ChatDataset) source().open(settings, context());
    }

    private static double share(List<Exchange> exchanges, Predicate<Exchange> which) {
        return exchanges.stream().filter(which).count() / (double) exchanges.size();
    }

    /** The fact itself, right or wrong, is told by no answer for training; everybody is in some of them. */
    @Test
    void whatIsHeldOutIsNeitherAskedForNorToldInTraining() {
        Interview interview = WORLD.interview(Ledger.NONE);
        ChatDataset data = open(settings(0, 0.3, 0.3, LENGTHS));
        Set<String> told = new HashSet<>();
        data.exchanges("train").forEach(each -> told.add(each.answer()));
        Set<String> asked = new HashSet<>();
        data.exchanges("train").forEach(each -> asked.add(each.question()));
        assertEquals(24 * 4 / 4 * 12, data.exchanges("validation").size());
        assertEquals(24 * 3 * 12, data.exchanges("train").size());
        for (Interview.Asked question : interview.asked(true)) {
            assertFalse(asked.contains(question.question()), question::question);
            assertFalse(told.contains(interview.answer(question, Interview.Grade.RIGHT, 0)), question::question);
            assertFalse(told.contains(interview.answer(question, Interview.Grade.WRONG, 5)), question::question);
        }
        for (World.Person person : World.of(3, 24).people()) {
            assertTrue(told.stream().anyMatch(each -> each.matches(".*\\b" + person.name() + "\\b.*")), person::name);
        }
    }

    @Test
    void answersAreAsGoodAsTheSettingsSay() {
        Judge judge = new WorldJudge().create(WORLD);
        ChatDataset good = open(ALL);
        assertEquals(1, share(good.exchanges("train"), each -> judge.quality(each) == 1));
        ChatDataset mixed = open(settings(0, 0.3, 0.2, LENGTHS));
        List<Exchange> train = mixed.exchanges("train");
        assertEquals(24 * 3 * 4 * 3, train.size());
        assertEquals(0.3, share(train, each -> judge.quality(each) == 0.7), 0.05);
        assertEquals(0.2, share(train, each -> judge.quality(each) == 0.5), 0.05);
        assertEquals(0.5, share(train, each -> judge.quality(each) == 1), 0.05);
        assertEquals(1, share(mixed.exchanges("validation"), each -> judge.quality(each) == 1));
        assertEquals(0, judge.quality(new Exchange(train.getFirst().question(), "I do not know.")));
    }

    @Test
    void aNumberOfExchangesIsTheFirstOfAll() {
        List<Exchange> all = open(ALL).exchanges("train");
        assertEquals(all.subList(0, 100), open(settings(100, 0, 0, LENGTHS)).exchanges("train"));
        assertEquals(all.size(), new HashSet<>(all).size());
    }

    /** The stop counts, the question and what fills a row do not, and neither is filled with what ends an answer. */
    @Test
    void theAnswerAndItsEndCountAlone() {
        ChatDataset data = open(ALL);
        int time = data.dimensions().get("time");
        try (ReferenceBackend host = new ReferenceBackend()) {
            Map<String, Buffer> feeds = Map.of(
                    "tokens", host.allocate(DType.I32, Shape.of(1, time)),
                    "targets", host.allocate(DType.I32, Shape.of(1, time)),
                    "weights", host.allocate(DType.F32, Shape.of(1, time)));
            Batches batches = data.batches("validation", Map.of("batch", 1, "time", time), 1);
            for (int i = 0; i < 50; i++) {
                batches.fill(i, feeds);
                int[] tokens = new int[time];
                int[] targets = new int[time];
                float[] weights = new float[time];
                feeds.get("tokens").read(tokens);
                feeds.get("targets").read(targets);
                feeds.get("weights").read(weights);
                Exchange exchange = data.exchanges("validation").get(i);
                int[] prompt = data.prompt(exchange.question());
                List<Integer> counted = new ArrayList<>();
                for (int at = 0; at < time; at++) {
                    assertEquals(at < prompt.length ? prompt[at] : tokens[at], tokens[at]);
                    if (weights[at] == 1) {
                        counted.add(targets[at]);
                    } else {
                        assertTrue(at + 1 < prompt.length
                                || targets[at] == data.tokens().pad());
                    }
                }
                int[] answer = counted.stream().mapToInt(each -> each).toArray();
                assertEquals(data.tokens().stop(), answer[answer.length - 1]);
                assertEquals(exchange.answer(), data.tokens().said(answer));
                assertNotEquals(data.tokens().stop(), data.tokens().pad());
            }
        }
    }

    @Test
    void questionsThatAreTooLongAreCutWhereTheSettingsSayAndCounted() {
        List<String> said = new ArrayList<>();
        for (ChatTokens.Cut cut : ChatTokens.Cut.values()) {
            ChatDataset data = (ChatDataset)
                    source().open(settings(0, 0, 0, new Lengths(30, 256, cut)), new Told(context(), said));
            String question = "I want to know: Where does Anna live?";
            String prompt = data.tokens().tokenizer().decode(data.prompt(question));
            String kept = question.substring(
                    cut == ChatTokens.Cut.LEFT ? question.length() - 23 : 0,
                    cut == ChatTokens.Cut.LEFT ? question.length() : 23);
            assertEquals("Q: " + kept + "\nA: ", prompt);
            assertTrue(said.getLast().startsWith("truncated lengths.prompt: "), said::toString);
            assertTrue(said.getLast().contains(cut == ChatTokens.Cut.LEFT ? "beginning" : "end"), said::toString);
        }
        said.clear();
        source().open(settings(0, 0, 0, new Lengths(256, 20, ChatTokens.Cut.LEFT)), new Told(context(), said));
        assertTrue(said.getLast().startsWith("skipped lengths.answer: "), said::toString);
    }

    /** Of any world: somebody who is held out may have the only capital of its kind. */
    @Test
    void aTokenizerThatIsMadeForQuestionsReadsTheWorldToo() throws IOException {
        for (int seed = 0; seed < 8; seed++) {
            WorldChoice choice = new WorldChoice(seed, 10 + 4 * seed, List.of(), 0.4);
            QuestionsSettings settings = new QuestionsSettings(choice, 20, 0, 0, ChatTemplate.STANDARD, LENGTHS);
            StringBuilder text = new StringBuilder();
            new Narrator(World.of(seed, choice.people()), seed).tell(200_000, text, _ -> {});
            assertEquals(200_000, open(settings).tokens().encode(text.toString()).length);
        }
    }

    @Test
    void theControlHasAnswersOfOthers() {
        ChatDataset data = open(ALL);
        ChatDataset control = (ChatDataset) data.controls().get("shuffled");
        Judge judge = new WorldJudge().create(WORLD);
        assertEquals(
                data.exchanges("validation").size(),
                control.exchanges("validation").size());
        assertFalse(share(control.exchanges("validation"), each -> judge.quality(each) == 1) > 0.2);
    }
}
