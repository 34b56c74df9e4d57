package reversed;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/** Teacher forcing: every token of the target is told from the source and the right tokens before it. */
@Component
@Seat(kind = Seat.PHASE, id = "translation", summary = "pairs of rows, with teacher forcing")
public final class Translation implements Phase<Translation.Plan> {
    static final String MODEL = "i32 source[batch,from]; i32 target[batch,to] -> f32 logits[batch,to,vocab]";

    private static final String[] FIELDS = {"source", "target", "next", "weights"};

    public record Plan(
            @Default("32") @Range(min = 1, max = 65_536) int batch,
            @Default("0.01") @Range(min = 0) double learningRate) {}

    public Needs needs(Plan plan) {
        return Needs.of(
                MODEL, "i32 source[batch,from]; i32 target[batch,to]; i32 next[batch,to]; f32 weights[batch,to]");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("loss/train", "nats/token", Measure.Better.LOWER),
                Measure.evaluation("loss/validation", "nats/token", Measure.Better.LOWER));
    }

    /** Outputs {@code sum} of the losses and {@code count} of the tokens; the mean loss. */
    private static Tensor loss(Plan plan, Model model, Dimensions rows, Weights weights, Tracer trace, Pass pass) {
        var to = Shape.of(plan.batch(), rows.get("to"));
        var inputs = Map.of(
                "source", trace.feed("source", DType.I32, Shape.of(plan.batch(), rows.get("from"))),
                "target", trace.feed("target", DType.I32, to));
        var losses = Functions.crossEntropy(
                model.forward(weights, inputs, pass).get("logits"), trace.feed("next", DType.I32, to));
        var counted = trace.feed("weights", DType.F32, to);
        var sum = Losses.weighted(losses, counted).sum();
        trace.output("sum", sum);
        trace.output("count", counted.sum());
        return sum.div(counted.sum());
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var model = run.model("model");
        var rows = run.data().dimensions();
        var optimizer = new AdamW(0.9, 0.99, 1e-8, 0);
        run.state().declare(run.name(), optimizer.state(model.parameters()));

        var trace = new Tracer();
        var weights = model.weights(trace, "model");
        var pass = Pass.training(trace.feed("key", DType.I32, Shape.of(2)));
        var loss = loss(plan, model, rows, weights, trace, pass);
        optimizer.minimize(
                loss,
                model.parameters(),
                weights,
                run.name(),
                trace.feed("rate", DType.F32, Shape.scalar()),
                trace.feed("step", DType.F32, Shape.scalar()));
        pass.update(trace, weights);
        trace.output("loss", loss);
        var step = run.prepare("train", trace.program());

        var measured = new Tracer();
        loss(plan, model, rows, model.weights(measured, "model"), measured, Pass.inference());
        var measure = run.prepare("evaluate", measured.program());

        var axes = Map.of("batch", plan.batch(), "from", rows.get("from"), "to", rows.get("to"));
        var training = run.data().batches("train", axes, run.seed());
        var heldOut = run.data().batches("validation", axes, run.seed());
        var schedule = new Schedule.Cosine(plan.learningRate(), 0, 20, run.steps());
        return Training.of(
                List.of(step, measure),
                (index, out) -> {
                    training.fill(index, step.buffers(FIELDS));
                    step.feed("key", (int) run.seed(), (int) index);
                    step.feed("rate", schedule.at(index));
                    step.feed("step", index + 1);
                    step.run();
                    out.put("loss/train", step.scalar("loss"));
                },
                Training.Evaluation.mean("loss/validation", measure, heldOut, FIELDS));
    }
}
