package org.kolotoc.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.IntPredicate;

/**
 * The search from one prompt: which texts are alive, each in a row of a session, and which have ended. A step looks at twice
 * as many continuations as there are rows, so that enough go on however many of them end.
 */
final class BeamSearch {
    private final int row;
    private final int width;
    private final double lengthPenalty;
    private final int longest;
    private final IntPredicate ends;
    private final List<Beam> kept = new ArrayList<>();
    private List<Beam> live;

    /**
     * A text.
     *
     * @param from the row whose text it goes on from
     * @param sum of its log-probabilities
     */
    private record Beam(int[] tokens, int from, double sum) {
        Beam with(int token, int at, double sumNow) {
            int[] longer = Arrays.copyOf(tokens, tokens.length + 1);
            longer[tokens.length] = token;
            return new Beam(longer, at, sumNow);
        }

        int last() {
            return tokens[tokens.length - 1];
        }
    }

    /** A continuation of a text by a token. */
    private record Candidate(Beam beam, int from, int token, double sum) {}

    /**
     * Begins it; the logits that follow the prompt are in the first of its rows.
     *
     * @param row the first of its rows
     * @param longest tokens of a text at most
     * @param ends whether a token ends a text
     */
    BeamSearch(int row, int width, double lengthPenalty, int longest, IntPredicate ends) {
        this.row = row;
        this.width = width;
        this.lengthPenalty = lengthPenalty;
        this.longest = longest;
        this.ends = ends;
        this.live = List.of(new Beam(new int[0], row, 0));
    }

    /** The first of its rows. */
    int row() {
        return row;
    }

    /**
     * Goes one token further.
     *
     * @param logits {@code [rows][vocab]} of the token that follows in each row of the session
     * @param from takes the rows that its own rows go on from
     * @param tokens takes what these read next
     * @return whether it wants to see the logits behind that
     */
    boolean goesOn(float[][] logits, int[] from, int[] tokens) {
        List<Candidate> candidates = candidates(logits);
        List<Beam> next = new ArrayList<>();
        for (int rank = 0; rank < candidates.size() && next.size() < width; rank++) {
            Candidate candidate = candidates.get(rank);
            Beam beam = candidate.beam().with(candidate.token(), candidate.from(), candidate.sum());
            if (!ends.test(candidate.token())) {
                next.add(beam);
            } else if (rank < width) {
                kept.add(beam);
            }
        }
        trim();
        int length = live.getFirst().tokens().length + 1;
        live = next;
        if (length == longest || next.isEmpty() || isSettled()) {
            if (length == longest) {
                kept.addAll(next);
                trim();
            }
            return false;
        }
        for (int i = 0; i < next.size(); i++) {
            from[row + i] = next.get(i).from();
            tokens[row + i] = next.get(i).last();
        }
        return true;
    }

    /** Whether what is alive is no better, as long as it is now, than any that has ended. */
    private boolean isSettled() {
        return kept.size() == width && score(kept.getLast()) >= score(live.getFirst());
    }

    /** The text of a rank; the last where there are fewer. */
    int[] text(int rank) {
        return kept.isEmpty()
                ? new int[0]
                : kept.get(Math.min(rank, kept.size() - 1)).tokens();
    }

    /** What texts are compared by. */
    private double score(Beam beam) {
        return beam.sum() / StrictMath.pow(beam.tokens().length, lengthPenalty);
    }

    private void trim() {
        kept.sort(Comparator.comparingDouble(this::score).reversed());
        kept.subList(Math.min(width, kept.size()), kept.size()).clear();
    }

    /** The best continuations of all its texts, twice as many as it has rows. */
    private List<Candidate> candidates(float[][] logits) {
        List<Candidate> candidates = new ArrayList<>();
        for (int i = 0; i < live.size(); i++) {
            Beam beam = live.get(i);
            float[] mine = logits[row + i];
            double normaliser = logSumExp(mine);
            for (int token : likeliest(mine, 2 * width)) {
                candidates.add(new Candidate(beam, row + i, token, beam.sum() + mine[token] - normaliser));
            }
        }
        candidates.sort(Comparator.comparingDouble(Candidate::sum).reversed());
        return candidates.subList(0, Math.min(2 * width, candidates.size()));
    }

    private static double logSumExp(float[] logits) {
        double most = Double.NEGATIVE_INFINITY;
        for (float logit : logits) {
            most = Math.max(most, logit);
        }
        double sum = 0;
        for (float logit : logits) {
            sum += StrictMath.exp(logit - most);
        }
        return most + StrictMath.log(sum);
    }

    /** So many possible tokens with the highest logits, the lowest of equals first. */
    private static int[] likeliest(float[] logits, int count) {
        int[] best = new int[Math.min(count, logits.length)];
        int size = 0;
        for (int token = 0; token < logits.length; token++) {
            boolean impossible = logits[token] == Float.NEGATIVE_INFINITY;
            if (impossible || size == best.length && logits[token] <= logits[best[size - 1]]) {
                continue;
            }
            int at = size < best.length ? size++ : size - 1;
            while (at > 0 && logits[best[at - 1]] < logits[token]) {
                best[at] = best[at - 1];
                at--;
            }
            best[at] = token;
        }
        return Arrays.copyOf(best, size);
    }
}
