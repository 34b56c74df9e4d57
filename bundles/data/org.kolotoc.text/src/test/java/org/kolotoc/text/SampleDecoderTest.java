package org.kolotoc.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.kolotoc.tck.DecoderConformance;
import org.kolotoc.tck.Toys;
import org.kolotoc.tensor.CounterRandom;

class SampleDecoderTest extends DecoderConformance<SampleSettings> {
    private static final int DRAWS = 20_000;

    @Override
    protected DecoderFamily<SampleSettings> decoder() {
        return new SampleDecoder();
    }

    @Override
    protected SampleSettings settings() {
        return new SampleSettings(0.8, 5, 0.9, 0, 1);
    }

    private static Decoder.Prompt prompt(long seed, String stream) {
        return new Decoder.Prompt(new int[] {0}, new CounterRandom(seed, stream));
    }

    /** How often each of four tokens of probability 0.1, 0.4, 0.3 and 0.2 is drawn. */
    private double[] shares(double temperature, int topK, double topP) {
        return shares(new SampleSettings(temperature, topK, topP, 0, 1));
    }

    private double[] shares(SampleSettings settings) {
        FixedSession session = new FixedSession(
                (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.2));
        double[] shares = new double[4];
        for (int token :
                decoder().create(settings).decode(session, List.of(prompt(1, "shares")), DRAWS, _ -> false)[0]) {
            shares[token] += 1.0 / DRAWS;
        }
        return shares;
    }

    private static void assertShares(double[] shares, double... expected) {
        for (int i = 0; i < expected.length; i++) {
            // Four standard deviations; what is cut off must never come.
            assertEquals(expected[i], shares[i], expected[i] == 0 ? 0 : 4 * Math.sqrt(0.25 / DRAWS), "token " + i);
        }
    }

    @Test
    void sharesAreTheProbabilities() {
        assertShares(shares(1, 0, 1), 0.1, 0.4, 0.3, 0.2);
    }

    @Test
    void whatIsFarBelowTheLikeliestIsNotDrawn() {
        assertShares(shares(new SampleSettings(1, 0, 1, 0.6, 1)), 0, 0.4 / 0.7, 0.3 / 0.7, 0);
        assertShares(shares(new SampleSettings(1, 0, 1, 1, 1)), 0, 1, 0, 0);
    }

    @Test
    void whatATextHasIsLessLikely() {
        FixedSession session = new FixedSession(
                (float) Math.log(0.1), (float) Math.log(0.4), (float) Math.log(0.3), (float) Math.log(0.2));
        int[] text = decoder()
                .create(new SampleSettings(0, 0, 1, 0, 100))
                .decode(session, List.of(prompt(1, "greedy")), 5, _ -> false)[0];
        // The prompt has token 0; once the text has all of them, the likeliest comes again.
        assertEquals(List.of(1, 2, 3, 1, 1), Arrays.stream(text).boxed().toList());
        FixedSession likely = new FixedSession(1, 5, 4, 3);
        int[] positive = decoder()
                .create(new SampleSettings(0, 0, 1, 0, 1.5))
                .decode(likely, List.of(prompt(1, "greedy")), 4, _ -> false)[0];
        assertEquals(List.of(1, 2, 1, 1), Arrays.stream(positive).boxed().toList());
    }

    @Test
    void temperatureSharpens() {
        double sum = 0.01 + 0.16 + 0.09 + 0.04;
        assertShares(shares(0.5, 0, 1), 0.01 / sum, 0.16 / sum, 0.09 / sum, 0.04 / sum);
        assertShares(shares(0, 0, 1), 0, 1, 0, 0);
    }

    @Test
    void topKLeavesTheLikeliest() {
        assertShares(shares(1, 2, 1), 0, 4 / 7.0, 3 / 7.0, 0);
        assertShares(shares(1, 100, 1), 0.1, 0.4, 0.3, 0.2);
    }

    @Test
    void topPLeavesTheSmallestSetOfThatProbability() {
        assertShares(shares(1, 0, 0.6), 0, 4 / 7.0, 3 / 7.0, 0);
        assertShares(shares(1, 0, 0.75), 0, 4 / 9.0, 3 / 9.0, 2 / 9.0);
        assertShares(shares(1, 0, 0), 0, 1, 0, 0);
    }

    @Test
    void anotherSeedWritesAnotherText() {
        int[][] written = decoder()
                .create(settings())
                .decode(Toys.session(2, 9), List.of(prompt(1, "a"), prompt(2, "a")), 40, _ -> false);
        assertFalse(Arrays.equals(written[0], written[1]));
    }
}
