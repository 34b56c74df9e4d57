package org.kolotoc.sampler.text;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.kolotoc.api.text.Tokenizer;

/**
 * A text whose tokens are measured from the second on.
 *
 * @param bytes of the text that these tokens stand for
 */
record Measured(int[] tokens, long bytes) {
    /**
     * All of a text but what its first token stands for. A character of which that has but a part counts as a whole.
     *
     * @param begins whether the first token is of the text itself
     */
    static Measured of(String text, int[] tokens, boolean begins, Tokenizer tokenizer) {
        String first = begins ? tokenizer.decode(Arrays.copyOf(tokens, 1)) : "";
        int whole = first.length();
        while (whole > 0 && first.charAt(whole - 1) == Unfolding.REPLACEMENT) {
            whole--;
        }
        return new Measured(tokens, Math.max(1, length(text) - length(first.substring(0, whole))));
    }

    private static long length(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** @param sum of the negative logarithms of the probabilities of the tokens, in nats */
    String figures(double sum) {
        int count = tokens.length - 1;
        double loss = sum / count;
        return String.format(
                Locale.ROOT,
                "tokens\t%d%nbytes\t%d%nloss\t%.9g%nperplexity\t%.9g%nbits/byte\t%.9g%n",
                count,
                bytes,
                loss,
                Math.exp(loss),
                sum / Math.log(2) / bytes);
    }
}
