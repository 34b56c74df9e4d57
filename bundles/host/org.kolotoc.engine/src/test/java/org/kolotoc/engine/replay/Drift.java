package org.kolotoc.engine.replay;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Settings;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;

/** A phase that adds to a tensor of its own at each step, which can be made to add something else. */
final class Drift implements Phase<Drift.Plan> {
    float amount = 1;

    public record Plan(@Settings.Default("4") long steps) {}

    @Override
    public Class<Plan> settings() {
        return Plan.class;
    }

    @Override
    public List<Measure> measures(Plan plan) {
        return List.of(Measure.step("drift", "", Measure.Better.NEITHER));
    }

    @Override
    public Training prepare(Plan plan, PhaseContext context) {
        context.state().declare("drift", List.of(Parameter.of("value", Initializer.ZEROS, 1)));
        Buffer buffer = context.state().buffer("drift/value");
        return Training.of(plan.steps(), List.of(), (index, out) -> step(buffer, index, out), _ -> {});
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
