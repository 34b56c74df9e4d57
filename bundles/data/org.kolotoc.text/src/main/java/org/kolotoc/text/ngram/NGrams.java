package org.kolotoc.text.ngram;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * How often each piece of a text stands behind those before it, up to {@code order} pieces together, and the model that this
 * gives: what was seen seldom is mixed with what shorter contexts say (Witten and Bell 1991, as in Chen and Goodman 1998,
 * section 2.5), down to the same for every known piece and one for all unknown ones.
 */
public final class NGrams {
    private final int order;
    private final SequenceCounts sequences = new SequenceCounts();
    private final Map<String, Integer> numbers = new HashMap<>();
    private final List<String> vocabulary = new ArrayList<>();
    /** The last pieces as sequences, the shortest first: none, one, two, ... */
    private final Deque<Integer> last = new ArrayDeque<>(List.of(SequenceCounts.EMPTY));

    /** @param order pieces that are looked at together, at least 1: 5 for a 5-gram */
    public NGrams(int order) {
        if (order < 1) {
            throw new IllegalArgumentException("an order of " + order + "; expected at least 1");
        }
        this.order = order;
    }

    /** Counts the next piece of the text. */
    public void add(String piece) {
        int number = numbers.computeIfAbsent(piece, _ -> {
            vocabulary.add(piece);
            return vocabulary.size() - 1;
        });
        for (int contexts = last.size(); contexts > 0; contexts--) {
            last.addLast(sequences.count(last.removeFirst(), number));
        }
        if (last.size() == order) {
            last.removeLast();
        }
        last.addFirst(SequenceCounts.EMPTY);
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
        Map<String, Integer> counts = new HashMap<>();
        sequences.forEachBehind(sequence(context), (piece, count) -> counts.put(vocabulary.get(piece), count));
        return counts;
    }

    /**
     * How likely a piece is behind others, of which the last count.
     *
     * @return above 0 and at most 1; over all known pieces and one unknown one it adds up to 1
     */
    public double probability(List<String> before, String piece) {
        double probability = 1.0 / (vocabulary.size() + 1);
        int longest = Math.min(order - 1, before.size());
        int number = number(piece);
        for (int length = 0; length <= longest; length++) {
            int context = sequence(before.subList(before.size() - length, before.size()));
            int kinds = sequences.kindsBehind(context);
            if (kinds > 0) {
                int seen = sequences.times(sequences.find(context, number));
                probability = (seen + kinds * probability) / (sequences.timesBehind(context) + kinds);
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

    /** Sequences of pieces that were seen. */
    int sequences() {
        return sequences.size();
    }

    /** Pieces that were seen. */
    int kinds() {
        return vocabulary.size();
    }

    private int number(String piece) {
        return numbers.getOrDefault(piece, SequenceCounts.NONE);
    }

    private int sequence(List<String> pieces) {
        int sequence = SequenceCounts.EMPTY;
        for (String piece : pieces) {
            sequence = sequences.find(sequence, number(piece));
        }
        return sequence;
    }
}
