package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.data.task.Task;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class TasksSourceTest extends DataSourceConformance<TasksSettings> {
    private static final ChatTemplate TEMPLATE = new ChatTemplate("", "|", "\n", "");

    private static TasksSettings settings(Task task, long seed, int count, int shortest, boolean unpaired) {
        return new TasksSettings(
                task, seed, count, 40, 20, shortest, 10, unpaired, TEMPLATE, QuestionsSourceTest.LENGTHS);
    }

    @Override
    protected DataSource<TasksSettings> source() {
        return new TasksSource();
    }

    @Override
    protected TasksSettings settings() {
        return settings(Task.SORT, 1, 300, 3, false);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", open(settings()).dimensions().get("time"));
    }

    @Override
    protected Stream<Refused<TasksSettings>> refused() {
        return Stream.of(new Refused<>(settings(Task.COPY, 1, 10, 11, false), "shortest"));
    }

    private ChatDataset open(TasksSettings settings) {
        return (ChatDataset) source().open(settings, context());
    }

    private static Set<String> inputs(List<Exchange> exchanges) {
        return exchanges.stream().map(Exchange::question).collect(Collectors.toSet());
    }

    /** Whatever the seed: what is held out of one is in training of no other. */
    @Test
    void noInputIsInBothParts() {
        for (Task task : Task.values()) {
            Set<String> train = new HashSet<>();
            Set<String> heldOut = new HashSet<>();
            for (long seed = 1; seed < 4; seed++) {
                ChatDataset data = open(settings(task, seed, 500, 3, false));
                assertEquals(500, inputs(data.exchanges("train")).size(), "each input once");
                assertEquals(40, inputs(data.exchanges("validation")).size());
                train.addAll(inputs(data.exchanges("train")));
                heldOut.addAll(inputs(data.exchanges("validation")));
            }
            train.retainAll(heldOut);
            assertEquals(Set.of(), train, task::toString);
        }
    }

    @Test
    void outputsAreRight() {
        assertEquals("CAAB", Task.COPY.output("CAAB"));
        assertEquals("BAAC", Task.REVERSE.output("CAAB"));
        assertEquals("AABC", Task.SORT.output("CAAB"));
        Map.of(
                        "malý pes vidí kočku", "le petit chien voit la chatte",
                        "medvěd hledá černou lišku", "l'ours cherche la renarde noire",
                        "stará královna miluje hladového medvěda", "la vieille reine aime l'ours affamé",
                        "velký medvěd vede bílého koně", "le grand ours mène le cheval blanc")
                .forEach((czech, french) -> assertEquals(french, Task.TRANSLATE.output(czech)));
        ChatDataset data = open(settings(Task.TRANSLATE, 1, 500, 3, false));
        data.exchanges("train").forEach(each -> assertEquals(Task.TRANSLATE.output(each.question()), each.answer()));
        assertTrue(data.exchanges("train").stream()
                .anyMatch(each -> each.question().split(" ").length == 3));
        assertTrue(data.exchanges("train").stream()
                .anyMatch(each -> each.question().split(" ").length == 5));
    }

    @Test
    void textsWithoutPairsTellNoAnswer() {
        ChatDataset data = open(settings(Task.SORT, 1, 200, 3, true));
        assertEquals(400, data.exchanges("train").size());
        assertTrue(data.exchanges("train").stream()
                .allMatch(each -> each.question().isEmpty()));
        assertFalse(data.exchanges("validation").stream()
                .anyMatch(each -> each.question().isEmpty()));
    }

    /** Sequences of 1 to 10 of few symbols: short ones are soon used up. */
    @Test
    void whatThereIsNotMoreOfIsTold() {
        TasksSettings few =
                new TasksSettings(Task.COPY, 1, 1000, 40, 2, 1, 3, false, TEMPLATE, QuestionsSourceTest.LENGTHS);
        List<String> said = new ArrayList<>();
        ChatDataset data = (ChatDataset) source().open(few, new Told(context(), said));
        int all = data.exchanges("train").size()
                + (data.splits().contains("validation")
                        ? data.exchanges("validation").size()
                        : 0);
        assertEquals(2 + 4 + 8, all);
        assertTrue(said.toString().contains("more inputs than were found"), said::toString);
    }

    /** Words of held-out judgements are in none for training, in both parts as many praise as blame. */
    @Test
    void judgementsThatAreHeldOutHaveOtherWords() {
        ChatDataset data = open(settings(Task.JUDGE, 1, 500, 3, false));
        for (String word : List.of("lovely", "warm", "sweet", "terrible", "cold", "bitter")) {
            assertTrue(inputs(data.exchanges("train")).stream().noneMatch(input -> input.contains(word)), word);
            assertTrue(inputs(data.exchanges("validation")).stream().anyMatch(input -> input.contains(word)), word);
        }
        for (String word : List.of("bright", "perfect", "tasty", "fresh", "dull", "broken", "sour", "rotten")) {
            assertTrue(inputs(data.exchanges("train")).stream().anyMatch(input -> input.contains(word)), word);
            assertTrue(inputs(data.exchanges("validation")).stream().noneMatch(input -> input.contains(word)), word);
        }
        assertEquals(0.5, good(data, "train"), 0.06);
        assertEquals(0.5, good(data, "validation"), 0.25);
    }

    private static double good(ChatDataset data, String split) {
        return data.exchanges(split).stream()
                        .filter(each -> each.answer().equals("good"))
                        .count()
                / (double) data.exchanges(split).size();
    }

    /** Both halves decide, neither by itself. */
    @Test
    void aMoodFollowsFromWhatWasJudged() {
        Map.of(
                        "The soup was warm and sweet. Anna was glad.", "good",
                        "The soup was warm and sweet. Anna was unhappy.", "bad",
                        "Anna was unhappy, because the soup was rotten.", "good",
                        "What a dull day! It made Leo happy.", "bad",
                        "Leo said that the cake was sour, and he felt upset.", "good")
                .forEach((sentence, answer) -> assertEquals(answer, Task.FOLLOW.output(sentence), sentence));
        ChatDataset data = open(settings(Task.FOLLOW, 1, 1000, 3, false));
        assertEquals(0.5, good(data, "train"), 0.05);
        for (String half : List.of("rotten", "lovely", "glad", "unhappy")) {
            List<Exchange> those = data.exchanges("train").stream()
                    .filter(each -> each.question().contains(half))
                    .toList();
            double good =
                    those.stream().filter(each -> each.answer().equals("good")).count() / (double) those.size();
            assertEquals(0.5, good, 0.15, half);
        }
    }

    /** The noun beside a verb, which is not its subject, decides nothing. */
    @Test
    void aVerbFollowsItsSubject() {
        Map<String, String> known = Map.of(
                "The dog at the mill runs.", "good",
                "The dog at the mill run.", "bad",
                "The dogs near the girl have gone.", "good",
                "The dogs near the girl has gone.", "bad",
                "I know that the child behind the women was.", "good",
                "I know that the child behind the women were.", "bad");
        known.forEach((sentence, answer) -> assertEquals(answer, Task.AGREE.output(sentence), sentence));
        ChatDataset data = (ChatDataset) source().open(settings(Task.AGREE, 1, 1000, 3, false), context());
        long good = data.exchanges("train").stream()
                .filter(each -> each.answer().equals("good"))
                .count();
        assertTrue(good > 450 && good < 550, () -> "good are " + good);
        assertEquals(1000, data.exchanges("train").size());
    }
}
