package org.kolotoc.phase.adversarial;

import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What is drawn for an update. */
interface Chance {
    /** Normal numbers. */
    Tensor noise(Shape shape);

    /** Numbers from 0 to 1. */
    Tensor between(Shape shape);

    /** @param key {@code i32 [2]} */
    static Chance of(Tensor key) {
        return new Chance() {
            @Override
            public Tensor noise(Shape shape) {
                return key.tracer().normal(key, shape);
            }

            @Override
            public Tensor between(Shape shape) {
                return key.tracer().uniform(key, shape);
            }
        };
    }
}
