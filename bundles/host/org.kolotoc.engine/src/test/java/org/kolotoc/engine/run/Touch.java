package org.kolotoc.engine.run;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Adds a little to every parameter of a model, beside a copy of how it began. */
final class Touch implements Phase<Touch.Plan> {
    /**
     * What may be wrong with it.
     *
     * @param stays whether it does so to what the model says that nobody trains
     * @param copy what it calls the copy
     */
    public record Plan(boolean stays, String copy) {}

    @Override
    public Class<Plan> settings() {
        return Plan.class;
    }

    @Override
    public Needs needs(Plan plan) {
        return Needs.of("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]", "");
    }

    @Override
    public List<Measure> measures(Plan plan) {
        return List.of();
    }

    @Override
    public Training prepare(Plan plan, PhaseContext context) {
        Model model = context.model("model");
        context.state().declareCopy(plan.copy(), "model");
        Tracer tracer = new Tracer();
        for (Parameter parameter : plan.stays() ? model.statistics() : model.parameters()) {
            Tensor weight = model.weights(tracer, "model").get(parameter.name());
            tracer.update(weight, weight.add(0.01));
        }
        var program = context.prepare("touch", tracer.program());
        return Training.of(List.of(program), (_, _) -> program.run(), _ -> {});
    }
}
