package descend;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Next-token training by whatever optimiser its settings name. */
@Component
@Seat(kind = Seat.PHASE, id = "descend", summary = "next-token training by any optimiser")
public final class Descend implements Phase<Descend.Plan> {
    public record Plan(
            double learningRate,
            @Settings.Filled(OptimizerFamily.class) Optimizer rule) {}

    public Class<Plan> settings() {
        return Plan.class;
    }

    public Needs needs(Plan plan) {
        return Needs.of("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]", "");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(Measure.step("loss/train", "nats/token", Measure.Better.LOWER));
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var model = run.model("model");
        var remembered = plan.rule().state(model.parameters());
        run.state().declare("descend", remembered);
        var trace = new Tracer();
        var weights = model.weights(trace, "model");
        var tokens = trace.feed("tokens", DType.I32, Shape.of(16, 16));
        var targets = trace.feed("targets", DType.I32, Shape.of(16, 16));
        var logits = model.forward(weights, Map.of("tokens", tokens), Pass.inference())
                .get("logits");
        var loss = Functions.mean(Functions.crossEntropy(logits, targets));
        trace.output("loss", loss);
        var leaves = model.parameters().stream().map(p -> weights.get(p.name())).toList();
        Map<String, Tensor> memory = new HashMap<>();
        remembered.forEach(p -> memory.put(p.name(), trace.state("descend/" + p.name(), p.dtype(), p.shape())));
        plan.rule()
                .update(
                        model.parameters(),
                        weights,
                        memory::get,
                        Gradients.of(loss, leaves),
                        trace.constant(plan.learningRate()),
                        trace.constant(1));
        var step = run.prepare("train", trace.program());
        var batches = run.data().batches("train", Map.of("batch", 16, "time", 16), run.seed());
        Training.Step train = (index, out) -> {
            batches.fill(index, Map.of("tokens", step.buffer("tokens"), "targets", step.buffer("targets")));
            step.run();
            out.put("loss/train", step.scalar("loss"));
        };
        return Training.of(List.of(step), train, _ -> {});
    }
}
