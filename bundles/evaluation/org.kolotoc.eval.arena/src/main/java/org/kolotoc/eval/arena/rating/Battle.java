package org.kolotoc.eval.arena.rating;

import java.util.List;

/**
 * A battle of two, as somebody judged it.
 *
 * @param style by how much each style feature of the left answer is larger than that of the right one, in the feature's unit
 */
public record Battle(String left, String right, Outcome outcome, List<Double> style) {
    public Battle {
        style = List.copyOf(style);
    }

    public Battle(String left, String right, Outcome outcome) {
        this(left, right, outcome, List.of());
    }

    /** The same seen from the other side. */
    public Battle reversed() {
        return new Battle(
                right,
                left,
                outcome.reversed(),
                style.stream().map(difference -> -difference).toList());
    }
}
