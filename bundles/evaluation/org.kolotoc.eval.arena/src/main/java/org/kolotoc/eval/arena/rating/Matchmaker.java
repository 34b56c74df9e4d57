package org.kolotoc.eval.arena.rating;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/**
 * Says who fights next. A pair is drawn in proportion to how much one more battle would narrow what is known of it, {@code s / sqrt(n)}
 * less {@code s / sqrt(n + 1)}, where {@code n} is how often it fought and {@code s} the spread of its points (Chiang et al. 2024,
 * section 5); two virtual ties each give a pair that never fought both. Sides are drawn evenly. The same seed and battles give
 * the same pair.
 */
public final class Matchmaker {
    private static final double VIRTUAL = 2;

    private final CounterRandom random;

    public Matchmaker(long seed) {
        this.random = new CounterRandom(seed, "arena/match");
    }

    /**
     * Two models, by their numbers.
     *
     * @param left whose answer is shown on the left
     */
    public record Pairing(int left, int right) {}

    /**
     * Who fights next.
     *
     * @param points {@code [model, model]}: who took how many points from whom so far, see {@link Battles#points}
     * @param turn battles that were arranged before: another gives another pair
     */
    public Pairing next(double[][] points, long turn) {
        int models = points.length;
        List<Pairing> pairs = new ArrayList<>();
        List<Double> until = new ArrayList<>();
        double sum = 0;
        for (int a = 0; a < models; a++) {
            for (int b = a + 1; b < models; b++) {
                sum += gain(points[a][b], points[b][a]);
                pairs.add(new Pairing(a, b));
                until.add(sum);
            }
        }
        double drawn = random.uniform(2 * turn) * sum;
        int index = 0;
        while (index < pairs.size() - 1 && until.get(index) <= drawn) {
            index++;
        }
        Pairing pair = pairs.get(index);
        return random.uniform(2 * turn + 1) < 0.5 ? pair : new Pairing(pair.right(), pair.left());
    }

    /** By how much one more battle narrows what is known of a pair. */
    static double gain(double taken, double lost) {
        double battles = taken + lost + VIRTUAL;
        double share = (taken + VIRTUAL / 2) / battles;
        double spread = Math.sqrt(share * (1 - share));
        return spread / Math.sqrt(battles) - spread / Math.sqrt(battles + 1);
    }
}
