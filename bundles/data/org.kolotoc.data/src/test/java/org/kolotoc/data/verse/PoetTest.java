package org.kolotoc.data.verse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.CounterRandom;

class PoetTest {
    private static final List<Theme> THEMES = Theme.all();
    private static final List<Form> FORMS = List.of(Form.values());
    private static final int MANY = 2000;

    private static List<Poet.Verse> verses(double skill, long seed) {
        return IntStream.range(0, MANY)
                .mapToObj(i -> new Poet(skill, FORMS).verse(THEMES.get(i % THEMES.size()), new CounterRandom(seed, i)))
                .toList();
    }

    private static double quality(double skill) {
        return verses(skill, 1).stream()
                .mapToDouble(verse -> Stanza.of(verse.text()).quality())
                .average()
                .orElseThrow();
    }

    @Test
    void aMasterMakesNoFault() {
        Set<String> schemes = new HashSet<>();
        for (Poet.Verse verse : verses(1, 1)) {
            Stanza stanza = Stanza.of(verse.text());
            assertEquals(1, stanza.quality(), 1e-12, verse::text);
            assertEquals(List.of(8, 8, 8, 8), stanza.metre(), verse::text);
            assertTrue(verse.theme().isOf(stanza), verse::text);
            schemes.add(stanza.scheme());
        }
        assertEquals(Set.of("AABB", "ABAB", "ABBA"), schemes);
        Poet one = new Poet(1, List.of(Form.ABBA));
        assertEquals(
                "ABBA",
                Stanza.of(one.verse(THEMES.getFirst(), new CounterRandom(1, 1)).text())
                        .scheme());
    }

    /** Where two lines rhyme, the scheme has a letter less. */
    @Test
    void skillIsTheShareThatIsRight() {
        for (double skill : new double[] {0, 0.25, 0.5, 0.9}) {
            double scanning = verses(skill, 2).stream()
                    .flatMap(verse -> Stanza.of(verse.text()).metre().stream())
                    .filter(syllables -> syllables == 8)
                    .count();
            assertEquals(skill, scanning / (4 * MANY), 0.02);
            double rhyming = verses(skill, 2).stream()
                    .mapToLong(verse -> 4
                            - Stanza.of(verse.text())
                                    .scheme()
                                    .chars()
                                    .distinct()
                                    .count())
                    .sum();
            assertEquals(skill, rhyming / (2 * MANY), 0.02);
        }
        assertTrue(quality(0) < quality(0.5) - 0.2 && quality(0.5) < 0.65, quality(0) + " " + quality(0.5));
    }

    @Test
    void theSameNumbersWriteTheSame() {
        assertEquals(verses(0.5, 1), verses(0.5, 1));
        assertNotEquals(verses(0.5, 1), verses(0.5, 2));
    }

    /** Ends of two families never rhyme, those of one always do, and all have three syllables; the other words have theirs. */
    @Test
    void familiesRhymeWithinThemselvesAlone() {
        for (List<String> family : Lexicon.FAMILIES) {
            for (List<String> other : Lexicon.FAMILIES) {
                for (String one : family) {
                    assertEquals(List.of(3), new Stanza(List.of(one)).metre(), one);
                    for (String two : other) {
                        String scheme = new Stanza(List.of(one, two)).scheme();
                        assertEquals(family == other && !one.equals(two) ? "AA" : "AB", scheme, one + ", " + two);
                    }
                }
            }
        }
        Lexicon.OPENINGS.forEach(word -> assertEquals(2, Sound.of(word).syllables(), word));
        Lexicon.VERBS.forEach(word -> assertEquals(2, Sound.of(word).syllables(), word));
        Lexicon.FILLERS.forEach(word -> assertEquals(1, Sound.of(word).syllables(), word));
        Lexicon.LONG_FILLERS.forEach(word -> assertEquals(2, Sound.of(word).syllables(), word));
        THEMES.forEach(theme -> assertEquals(2, Sound.of(theme.first().word()).syllables()));
    }

    /** By hand for who makes no fault and for who makes all; in between the coins cost something too. */
    @Test
    void bitsAreThoseOfTheChoices() {
        double log = Math.log(2);
        double lines = (4 * Math.log(8) + 2 * Math.log(6)) / log;
        double master = Math.log(3) / log + lines + 4 * 2 + (Math.log(5 * 4) + 2 * Math.log(4 * 3)) / log;
        verses(1, 1).forEach(verse -> assertEquals(master, verse.bits(), 1e-9));
        for (Poet.Verse verse : verses(0, 1)) {
            long fillers = Stanza.of(verse.text()).metre().stream()
                    .filter(syllables -> syllables == 9)
                    .count();
            double bits =
                    Math.log(3) / log + lines + 4 + 2 * fillers + (Math.log(5 * 4 * 3 * 2) + 4 * Math.log(4)) / log;
            assertEquals(bits, verse.bits(), 1e-9, verse::text);
        }
        double mean =
                verses(0.5, 1).stream().mapToDouble(Poet.Verse::bits).average().orElseThrow();
        assertTrue(mean > master && mean < master + 12, mean + " and " + master);
    }

    @Test
    void comparisonsCostAtMostABit() {
        assertEquals(1, Annotation.comparison(0));
        assertEquals(0.5310, Annotation.comparison(0.1), 1e-4);
        assertEquals(0, Annotation.comparison(0.5), 1e-12);
        assertEquals(6, Annotation.order(4, 0));
        assertEquals(3, Annotation.choice(8), 1e-12);
    }

    @Test
    void aVerseOfOthersIsNotOfThese() {
        Stanza stanza = Stanza.of("Kotě skáče / tiše leží / myška zpívá / znovu sedí");
        assertTrue(new Theme(Theme.Animal.KOTE, Theme.Animal.MYSKA).isOf(stanza));
        assertTrue(new Theme(Theme.Animal.MYSKA, Theme.Animal.KOTE).isOf(stanza));
        assertFalse(new Theme(Theme.Animal.KOTE, Theme.Animal.HUSA).isOf(stanza));
        assertEquals(12 * 11, THEMES.stream().map(Theme::question).distinct().count());
    }
}
