package hello;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Next-token training by plain gradient descent. */
@Component
@Seat(kind = Seat.PHASE, id = "hello", summary = "the smallest phase that trains: gradient descent")
public final class HelloPhase implements Phase<HelloPhase.Plan> {
    public record Plan(
            @Settings.Default("100") long steps,
            @Settings.Default("0.5") double learningRate) {}

    public Class<Plan> settings() {
        return Plan.class;
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var trace = new Tracer();
        var weights = run.model("model").weights(trace, "model");
        var tokens = trace.feed("tokens", DType.I32, Shape.of(16, 16));
        var targets = trace.feed("targets", DType.I32, Shape.of(16, 16));
        var logits = run.model("model")
                .forward(weights, Map.of("tokens", tokens), Pass.INFERENCE)
                .get("logits");
        var loss = Functions.mean(Functions.crossEntropy(logits, targets));
        var leaves = run.model("model").parameters().stream()
                .map(p -> weights.get(p.name()))
                .toList();
        var gradients = Gradients.of(loss, leaves);
        for (int i = 0; i < leaves.size(); i++) {
            trace.update(leaves.get(i), leaves.get(i).sub(gradients.get(i).mul(plan.learningRate())));
        }
        trace.output("loss", loss);
        var step = run.prepare("train", trace.program());
        var feeds = Map.of("tokens", step.buffer("tokens"), "targets", step.buffer("targets"));
        var batches = run.data().batches("train", Map.of("batch", 16, "time", 16), run.seed());
        return Training.of(
                plan.steps(),
                List.of(step),
                (index, out) -> {
                    batches.fill(index, feeds);
                    step.run();
                    out.put("loss/train", step.scalar("loss"));
                },
                _ -> {});
    }
}
