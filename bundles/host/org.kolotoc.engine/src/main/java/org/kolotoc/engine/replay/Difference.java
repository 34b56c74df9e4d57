package org.kolotoc.engine.replay;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The first thing in which two courses of the same steps differ.
 *
 * @param step after which it was seen
 * @param what {@code tensor model/token.weight}, {@code measure loss/train}
 * @param recorded hash or number; {@code none} where there is none
 * @param replayed likewise
 */
public record Difference(long step, String what, String recorded, String replayed) {
    private static final String NONE = "none";

    /** The first by name of two states, by the hashes of their parts. */
    static Optional<Difference> ofStates(long step, Map<String, String> recorded, Map<String, String> replayed) {
        return first(step, "", recorded, replayed);
    }

    /** The first by name of the measures of a step. */
    static Optional<Difference> ofMeasures(long step, Map<String, Double> recorded, Map<String, Double> replayed) {
        return first(step, "measure ", recorded, replayed);
    }

    private static Optional<Difference> first(
            long step, String kind, Map<String, ?> recorded, Map<String, ?> replayed) {
        TreeSet<String> names = new TreeSet<>(recorded.keySet());
        names.addAll(replayed.keySet());
        return names.stream()
                .filter(name -> !Objects.equals(recorded.get(name), replayed.get(name)))
                .findFirst()
                .map(name -> new Difference(step, kind + name, text(recorded.get(name)), text(replayed.get(name))));
    }

    private static String text(Object value) {
        return value == null ? NONE : value.toString();
    }

    /** {@code tensor model/a differs after step 10: recorded ..., replayed ...}. */
    @Override
    public String toString() {
        return what + " differs after step " + step + "\n  recorded " + recorded + "\n  replayed " + replayed;
    }
}
