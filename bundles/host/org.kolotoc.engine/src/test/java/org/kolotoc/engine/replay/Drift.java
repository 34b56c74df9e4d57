package org.kolotoc.engine.replay;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/** A phase that adds to a tensor of its own at each step, which can be made to add something else. */
final class Drift implements Phase<Settings.None> {
    float amount = 1;

    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Needs needs(Settings.None settings) {
        return Needs.none();
    }

    @Override
    public List<Measure> measures(Settings.None settings) {
        return List.of(Measure.step("drift", "", Measure.Better.NEITHER));
    }

    @Override
    public Training prepare(Settings.None settings, PhaseContext context) {
        context.state().declare("drift", List.of(Parameter.of("value", Initializer.ZEROS, 1)));
        Buffer buffer = context.state().buffer("drift/value");
        return Training.of(List.of(), (index, out) -> step(buffer, index, out), _ -> {});
    }

    private void step(Buffer buffer, long index, Measurements out) {
        float[] value = new float[1];
        buffer.read(0, value);
        value[0] += amount * (index + 1);
        buffer.write(0, value);
        // What is measured does not tell all of it.
        out.put("drift", index);
    }
}
