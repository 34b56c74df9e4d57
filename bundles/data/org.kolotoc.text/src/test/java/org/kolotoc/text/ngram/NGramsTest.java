package org.kolotoc.text.ngram;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.kolotoc.tck.Toys;

class NGramsTest {
    private static final String TEXT = "Okna jsou výplně otvorů.\nOkna jsou výplně ploch.\nOkna jsou výplně otvorů.\n"
            + "Dveře jsou výplně otvorů, ne ploch.\n";

    private static NGrams counted(int order, String text) {
        NGrams ngrams = new NGrams(order);
        Pieces.of(text).forEach(ngrams::add);
        return ngrams;
    }

    @Test
    void piecesAreWordsSignsAndLineEnds() {
        assertEquals(
                List.of("Po", "3", ":", "4", ",", "7", ".", "\n", "„", "Že", "?", "“"),
                Pieces.of("Po 3: 4,\t7.\n„Že?“ "));
        for (int units = 1; units < 9; units++) {
            List<String> found = new ArrayList<>();
            Pieces pieces = new Pieces(found::add);
            Toys.inParts(TEXT, units).forEach(pieces::read);
            pieces.end();
            assertEquals(Pieces.of(TEXT), found);
        }
    }

    /** Counted by hand. */
    @Test
    void countsAreThoseOfAHand() {
        NGrams ngrams = counted(4, TEXT);
        assertEquals(Map.of("otvorů", 2, "ploch", 1), ngrams.following(List.of("Okna", "jsou", "výplně")));
        assertEquals(Map.of("otvorů", 3, "ploch", 1), ngrams.following(List.of("výplně")));
        assertEquals(Map.of("jsou", 3), ngrams.following(List.of("Okna")));
        assertEquals(Map.of(".", 2, ",", 1), ngrams.following(List.of("otvorů")));
        assertEquals(Map.of(), ngrams.following(List.of("ploch", "Okna")));
        assertEquals(4, ngrams.following(List.of()).get("jsou"));
        assertThrows(IllegalArgumentException.class, () -> ngrams.following(List.of("a", "b", "c", "d")));
    }

    /** Witten and Bell by hand: 2 kinds in 4 stand behind «výplně». */
    @Test
    void shorterContextsAreMixedIn() {
        NGrams ngrams = counted(2, TEXT);
        List<String> all = Pieces.of(TEXT);
        int kinds = new TreeSet<>(all).size();
        double alone = (3 + kinds / (kinds + 1.0)) / (all.size() + kinds);
        assertEquals((3 + 2 * alone) / (4 + 2), ngrams.probability(List.of("jsou", "výplně"), "otvorů"), 1e-12);
        double unknown = kinds / (kinds + 1.0) / (all.size() + kinds);
        assertEquals(unknown, ngrams.probability(List.of("nikde"), "nic"), 1e-12);
    }

    @Test
    void probabilitiesAddUpToOne() {
        for (int order = 1; order <= 5; order++) {
            NGrams ngrams = counted(order, TEXT);
            for (List<String> before :
                    List.of(List.<String>of(), List.of("výplně"), List.of("Okna", "jsou", "výplně"))) {
                double sum = ngrams.probability(before, "neznámé");
                for (String piece : new TreeSet<>(Pieces.of(TEXT))) {
                    sum += ngrams.probability(before, piece);
                }
                assertEquals(1, sum, 1e-12);
            }
        }
    }

    /** Of thousands of sequences, beside maps of lists. */
    @Test
    void manyCountsAreThoseOfMaps() {
        Random random = new Random(1);
        List<String> pieces = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            int word = (int) Math.abs(random.nextGaussian() * 40);
            pieces.add("w" + word);
        }
        NGrams ngrams = new NGrams(3);
        Map<List<String>, Map<String, Integer>> counts = new HashMap<>();
        for (int i = 0; i < pieces.size(); i++) {
            ngrams.add(pieces.get(i));
            for (int from = Math.max(0, i - 2); from <= i; from++) {
                counts.computeIfAbsent(pieces.subList(from, i), _ -> new HashMap<>())
                        .merge(pieces.get(i), 1, Integer::sum);
            }
        }
        assertTrue(counts.size() > 4096, counts.size() + " contexts");
        counts.keySet().stream()
                .limit(500)
                .forEach(context -> assertEquals(counts.get(context), ngrams.following(context), context::toString));
        assertEquals(Map.of(), ngrams.following(List.of("w1", "nothing")));
        assertTrue(ngrams.sequences() > 20_000, ngrams.sequences() + " sequences");
    }

    @Test
    void aRowIsTheProductOfItsPieces() {
        NGrams ngrams = counted(3, TEXT);
        double expected = Math.log(ngrams.probability(List.of("Okna"), "jsou"))
                + Math.log(ngrams.probability(List.of("Okna", "jsou"), "výplně"))
                + Math.log(ngrams.probability(List.of("jsou", "výplně"), "ploch"));
        assertEquals(expected, ngrams.logProbability(List.of("Okna"), List.of("jsou", "výplně", "ploch")), 1e-12);
        assertTrue(counted(4, TEXT).logProbability(List.of("Okna"), List.of("jsou")) > Math.log(0.5));
    }
}
