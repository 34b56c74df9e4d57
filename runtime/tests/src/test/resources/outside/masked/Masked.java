package masked;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Training to tell hidden tokens from those around them; what counts, and what is there at all, the data says. */
@Component
@Seat(kind = Seat.PHASE, id = "masked", summary = "tells hidden tokens, in rows of different lengths")
public final class Masked implements Phase<Masked.Plan> {
    private static final String[] FIELDS = {"tokens", "present", "targets", "weights"};

    public record Plan(
            @Default("16") @Range(min = 1, max = 65_536) int batch,
            @Default("12") @Range(min = 1, max = 65_536) int time,
            @Default("0.003") @Range(min = 0) double learningRate) {}

    public Needs needs(Plan plan) {
        return Needs.of(
                "i32 tokens[batch,time]; bool present[batch,time] -> f32 logits[batch,time,vocab]",
                "i32 tokens[batch,time]; bool present[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("loss/train", "nats/hidden token", Measure.Better.LOWER),
                Measure.evaluation("loss/validation", "nats/hidden token", Measure.Better.LOWER));
    }

    /** Sum of the losses of what is hidden, and how much that is. */
    private record Loss(Tensor sum, Tensor count) {
        static Loss of(Plan plan, Model model, Weights weights, Tracer trace, Pass pass) {
            var shape = Shape.of(plan.batch(), plan.time());
            var inputs = Map.of(
                    "tokens", trace.feed("tokens", DType.I32, shape),
                    "present", trace.feed("present", DType.BOOL, shape));
            var logits = model.forward(weights, inputs, pass).get("logits");
            var losses = Functions.crossEntropy(logits, trace.feed("targets", DType.I32, shape));
            var counted = trace.feed("weights", DType.F32, shape);
            return new Loss(Losses.weighted(losses, counted).sum(), counted.sum());
        }
    }

    private static Program step(Plan plan, Model model, Optimizer optimizer, String owner) {
        var trace = new Tracer();
        var weights = model.weights(trace, "model");
        var pass = Pass.training(trace.feed("key", DType.I32, Shape.of(2)));
        var hidden = Loss.of(plan, model, weights, trace, pass);
        var loss = hidden.sum().div(hidden.count().maximum(1));
        optimizer.minimize(
                loss,
                model.parameters(),
                weights,
                owner,
                trace.constant(plan.learningRate()),
                trace.feed("step", DType.F32, Shape.scalar()));
        pass.update(trace, weights);
        trace.output("loss", loss);
        return trace.program();
    }

    private static Program evaluation(Plan plan, Model model) {
        var trace = new Tracer();
        var hidden = Loss.of(plan, model, model.weights(trace, "model"), trace, Pass.inference());
        trace.output("sum", hidden.sum());
        trace.output("count", hidden.count());
        return trace.program();
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var model = run.model("model");
        var optimizer = new AdamW(0.9, 0.99, 1e-8, 0.01);
        run.state().declare(run.name(), optimizer.state(model.parameters()));
        var step = run.prepare("train", step(plan, model, optimizer, run.name()));
        var measure = run.prepare("evaluate", evaluation(plan, model));
        var axes = Map.of("batch", plan.batch(), "time", plan.time());
        var rows = run.data().batches("train", axes, run.seed());
        var heldOut = run.data().batches("validation", axes, run.seed());
        return Training.of(
                List.of(step, measure),
                (index, out) -> {
                    rows.fill(index, step.buffers(FIELDS));
                    step.feed("key", (int) run.seed(), (int) index);
                    step.feed("step", index + 1);
                    step.run();
                    out.put("loss/train", step.scalar("loss"));
                },
                Training.Evaluation.mean("loss/validation", measure, heldOut, FIELDS));
    }
}
