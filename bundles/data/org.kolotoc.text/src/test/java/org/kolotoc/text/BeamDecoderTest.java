package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tck.DecoderConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;

final class BeamDecoderTest extends DecoderConformance<BeamSettings> {
    private static final int VOCAB = 5;
    private static final IntPredicate NEVER = _ -> false;

    @Override
    protected DecoderFamily<BeamSettings> decoder() {
        return new BeamDecoder();
    }

    @Override
    protected BeamSettings settings() {
        return new BeamSettings(3, 1);
    }

    @Override
    protected boolean neverLooksBack() {
        return false;
    }

    private static List<Decoder.Prompt> prompts(int texts, int... tokens) {
        return IntStream.range(0, texts)
                .mapToObj(rank -> new Decoder.Prompt(tokens, new CounterRandom(1, "unused"), rank))
                .toList();
    }

    private static int[][] searched(
            int width, double penalty, int vocab, int length, IntPredicate ends, int texts, int prompt) {
        Decoder decoder = new BeamDecoder().create(new BeamSettings(width, penalty));
        return decoder.decode(Toys.session(width, vocab), prompts(texts, prompt), length, ends);
    }

    @Test
    void oneTextAloneIsGreedy() {
        for (int prompt = 0; prompt < 9; prompt++) {
            int[][] greedy = new GreedyDecoder()
                    .create(new Settings.None())
                    .decode(Toys.session(1, 9), prompts(1, prompt), 20, NEVER);
            assertArrayEquals(greedy, searched(1, 1, 9, 20, NEVER, 1, prompt));
        }
    }

    /** As wide as there are texts it leaves none out: all of them are written, in the order of their scores. */
    @Test
    void wideEnoughItIsBruteForce() {
        int length = 4;
        int all = VOCAB * VOCAB * VOCAB * VOCAB;
        for (int end : new int[] {-1, 2}) {
            for (double penalty : new double[] {0, 1, 2}) {
                LanguageSession session = Toys.session(1, VOCAB);
                List<int[]> texts = new ArrayList<>();
                texts(new int[0], length, end, texts);
                texts.sort(Comparator.comparingDouble(text -> -score(session, text, penalty)));
                int most = Math.min(256, texts.size());
                int[][] found = new BeamDecoder()
                        .create(new BeamSettings(256, penalty))
                        .decode(Toys.session(256, VOCAB), prompts(most, 3), length, token -> token == end);
                for (int i = 0; i < (end < 0 ? 64 : 16); i++) {
                    assertEquals(
                            score(session, texts.get(i), penalty),
                            score(session, found[i], penalty),
                            1e-9,
                            "rank " + i + " of " + all + ", penalty " + penalty + ", end " + end);
                }
            }
        }
    }

    private static double score(LanguageSession session, int[] text, double penalty) {
        return TextScore.of(session, new int[] {3}, text) / Math.pow(text.length, penalty);
    }

    private static void texts(int[] begun, int length, int end, List<int[]> all) {
        if (begun.length == length || begun.length > 0 && begun[begun.length - 1] == end) {
            all.add(begun);
            return;
        }
        for (int token = 0; token < VOCAB; token++) {
            int[] longer = Arrays.copyOf(begun, begun.length + 1);
            longer[begun.length] = token;
            texts(longer, length, end, all);
        }
    }

    /** The likeliest first token leads to where nothing is likely. */
    @Test
    void aGardenPathIsNotTaken() {
        int[][] next = {{}, {2, 3}, {4, 5, 6, 7}, {8}};
        double[][] share = {{}, {0.6, 0.4}, {0.25, 0.25, 0.25, 0.25}, {1}};
        assertArrayEquals(new int[] {2, 4}, graph(1, next, share));
        assertArrayEquals(new int[] {3, 8}, graph(3, next, share));
    }

    /** What is written from token 1, where each token leads to others by shares. */
    private static int[] graph(int width, int[][] next, double[][] share) {
        int[] at = new int[width];
        LanguageSession session = new LanguageSession() {
            @Override
            public int rows() {
                return width;
            }

            @Override
            public int vocab() {
                return 9;
            }

            @Override
            public float[][] prefill(int[][] tokens) {
                float[][] logits = new float[width][9];
                for (int row = 0; row < width; row++) {
                    at[row] = tokens[row].length == 0 ? at[row] : tokens[row][tokens[row].length - 1];
                    Arrays.fill(logits[row], -60);
                    for (int i = 0; at[row] < next.length && i < next[at[row]].length; i++) {
                        logits[row][next[at[row]][i]] = (float) Math.log(share[at[row]][i]);
                    }
                }
                return logits;
            }

            @Override
            public void reorder(int... from) {
                int[] before = at.clone();
                Arrays.setAll(at, row -> before[from[row]]);
            }

            @Override
            public void reset() {}

            @Override
            public void close() {}
        };
        return new BeamDecoder().create(new BeamSettings(width, 1)).decode(session, prompts(1, 1), 2, NEVER)[0];
    }

    @Test
    void itIsHardlyEverWorseThanGreedy() {
        int better = 0;
        LanguageSession session = Toys.session(1, 40);
        for (int prompt = 0; prompt < 40; prompt++) {
            for (int length : new int[] {3, 5, 8, 12, 20}) {
                int[] greedy = searched(1, 1, 40, length, NEVER, 1, prompt)[0];
                int[] beam = searched(8, 1, 40, length, NEVER, 1, prompt)[0];
                int[] from = {prompt};
                better += TextScore.of(session, from, beam) >= TextScore.of(session, from, greedy) - 1e-9 ? 1 : 0;
            }
        }
        assertTrue(better >= 198, better + " of 200");
    }

    @Test
    void moreTextsThanItIsWideAreRefused() {
        Decoder decoder = new BeamDecoder().create(new BeamSettings(3, 1));
        assertEquals(
                6, decoder.rows(List.of(prompts(1, 4).getFirst(), prompts(1, 5).getFirst())));
        assertEquals(3, decoder.rows(prompts(3, 4)));
        assertEquals(
                "width",
                assertThrows(InputError.class, () -> decoder.rows(prompts(4, 4)))
                        .field());
    }
}
