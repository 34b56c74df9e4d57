package org.kolotoc.data.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Settings;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.api.chat.Judge;
import org.kolotoc.data.verse.Form;
import org.kolotoc.data.verse.Poet;
import org.kolotoc.data.verse.Theme;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class VersesSourceTest extends DataSourceConformance<VersesSettings> {
    static VersesSettings settings(long seed, double skill, int count, double bits) {
        return new VersesSettings(
                seed,
                skill,
                List.of(Form.values()),
                count,
                bits,
                0.25,
                80,
                ChatTemplate.STANDARD,
                QuestionsSourceTest.LENGTHS);
    }

    @Override
    protected DataSource<VersesSettings> source() {
        return new VersesSource();
    }

    @Override
    protected VersesSettings settings() {
        return settings(1, 0.5, 60, 0);
    }

    @Override
    protected Stream<Refused<VersesSettings>> refused() {
        return Stream.of(new Refused<>(
                new VersesSettings(
                        1, 0.5, List.of(), 60, 0, 0.25, 80, ChatTemplate.STANDARD, QuestionsSourceTest.LENGTHS),
                "forms"));
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", open(settings()).dimensions().get("time"));
    }

    private ChatDataset open(VersesSettings settings) {
        return (ChatDataset) source().open(settings, context());
    }

    private static Set<String> questions(ChatDataset data, String split) {
        return data.exchanges(split).stream().map(Exchange::question).collect(Collectors.toSet());
    }

    /** In either order and whatever the seed. */
    @Test
    void animalsThatAreHeldOutStandInNoVerseForTraining() {
        Set<String> train = new HashSet<>();
        Set<String> heldOut = new HashSet<>();
        for (long seed = 1; seed < 4; seed++) {
            VersesSource.themes(0.25, false, seed).forEach(theme -> train.add(theme.both()));
            VersesSource.themes(0.25, true, seed).forEach(theme -> heldOut.add(theme.both()));
            ChatDataset data = open(settings(seed, 0.5, 300, 0));
            assertEquals(80, data.exchanges("validation").size());
            assertTrue(questions(data, "train").stream().noneMatch(questions(data, "validation")::contains));
        }
        assertEquals(66, train.size() + heldOut.size());
        assertTrue(heldOut.size() > 8, heldOut::toString);
        assertTrue(VersesSource.themes(0.05, true, 1).size() > 1, "of a small share some are held out too");
        // Each animal is written of, else nobody could learn its name.
        for (Theme.Animal animal : Theme.Animal.values()) {
            assertTrue(train.stream().anyMatch(both -> List.of(both.split(" ")).contains(animal.toString())));
        }
    }

    @Test
    void aSeedWritesTheSameAndMoreIsMoreOfIt() {
        List<Exchange> some = open(settings(1, 0.5, 100, 0)).exchanges("train");
        assertEquals(some, open(settings(1, 0.5, 100, 0)).exchanges("train"));
        assertNotEquals(some, open(settings(2, 0.5, 100, 0)).exchanges("train"));
        assertEquals(some, open(settings(1, 0.5, 130, 0)).exchanges("train").subList(0, 100));
        assertEquals(some, open(settings(1, 0.5, 100, 500)).exchanges("train").subList(0, 100));
    }

    /** What is written after the first verses has as many bits as were asked for, and not a verse more. */
    @Test
    void bitsAreUsedUp() {
        VersesSettings settings = settings(1, 0.5, 100, 2000);
        List<Poet.Verse> more = VersesSource.written(settings, 1);
        more = more.subList(100, more.size());
        double bits = more.stream().mapToDouble(Poet.Verse::bits).sum();
        assertTrue(bits >= 2000 && bits - more.getLast().bits() < 2000, "bits: " + bits);
        assertEquals(100 + more.size(), open(settings).exchanges("train").size());
        assertTrue(more.size() > 30 && more.size() < 50, "verses: " + more.size());
        assertEquals(100, VersesSource.written(settings(1, 0.5, 100, 0), 1).size());
    }

    private static double mean(List<Exchange> exchanges) {
        Judge judge = new VersesJudge().create(new Settings.None());
        return exchanges.stream().mapToDouble(judge::quality).average().orElseThrow();
    }

    @Test
    void theJudgeHearsSkill() {
        double before = 0;
        for (double skill : new double[] {0, 0.3, 0.6, 1}) {
            double quality = mean(open(settings(1, skill, 300, 0)).exchanges("train"));
            assertTrue(quality > before, skill + ": " + quality);
            before = quality;
        }
        assertEquals(1, before, 1e-12);
        assertEquals(1, mean(open(settings(1, 1, 300, 0)).exchanges("validation")), 1e-12);
    }

    /** Controls: verses about others. */
    @Test
    void theJudgeReadsWhatWasAsked() {
        ChatDataset shuffled =
                (ChatDataset) open(settings(1, 1, 300, 0)).controls().get("shuffled");
        assertEquals(0.1, mean(shuffled.exchanges("train")), 0.02);
        Exchange good = open(settings(1, 1, 300, 0)).exchanges("train").getFirst();
        Judge judge = new VersesJudge().create(new Settings.None());
        assertEquals(0.1, judge.quality(new Exchange(good.question(), "a / b / c / d")));
        assertEquals(1, judge.quality(new Exchange("Anything?", good.answer())), 1e-12);
    }
}
