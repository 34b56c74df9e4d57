package org.kolotoc.engine.run;

import java.util.List;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/** Moves the weights of a student towards those of a teacher, and a slow copy of the student after it. */
final class Pull implements Phase<Pull.Plan> {
    private static final String LANGUAGE = "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]";

    /** @param rate share of the way that a step goes */
    public record Plan(double rate) {}

    @Override
    public Class<Plan> settings() {
        return Plan.class;
    }

    @Override
    public Needs needs(Plan plan) {
        return Needs.none()
                .model("student", LANGUAGE)
                .model("teacher", LANGUAGE)
                .data("i32 tokens[batch,time]");
    }

    @Override
    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("moved", "", Measure.Better.LOWER),
                Measure.evaluation("distance", "", Measure.Better.LOWER));
    }

    @Override
    public Training prepare(Plan plan, PhaseContext context) {
        Model student = context.model("student");
        context.state().declareCopy("slow", "student");
        Tracer tracer = new Tracer();
        Weights weights = student.weights(tracer, "student");
        Weights slow = student.weights(tracer, "slow");
        Tensor moved = tracer.constant(0);
        for (var parameter : student.parameters()) {
            Tensor weight = weights.get(parameter.name());
            Tensor step = context.model("teacher")
                    .weights(tracer, "teacher")
                    .get(parameter.name())
                    .sub(weight)
                    .mul(plan.rate());
            moved = moved.add(step.mul(step).sum());
            tracer.update(weight, weight.add(step));
            Tensor copy = slow.get(parameter.name());
            tracer.update(copy, copy.add(weight.sub(copy).mul(0.5)));
        }
        tracer.output("moved", moved);
        var program = context.prepare("pull", tracer.program());
        Tracer measuring = new Tracer();
        Tensor distance = measuring.constant(0);
        for (var parameter : student.parameters()) {
            Tensor apart = student.weights(measuring, "student")
                    .get(parameter.name())
                    .sub(context.model("teacher").weights(measuring, "teacher").get(parameter.name()));
            distance = distance.add(apart.mul(apart).sum());
        }
        measuring.output("distance", distance);
        var evaluation = context.prepare("distance", measuring.program());
        return Training.of(
                List.of(program, evaluation),
                (_, out) -> {
                    program.run();
                    out.put("moved", program.scalar("moved"));
                },
                out -> {
                    evaluation.run();
                    out.put("distance", evaluation.scalar("distance"));
                });
    }
}
