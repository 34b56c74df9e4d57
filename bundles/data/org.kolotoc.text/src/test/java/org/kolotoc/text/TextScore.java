package org.kolotoc.text;

import org.kolotoc.api.text.LanguageSession;

/** The log-probability of a text behind a prompt, token after token. */
final class TextScore {
    private TextScore() {}

    static double of(LanguageSession session, int[] prompt, int[] text) {
        session.reset();
        int[][] read = new int[session.rows()][0];
        read[0] = prompt;
        double sum = 0;
        for (int token : text) {
            float[] logits = session.prefill(read)[0];
            double all = 0;
            for (float logit : logits) {
                all += Math.exp(logit - (double) logits[token]);
            }
            sum -= Math.log(all);
            read[0] = new int[] {token};
        }
        return sum;
    }
}
