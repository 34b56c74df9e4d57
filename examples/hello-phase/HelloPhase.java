package hello;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Next-token training by plain gradient descent. */
@Component
@Seat(kind = Seat.PHASE, id = "hello", summary = "the smallest phase that trains: gradient descent")
public final class HelloPhase implements Phase<HelloPhase.Plan> {
    public record Plan(double learningRate) {}

    public Needs needs(Plan plan) {
        return Needs.of("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]", "");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(Measure.step("loss/train", "nats/token", Measure.Better.LOWER));
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var trace = new Tracer();
        var weights = run.model("model").weights(trace, "model");
        var tokens = Map.of("tokens", trace.feed("tokens", DType.I32, Shape.of(16, 16)));
        var outputs = run.model("model").forward(weights, tokens, Pass.inference());
        var targets = trace.feed("targets", DType.I32, Shape.of(16, 16));
        var loss = Functions.mean(Functions.crossEntropy(outputs.get("logits"), targets));
        trace.output("loss", loss);
        for (var parameter : run.model("model").parameters()) {
            var weight = weights.get(parameter.name());
            var gradient = Gradients.of(loss, List.of(weight)).getFirst();
            trace.update(weight, weight.sub(gradient.mul(plan.learningRate())));
        }
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
