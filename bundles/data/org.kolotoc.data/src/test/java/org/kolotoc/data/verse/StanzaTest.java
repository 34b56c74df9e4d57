package org.kolotoc.data.verse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StanzaTest {
    private static boolean rhyme(String one, String other) {
        boolean so = Sound.of(one).rhymes(Sound.of(other));
        assertEquals(so, Sound.of(other).rhymes(Sound.of(one)), "whichever comes first");
        return so;
    }

    @Test
    void wordsRhymeBySound() {
        assertTrue(rhyme("mechu", "dechu"));
        assertTrue(rhyme("klid", "cit"), "voiced and voiceless at the end");
        assertTrue(rhyme("rád", "kamarád"));
        assertTrue(rhyme("Vodou", "náhodou"));
        assertTrue(rhyme("myši", "slyší"), "y and i, long and short");
        assertTrue(rhyme("dny", "sny"), "one open syllable");
        assertTrue(rhyme("vlk", "plk"), "a syllable without a vowel");
        assertFalse(rhyme("hloub", "dub"), "ou is no u");
    }

    /** Controls. */
    @Test
    void whatOnlyLooksLikeARhymeIsNone() {
        assertFalse(rhyme("mechu", "mechu"), "the same word");
        assertFalse(rhyme("Mechu", "mechu"), "the same word, capital");
        assertFalse(rhyme("myšku", "lavičku"), "a vowel and a bit");
        assertFalse(rhyme("trávě", "zastaví"), "vowels differ");
        assertFalse(rhyme("drahokamy", "rány"), "consonants differ");
        assertTrue(rhyme("světem", "květem"));
        assertFalse(rhyme("světem", "kvítkem"), "an ending is no rhyme");
        assertFalse(rhyme("to", "ho"), "one open syllable with another consonant");
        assertFalse(rhyme("", ""));
        assertFalse(rhyme("v", "s"), "no syllable");
        assertFalse(rhyme("kotě", ""));
    }

    @Test
    void syllablesAreCounted() {
        Map.of(
                        "kotě",
                        2,
                        "vlk",
                        1,
                        "čtvrtek",
                        2,
                        "mohl",
                        2,
                        "louka",
                        2,
                        "v",
                        0,
                        "Krakatau",
                        3,
                        "rty",
                        1,
                        "prst",
                        1,
                        "",
                        0)
                .forEach((word, count) -> assertEquals(count, Sound.of(word).syllables(), word));
        assertEquals(
                List.of(8, 3),
                Stanza.of("Kotě skáče zas v ulici,\n v mechu. Bez / 1234 !")
                        .metre()
                        .subList(0, 2));
    }

    private static Stanza ends(String... words) {
        return new Stanza(List.of(words));
    }

    @Test
    void formsAreFound() {
        assertEquals("AABB", ends("mechu", "dechu", "klid", "cit").scheme());
        assertEquals("ABAB", ends("mechu", "klid", "dechu", "cit").scheme());
        assertEquals("ABBA", ends("mechu", "klid", "cit", "dechu").scheme());
        assertEquals("AAAA", ends("mechu", "dechu", "spěchu", "plechu").scheme());
        assertEquals("ABCD", ends("mechu", "mechu", "mechu", "mechu").scheme());
        assertEquals("ABCD", ends("kolo", "mechu", "klid", "rty").scheme());
        assertEquals("", ends().scheme());
        assertEquals("A", ends("mechu").scheme());
    }

    /**
     * The ends of the lines of the lecture's three poems about kittens, stanza by stanza: what they rhyme, whoever likes which
     * of them.
     */
    @Test
    void theLecturesPoemsAreTold() {
        assertEquals("ABCD", ends("kotátko", "vrátka", "strakaté", "neposedné").scheme());
        assertEquals("ABCD", ends("lavičku", "myšku", "sluníčkem", "mlíčko").scheme());
        assertEquals("ABCD", ends("trávě", "nezastaví", "třepotají", "září").scheme());
        assertEquals("ABCC", ends("peří", "postele", "běhají", "znají").scheme());
        assertEquals("AABB", ends("klid", "cit", "mechu", "dechu").scheme());
        assertEquals("ABCC", ends("drahokamy", "rány", "rád", "kamarád").scheme());
    }

    private static double quality(String text) {
        return Stanza.of(text).quality();
    }

    @Test
    void rhymeAndMetreAreWorthTheirShares() {
        String best = "Kotě leží v mechu / sova je bez dechu / myška chodí světem / liška není kvítkem";
        assertEquals(List.of(6, 6, 6, 6), Stanza.of(best).metre());
        assertEquals("AABC", Stanza.of(best).scheme());
        assertEquals(0.7, quality(best), 1e-12, "a couplet that does not rhyme");
        best = best.replace("kvítkem", "květem");
        assertEquals(1, quality(best), 1e-12);
        assertEquals(1, quality(best.replace(" / ", ",\n")), 1e-12);
        assertEquals(0.6 + 0.8 / 3, quality(best.replace("Kotě leží", "Kotě tu leží")), 1e-12, "a line too long");
        assertEquals(
                0.6 + 0.4 / 3,
                quality(best.replace("Kotě leží", "Kotě tu leží").replace("sova je", "sova tu je")),
                1e-12,
                "two and two");
        assertEquals(0.4, quality(best.replace("dechu", "díře").replace("květem", "mísou")), 1e-12, "metre alone");
        assertEquals(0.3 + 0.8 / 3, quality(best.replace("dechu", "mechu")), 1e-12, "a word is no rhyme of itself");
    }

    /** Controls: what is no verse of four lines, or has neither rhyme nor metre, is worth nothing. */
    @Test
    void whatIsNoVerseIsWorthNothing() {
        for (String text : List.of(
                "",
                " \n\n / / ",
                "Kotě leží v mechu",
                "Kotě leží v mechu / sova je bez dechu",
                "a / b / c / d",
                "1 / 2 / 3 / 4",
                "\uFFFD\uFFFD / \uD83D / ?! / ...",
                "mechu / mechu / mechu / mechu",
                "Kotě leží v mechu / Kotě leží v mechu / Kotě leží v mechu / Kotě leží v mechu",
                "a\nb\nc\nd\ne")) {
            assertEquals(0, quality(text), text);
        }
    }
}
