package org.kolotoc.text.ngram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * How often each piece of a text stands behind those before it, up to {@code order} pieces together, and the model that this
 * gives: what was seen seldom is mixed with what shorter contexts say (Witten and Bell 1991, as in Chen and Goodman 1998,
 * section 2.5), down to the same for every known piece and one for all unknown ones.
 */
public final class NGrams {
    /** Between the pieces of a context; stands in no piece. */
    private static final String BLANK = " ";

    private final int order;
    private final Map<String, Map<String, Integer>> counts = new HashMap<>();
    private final Map<String, Integer> totals = new HashMap<>();
    private final Set<String> vocabulary = new HashSet<>();
    private final Deque<String> last = new ArrayDeque<>();

    /** @param order pieces that are looked at together, at least 1: 5 for a 5-gram */
    public NGrams(int order) {
        if (order < 1) {
            throw new IllegalArgumentException("an order of " + order + "; expected at least 1");
        }
        this.order = order;
    }

    /** Counts the next piece of the text. */
    public void add(String piece) {
        vocabulary.add(piece);
        List<String> before = List.copyOf(last);
        for (int from = 0; from <= before.size(); from++) {
            String context = String.join(BLANK, before.subList(from, before.size()));
            counts.computeIfAbsent(context, _ -> new HashMap<>()).merge(piece, 1, Integer::sum);
            totals.merge(context, 1, Integer::sum);
        }
        last.addLast(piece);
        if (last.size() == order) {
            last.removeFirst();
        }
    }

    /**
     * What stood behind a context, and how often.
     *
     * @param context fewer pieces than the order
     */
    public Map<String, Integer> following(List<String> context) {
        if (context.size() >= order) {
            throw new IllegalArgumentException(
                    context.size() + " pieces before one; expected at most " + (order - 1) + " of " + order);
        }
        return Collections.unmodifiableMap(counts.getOrDefault(String.join(BLANK, context), Map.of()));
    }

    /**
     * How likely a piece is behind others, of which the last count.
     *
     * @return above 0 and at most 1; over all known pieces and one unknown one it adds up to 1
     */
    public double probability(List<String> before, String piece) {
        double probability = 1.0 / (vocabulary.size() + 1);
        int longest = Math.min(order - 1, before.size());
        for (int length = 0; length <= longest; length++) {
            String context = String.join(BLANK, before.subList(before.size() - length, before.size()));
            Map<String, Integer> seen = counts.get(context);
            if (seen != null) {
                int total = totals.get(context);
                probability = (seen.getOrDefault(piece, 0) + seen.size() * probability) / (total + seen.size());
            }
        }
        return probability;
    }

    /** The log-probability of pieces behind others, in nats. */
    public double logProbability(List<String> before, List<String> behind) {
        List<String> read = new ArrayList<>(before);
        double sum = 0;
        for (String piece : behind) {
            sum += StrictMath.log(probability(read, piece));
            read.add(piece);
        }
        return sum;
    }
}
