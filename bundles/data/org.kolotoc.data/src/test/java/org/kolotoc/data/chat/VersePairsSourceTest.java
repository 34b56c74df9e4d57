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
import org.kolotoc.api.chat.ChatTemplate;
import org.kolotoc.data.verse.Form;
import org.kolotoc.data.verse.Poet;
import org.kolotoc.data.verse.Theme;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;

class VersePairsSourceTest extends DataSourceConformance<VersePairsSettings> {
    private static final List<Form> FORMS = List.of(Form.values());

    private static VersePairsSettings settings(double skill, int answers, double bits, double noise) {
        return new VersePairsSettings(
                1, skill, FORMS, answers, bits, noise, 0.25, 50, ChatTemplate.STANDARD, QuestionsSourceTest.LENGTHS);
    }

    @Override
    protected DataSource<VersePairsSettings> source() {
        return new VersePairsSource();
    }

    @Override
    protected VersePairsSettings settings() {
        return settings(0.5, 2, 60, 0);
    }

    @Override
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", open(settings()).dimensions().get("time"), "answer", 2);
    }

    @Override
    protected Stream<Refused<VersePairsSettings>> refused() {
        return Stream.of(new Refused<>(settings(0.5, 4, 5, 0), "bits"));
    }

    private Rankings open(VersePairsSettings settings) {
        return (Rankings) source().open(settings, context());
    }

    @Test
    void withoutNoiseTheBetterOneComesFirst() {
        for (int answers : new int[] {2, 3, 4}) {
            List<Ranking> rankings = open(settings(0.5, answers, 300, 0)).rankings("train");
            assertEquals(300 / (answers * (answers - 1) / 2), rankings.size());
            for (Ranking ranking : rankings) {
                for (int i = 1; i < answers; i++) {
                    assertTrue(
                            ranking.qualities().get(i - 1) > ranking.qualities().get(i), ranking::toString);
                }
            }
        }
    }

    /** Who makes no fault writes nothing that is worse: any order will do, of different verses. */
    @Test
    void equallyGoodOnesAreDifferentVerses() {
        for (int answers : new int[] {2, 9}) {
            List<Ranking> rankings = open(settings(1, answers, 720, 0)).rankings("train");
            assertEquals(720 / (answers * (answers - 1) / 2), rankings.size());
            rankings.forEach(
                    each -> assertEquals(answers, Set.copyOf(each.answers()).size()));
        }
        open(settings(0.5, 9, 360, 0))
                .rankings("train")
                .forEach(each -> assertTrue(Set.copyOf(each.qualities()).size() > 4, each::toString));
    }

    @Test
    void noiseTurnsItsShareRoundAndTakesBits() {
        List<Ranking> rankings = open(settings(0.5, 2, 1000, 0.1)).rankings("train");
        assertEquals(Math.floor(1000 / 0.5310044), rankings.size());
        double turned = rankings.stream()
                .filter(each -> each.qualities().get(0) < each.qualities().get(1))
                .count();
        assertEquals(0.1, turned / rankings.size(), 0.001);
    }

    @Test
    void heldOutAnimalsAreThoseOfTheVerses() {
        Rankings data = open(settings(0.5, 2, 500, 0));
        Set<String> heldOut =
                VersesSource.themes(0.25, true, 7).stream().map(Theme::question).collect(Collectors.toSet());
        data.rankings("train").forEach(each -> assertTrue(!heldOut.contains(each.question())));
        Set<String> asked = new HashSet<>();
        data.rankings("validation").forEach(each -> asked.add(each.question()));
        assertEquals(heldOut, asked);
        assertEquals(50, data.rankings("validation").size());
    }

    @Test
    void aSeedComparesTheSame() {
        VersePairsSettings settings = settings(0.5, 2, 100, 0.1);
        assertEquals(VersePairsSource.train(settings, 5), VersePairsSource.train(settings, 6));
        VersePairsSettings ofRun = new VersePairsSettings(
                -1, 0.5, FORMS, 2, 100, 0.1, 0.25, 50, ChatTemplate.STANDARD, QuestionsSourceTest.LENGTHS);
        assertNotEquals(VersePairsSource.train(ofRun, 5), VersePairsSource.train(ofRun, 6));
        assertEquals(VersePairsSource.train(ofRun, 1), VersePairsSource.train(settings, 6));
    }

    /** Of R39: 16,000 comparisons, and the verses that are written for as many bits. */
    @Test
    void bothBudgetsAreEqual() {
        List<Form> forms = List.of(Form.AABB);
        VersePairsSettings pairs = new VersePairsSettings(
                1, 0.5, forms, 2, 16_000, 0, 0.25, 50, ChatTemplate.STANDARD, QuestionsSourceTest.LENGTHS);
        assertEquals(16_000, VersePairsSource.train(pairs, 1).size());
        VersesSettings verses = new VersesSettings(
                1, 0.5, forms, 2000, 16_000, 0.25, 50, ChatTemplate.STANDARD, QuestionsSourceTest.LENGTHS);
        List<Poet.Verse> written = VersesSource.written(verses, 1);
        double before =
                written.subList(0, 2000).stream().mapToDouble(Poet.Verse::bits).sum();
        double bits = written.subList(2000, written.size()).stream()
                .mapToDouble(Poet.Verse::bits)
                .sum();
        assertTrue(bits >= 16_000 && bits < 16_060, "for " + bits + " bits");
        assertEquals(359, written.size() - 2000, "verses");
        assertEquals(44.5, before / 2000, 0.05, "bits of a verse");
    }
}
