package org.kolotoc.eval.arena.rating;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/** Battles that are drawn from strengths which are known. */
final class Simulated {
    private Simulated() {}

    static double chance(double difference) {
        return 1 / (1 + Math.exp(-difference));
    }

    /** Battles of pairs that are drawn evenly. */
    static Battles evenly(double[] strengths, int battles, long seed) {
        CounterRandom random = new CounterRandom(seed, "simulated");
        List<Battle> fought = new ArrayList<>();
        for (int i = 0; i < battles; i++) {
            int left = random.integer(4L * i, strengths.length);
            int right = (left + 1 + random.integer(4L * i + 1, strengths.length - 1)) % strengths.length;
            boolean wins = random.uniform(4L * i + 2) < chance(strengths[left] - strengths[right]);
            fought.add(new Battle("m" + left, "m" + right, wins ? Outcome.LEFT : Outcome.RIGHT));
        }
        return Battles.of(fought);
    }
}
