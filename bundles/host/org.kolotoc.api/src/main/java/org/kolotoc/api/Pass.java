package org.kolotoc.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** One use of a model in a program. */
public final class Pass {
    private final Tensor key;
    private final Map<String, Tensor> kept = new LinkedHashMap<>();

    private Pass(Tensor key) {
        this.key = key;
    }

    /** For evaluation and generation. */
    public static Pass inference() {
        return new Pass(null);
    }

    /** @param key {@code i32 [2]}, seed and step, for random numbers */
    public static Pass training(Tensor key) {
        return new Pass(key);
    }

    /** Whether what is random only in training (dropout) takes part, and statistics are those of the batch. */
    public boolean training() {
        return key != null;
    }

    /** {@code i32 [2]}, seed and step, for random numbers; null unless training. */
    public Tensor key() {
        return key;
    }

    /**
     * Says what one of the model's {@link Model#statistics} is after this use, if whoever uses it keeps that.
     *
     * @throws IllegalArgumentException when it was said already
     */
    public void keep(String statistic, Tensor next) {
        if (kept.putIfAbsent(statistic, next) != null) {
            throw new IllegalArgumentException("the statistic '" + statistic + "' is kept twice in one pass");
        }
    }

    /** What was kept, by the names of statistics. */
    public Map<String, Tensor> kept() {
        return Collections.unmodifiableMap(kept);
    }

    /** Writes what was kept, at the end of a run of the program. Of several passes over a model one may. */
    public void update(Tracer tracer, Weights weights) {
        kept.forEach((name, next) -> tracer.update(weights.get(name), next));
    }
}
