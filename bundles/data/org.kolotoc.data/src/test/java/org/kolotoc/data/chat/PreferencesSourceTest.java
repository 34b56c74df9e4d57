package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.data.world.Interview;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

class PreferencesSourceTest extends DataSourceConformance<PreferencesSettings> {
    private static final WorldChoice SMALL = new WorldChoice(1, 6, List.of(), 0.34);

    @Override
    protected DataSource<PreferencesSettings> source() {
        return new PreferencesSource();
    }

    @Override
    protected PreferencesSettings settings() {
        return new PreferencesSettings(
                SMALL, 2, 40, 0, 0.1, new ChatTemplate("?", ":", "\n", "|"), new Lengths(15, 256, ChatTokens.Cut.LEFT));
    }

    private static PreferencesSettings settings(int answers, int count, double noise) {
        return settings(answers, count, 0, noise);
    }

    private static PreferencesSettings settings(int answers, int count, int heldOut, double noise) {
        return new PreferencesSettings(
                QuestionsSourceTest.WORLD,
                answers,
                count,
                heldOut,
                noise,
                ChatTemplate.STANDARD,
                QuestionsSourceTest.LENGTHS);
    }

    @Override
    protected Stream<Refused<PreferencesSettings>> refused() {
        return Stream.of(
                new Refused<>(
                        new PreferencesSettings(
                                QuestionsSourceTest.WORLD,
                                4,
                                0,
                                0,
                                0,
                                new ChatTemplate("Q", "A", "\n", ""),
                                QuestionsSourceTest.LENGTHS),
                        "template.reward"),
                new Refused<>(
                        new PreferencesSettings(
                                new WorldChoice(1, 4, List.of(), 0.34),
                                9,
                                0,
                                0,
                                0,
                                ChatTemplate.STANDARD,
                                QuestionsSourceTest.LENGTHS),
                        "answers"));
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", open(settings()).dimensions().get("time"), "answer", 2);
    }

    private Rankings open(PreferencesSettings settings) {
        return (Rankings) source().open(settings, context());
    }

    /** More than there are questions ask them again, with other answers; training stays what it was. */
    @Test
    void asManyAreHeldOutAsAskedFor() {
        Rankings once = open(settings(2, 50, 0.25));
        int questions = once.rankings("validation").size();
        for (int heldOut : new int[] {1, questions, 3 * questions + 1}) {
            Rankings many = open(settings(2, 50, heldOut, 0.25));
            List<Ranking> validation = many.rankings("validation");
            assertEquals(heldOut, validation.size());
            assertEquals(Math.min(heldOut, questions), asked(validation).size());
            assertEquals(once.rankings("train"), many.rankings("train"));
            assertTrue(Collections.disjoint(asked(validation), asked(many.rankings("train"))));
        }
        List<Ranking> again = open(settings(2, 50, 3 * questions, 0)).rankings("validation");
        assertNotEquals(again.subList(0, questions), again.subList(questions, 2 * questions));
    }

    private static Set<String> asked(List<Ranking> rankings) {
        return rankings.stream().map(Ranking::question).collect(Collectors.toSet());
    }

    @Test
    void withoutNoiseTheOrderIsThatOfQuality() {
        Judge judge = new WorldJudge().create(QuestionsSourceTest.WORLD);
        for (int answers : new int[] {2, 3, 4, 5}) {
            for (Ranking ranking : open(settings(answers, 50, 0)).rankings("train")) {
                assertEquals(answers, ranking.answers().size());
                double above = 2;
                for (int i = 0; i < answers; i++) {
                    double quality = judge.quality(
                            new Exchange(ranking.question(), ranking.answers().get(i)));
                    assertEquals(quality, ranking.qualities().get(i));
                    assertTrue(quality < above && quality > 0, ranking::toString);
                    above = quality;
                }
            }
        }
    }

    /** From three to nine, as annotators put them in order; equally good ones may stand either way. */
    @Test
    void asManyAnswersAsAskedAreInOrder() {
        for (int answers = 3; answers <= 9; answers++) {
            for (String split : List.of("train", "validation")) {
                for (Ranking ranking : open(settings(answers, 60, 0)).rankings(split)) {
                    assertEquals(answers, Set.copyOf(ranking.answers()).size(), ranking::toString);
                    for (int i = 1; i < answers; i++) {
                        assertTrue(
                                ranking.qualities().get(i - 1)
                                        >= ranking.qualities().get(i),
                                ranking::toString);
                    }
                    assertTrue(ranking.qualities().stream().distinct().count() >= Math.min(answers, 5));
                }
            }
        }
    }

    @Test
    void noiseTurnsItsShareOfComparisonsRound() {
        for (String split : List.of("train", "validation")) {
            List<Ranking> rankings = open(settings(2, 2000, 0.25)).rankings(split);
            double turned = rankings.stream()
                    .filter(each -> each.qualities().get(0) < each.qualities().get(1))
                    .count();
            assertEquals(0.25, turned / rankings.size(), 0.001, split);
        }
    }

    @Test
    void whatIsHeldOutIsNeitherAskedForNorToldInTraining() {
        Interview interview = QuestionsSourceTest.WORLD.interview(Ledger.NONE);
        Rankings data = open(settings(5, 3000, 0));
        Set<String> told = new HashSet<>();
        data.rankings("train").forEach(each -> told.addAll(each.answers()));
        for (Interview.Asked question : interview.asked(true)) {
            assertFalse(told.contains(interview.answer(question, Interview.Grade.RIGHT, 0)), question::question);
            assertFalse(told.contains(interview.answer(question, Interview.Grade.WRONG, 5)), question::question);
        }
    }

    /** The length of an answer, or the words of it and of the question, taken one by one, say next to nothing. */
    @Test
    void neitherLengthNorWordsTellWhichIsBetter() {
        Rankings data = open(settings(4, 1500, 0));
        double longer = 0;
        double pairs = 0;
        for (Ranking ranking : data.rankings("validation")) {
            for (int better = 0; better < 4; better++) {
                for (int worse = better + 1; worse < 4; worse++) {
                    longer += Math.signum(ranking.answers().get(better).length()
                                            - ranking.answers().get(worse).length())
                                    / 2.0
                            + 0.5;
                    pairs++;
                }
            }
        }
        assertTrue(Math.max(longer, pairs - longer) / pairs <= 0.65, "longer: " + longer / pairs);
        double accuracy = bagOfWords(data.rankings("train"), data.rankings("validation"));
        assertTrue(accuracy <= 0.65, "bag of words: " + accuracy);
    }

    /** Logistic regression of pairs on the words of the answers: what they share with the question cancels in a pair. */
    private static double bagOfWords(List<Ranking> train, List<Ranking> heldOut) {
        Map<String, Double> weights = new HashMap<>();
        for (int pass = 0; pass < 3; pass++) {
            for (Ranking ranking : train) {
                for (int i = 0; i + 1 < 4; i++) {
                    Map<String, Double> apart =
                            apart(ranking.answers().get(i), ranking.answers().get(i + 1));
                    double pull = 0.05 / (1 + Math.exp(score(weights, apart)));
                    apart.forEach((word, count) -> weights.merge(word, pull * count, Double::sum));
                }
            }
        }
        double right = 0;
        double pairs = 0;
        for (Ranking ranking : heldOut) {
            for (int better = 0; better < 4; better++) {
                for (int worse = better + 1; worse < 4; worse++) {
                    double score = score(
                            weights,
                            apart(
                                    ranking.answers().get(better),
                                    ranking.answers().get(worse)));
                    right += score > 0 ? 1 : score == 0 ? 0.5 : 0;
                    pairs++;
                }
            }
        }
        return right / pairs;
    }

    private static double score(Map<String, Double> weights, Map<String, Double> words) {
        return words.entrySet().stream()
                .mapToDouble(word -> weights.getOrDefault(word.getKey(), 0.0) * word.getValue())
                .sum();
    }

    private static Map<String, Double> apart(String better, String worse) {
        Map<String, Double> words = new HashMap<>();
        Arrays.stream(better.split("\\W+")).forEach(word -> words.merge(word, 1.0, Double::sum));
        Arrays.stream(worse.split("\\W+")).forEach(word -> words.merge(word, -1.0, Double::sum));
        return words;
    }

    /** A row is the question, an answer, what ends it and the mark, and then nothing but filling. */
    @Test
    void theMarkStandsBehindEveryAnswer() {
        Rankings data = open(settings(4, 30, 0));
        int time = data.dimensions().get("time");
        try (ReferenceBackend host = new ReferenceBackend();
                Buffer tokens = host.allocate(DType.I32, Shape.of(1, 4, time));
                Buffer weights = host.allocate(DType.F32, Shape.of(1, 4, time))) {
            for (int i = 0; i < 20; i++) {
                data.batches("validation", Map.of("batch", 1), 1).fill(i, Map.of("tokens", tokens, "weights", weights));
                int[] all = new int[4 * time];
                float[] counted = new float[4 * time];
                tokens.read(all);
                weights.read(counted);
                Ranking ranking = data.rankings("validation").get(i);
                for (int answer = 0; answer < 4; answer++) {
                    int[] row = Arrays.copyOfRange(all, answer * time, (answer + 1) * time);
                    Exchange exchange =
                            new Exchange(ranking.question(), ranking.answers().get(answer));
                    String text = ChatTemplate.STANDARD.text(exchange) + ChatTemplate.STANDARD.reward();
                    List<Integer> expected = new ArrayList<>();
                    Arrays.stream(data.tokens().encode(text)).forEach(expected::add);
                    assertEquals(text, data.tokens().tokenizer().decode(Arrays.copyOf(row, expected.size())));
                    for (int at = expected.size(); at < time; at++) {
                        assertEquals(data.tokens().pad(), row[at]);
                    }
                    float sum = 0;
                    for (int at = 0; at < time; at++) {
                        sum += counted[answer * time + at];
                    }
                    assertEquals(exchange.answer().length() + 1, sum);
                }
            }
        }
    }
}
