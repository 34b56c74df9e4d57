package org.kolotoc.data.knowledge;

import java.util.List;
import org.kolotoc.tensor.CounterRandom;

/** Random choices one after the other. */
final class Draws {
    private final CounterRandom random;
    private long drawn;

    Draws(long seed, String stream) {
        this.random = new CounterRandom(seed, stream);
    }

    int below(int bound) {
        return random.integer(drawn++, bound);
    }

    <T> T pick(List<T> list) {
        return list.get(below(list.size()));
    }
}
