package org.kolotoc.sampler.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.api.text.Tokenizer;

/** Probabilities of words over a made-up model whose tokens are pieces of words. */
final class NextWordsTest {
    private static final List<String> PIECES =
            List.of(" ", "ot", "vor", "ů", " otvorů", " ploch", ".", "otvor", "č", "Č", "?");

    /** Of each text that was read, how likely each piece follows. */
    private static final Map<String, Map<String, Double>> MODEL = Map.of(
            "", Map.of(" ", 0.5, " otvorů", 0.2, " ploch", 0.2, ".", 0.1),
            " ", Map.of("ot", 0.6, "otvor", 0.3, "č", 0.1),
            " ot", Map.of("vor", 1.0),
            " otvor", Map.of("ů", 0.75, " ", 0.25),
            " otvorů", Map.of(" ", 0.5, ".", 0.5),
            " ploch", Map.of(".", 1.0),
            " č", Map.of("Č", 0.5, " ", 0.5),
            " čČ", Map.of("?", 1.0));

    private record Pieces() implements Tokenizer {
        @Override
        public int vocab() {
            return PIECES.size();
        }

        @Override
        public int[] encode(String text) {
            throw new UnsupportedOperationException();
        }

        @Override
        public String decode(int[] tokens) {
            StringBuilder text = new StringBuilder();
            Arrays.stream(tokens).forEach(token -> text.append(PIECES.get(token)));
            return text.toString();
        }

        @Override
        public String state() {
            return "";
        }
    }

    /** Reads the prompt, a single piece, and then what the model knows. */
    private static final class Written implements LanguageSession {
        private final int rows;

        Written(int rows) {
            this.rows = rows;
        }

        @Override
        public int rows() {
            return rows;
        }

        @Override
        public int vocab() {
            return PIECES.size();
        }

        @Override
        public float[][] prefill(int[][] tokens) {
            float[][] logits = new float[rows][vocab()];
            for (int row = 0; row < rows; row++) {
                Arrays.fill(logits[row], -100);
                if (tokens[row].length > 0) {
                    String text = new Pieces().decode(Arrays.copyOfRange(tokens[row], 1, tokens[row].length));
                    float[] own = logits[row];
                    MODEL.getOrDefault(text, Map.of())
                            .forEach((piece, share) -> own[PIECES.indexOf(piece)] = (float) Math.log(share));
                }
            }
            return logits;
        }

        @Override
        public void reorder(int... from) {}

        @Override
        public void reset() {}

        @Override
        public void close() {}
    }

    private static Map<String, Double> found(int rows, int most, double rest) {
        NextWords words = new NextWords(new Written(rows), new Pieces(), new int[] {0});
        words.search(most, rest);
        Map<String, Double> found = new HashMap<>();
        words.likeliest(100).forEach(word -> found.put(word.text(), word.probability()));
        return found;
    }

    /** One word is whole tokens, pieces, and others of these: all ways are counted. */
    @Test
    void aWordIsAllTheWaysToWriteIt() {
        for (int rows : new int[] {1, 3, 16}) {
            Map<String, Double> found = found(rows, 1000, 0);
            assertEquals(0.2 + 0.5 * (0.6 + 0.3) * 0.75, found.get("otvorů"), 1e-6);
            assertEquals(0.5 * (0.6 + 0.3) * 0.25, found.get("otvor"), 1e-6);
            assertEquals(0.2, found.get("ploch"), 1e-6);
            assertEquals(0.1, found.get("."), 1e-6);
            assertEquals(0.5 * 0.1 * 0.5, found.get("č"), 1e-6);
            assertEquals(0.5 * 0.1 * 0.5, found.get("čČ"), 1e-6);
            assertEquals(
                    1, found.values().stream().mapToDouble(Double::doubleValue).sum(), 1e-6);
        }
    }

    @Test
    void whatIsNotLookedAtIsLeft() {
        assertEquals(Map.of(".", 0.1), rounded(found(1, 1, 0)));
        double all = found(1, 1000, 0.03).values().stream()
                .mapToDouble(Double::doubleValue)
                .sum();
        assertTrue(all < 1 && all >= 0.97, "found " + all);
    }

    private static Map<String, Double> rounded(Map<String, Double> words) {
        Map<String, Double> rounded = new HashMap<>();
        words.forEach((word, share) -> rounded.put(word, Math.round(share * 1e6) / 1e6));
        return rounded;
    }
}
