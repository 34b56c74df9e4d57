package org.kolotoc.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.kolotoc.api.text.LanguageSession;

/**
 * A small beam search: each row of a session is a beam, and rows change places as beams branch and die.
 *
 * @param penalty a text scores the sum of its log-probabilities by this power of its length
 */
record BeamSearch(LanguageSession session, int end, double penalty) {
    /** A text, the row that it goes on from, and the sum of its log-probabilities. */
    record Beam(int[] tokens, int row, double sum) {
        Beam with(int token, int at, double logProbability) {
            int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
            longer[tokens.length] = token;
            return new Beam(longer, at, sum + logProbability);
        }
    }

    double score(Beam beam) {
        return beam.sum() / Math.pow(beam.tokens().length, penalty);
    }

    /** As many texts as the session has rows, the best first; those that did not end are as long as is allowed. */
    List<Beam> best(int[] prompt, int longest) {
        int width = session.rows();
        int[][] first = new int[width][0];
        first[0] = prompt;
        session.reset();
        session.prefill(first);
        session.reorder(new int[width]);
        float[][] logits = session.step(filled(width));
        List<Beam> live = List.of(new Beam(new int[0], 0, 0));
        List<Beam> kept = new ArrayList<>();
        for (int length = 1; length <= longest; length++) {
            List<Beam> candidates = candidates(live, logits);
            List<Beam> next = new ArrayList<>();
            for (int rank = 0; rank < candidates.size() && next.size() < width; rank++) {
                Beam beam = candidates.get(rank);
                if (beam.tokens()[length - 1] != end) {
                    next.add(beam);
                } else if (rank < width) {
                    kept.add(beam);
                }
            }
            trim(kept, width);
            if (length == longest
                    || kept.size() == width
                            && score(kept.getLast()) >= next.getFirst().sum() / Math.pow(length, penalty)) {
                kept.addAll(length == longest ? next : List.of());
                break;
            }
            int[] from = new int[width];
            int[] tokens = filled(width);
            for (int row = 0; row < next.size(); row++) {
                from[row] = next.get(row).row();
                tokens[row] = next.get(row).tokens()[length - 1];
            }
            session.reorder(from);
            logits = session.step(tokens);
            live = next;
        }
        trim(kept, width);
        return kept;
    }

    private static int[] filled(int width) {
        int[] tokens = new int[width];
        Arrays.fill(tokens, LanguageSession.NOTHING);
        return tokens;
    }

    private void trim(List<Beam> kept, int width) {
        kept.sort(Comparator.comparingDouble(this::score).reversed());
        kept.subList(Math.min(width, kept.size()), kept.size()).clear();
    }

    /** The best continuations of all beams by a token, twice as many as there are rows. */
    private List<Beam> candidates(List<Beam> live, float[][] logits) {
        List<Beam> candidates = new ArrayList<>();
        for (int row = 0; row < live.size(); row++) {
            double most = Double.NEGATIVE_INFINITY;
            for (float logit : logits[row]) {
                most = Math.max(most, logit);
            }
            double sum = 0;
            for (float logit : logits[row]) {
                sum += Math.exp(logit - most);
            }
            for (int token = 0; token < logits[row].length; token++) {
                candidates.add(live.get(row).with(token, row, logits[row][token] - most - Math.log(sum)));
            }
        }
        candidates.sort(Comparator.comparingDouble(Beam::sum).reversed());
        return candidates.subList(0, Math.min(2 * session.rows(), candidates.size()));
    }
}
