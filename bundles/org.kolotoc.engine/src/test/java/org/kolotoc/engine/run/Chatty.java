package org.kolotoc.engine.run;

import org.kolotoc.api.Measurements;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;

/** A phase like another, with measures of its own at every step and at every evaluation, of which some are no numbers. */
record Chatty<S extends Record>(Phase<S> like) implements Phase<S> {
    @Override
    public Class<S> settings() {
        return like.settings();
    }

    @Override
    public Training prepare(S settings, PhaseContext context) {
        Training training = like.prepare(settings, context);
        return new Training() {
            @Override
            public long steps() {
                return training.steps();
            }

            @Override
            public void step(long index, Measurements out) {
                training.step(index, out);
                out.put("reward", index == 3 ? Double.NaN : 0.1 * index);
                out.put("say \"\\ \u00e4\"", Double.NEGATIVE_INFINITY);
            }

            @Override
            public void evaluate(Measurements out) {
                training.evaluate(out);
                out.put("spread", 1 / 3.0);
                out.put("limit", Double.POSITIVE_INFINITY);
            }

            @Override
            public void close() {
                training.close();
            }
        };
    }
}
