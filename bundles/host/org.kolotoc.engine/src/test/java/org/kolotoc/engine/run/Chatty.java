package org.kolotoc.engine.run;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;

/**
 * A phase like another that also measures a {@code reward}: at every step, where it falls, or at every evaluation, where it
 * rises as the loss falls.
 */
record Chatty<S extends Record>(Phase<S> like, Measure.Taken when) implements Phase<S> {
    @Override
    public Class<S> settings() {
        return like.settings();
    }

    @Override
    public List<Measure> measures(S settings) {
        List<Measure> measures = new ArrayList<>(like.measures(settings));
        measures.add(new Measure("reward", "", when, Measure.Better.HIGHER));
        return measures;
    }

    @Override
    public Needs needs(S settings) {
        return like.needs(settings);
    }

    @Override
    public Training prepare(S settings, PhaseContext context) {
        Training training = like.prepare(settings, context);
        return new Training() {
            @Override
            public void step(long index, Measurements out) {
                training.step(index, out);
                if (when == Measure.Taken.STEP) {
                    out.put("reward", 100 - index / 3.0);
                }
            }

            @Override
            public void evaluate(Measurements out) {
                training.evaluate((name, value) -> {
                    out.put(name, value);
                    if (when == Measure.Taken.EVALUATION && name.equals("loss/validation")) {
                        out.put("reward", -value);
                    }
                });
            }

            @Override
            public void close() {
                training.close();
            }
        };
    }
}
