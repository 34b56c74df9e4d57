package points;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/**
 * Denoising diffusion (Ho et al., arXiv:2006.11239): tells the noise that was added to points, of which some have lost their
 * kind, so that the model knows points of any kind too (Ho and Salimans, arXiv:2207.12598).
 */
@Component
@Seat(kind = Seat.PHASE, id = "cloud-denoise", summary = "tells the noise added to points")
public final class Denoise implements Phase<Denoise.Plan> {
    private static final AdamW ADAM = new AdamW(0.9, 0.99, 1e-8, 0);

    public record Plan(
            @Default("256") @Range(min = 1, max = 65536) int batch,
            @Default("0.003") @Range(min = 0, max = 1) double learningRate,

            @Help("share of points that lose their kind") @Default("0.15") @Range(min = 0, max = 1)
            double forgotten) {}

    public Needs needs(Plan plan) {
        return Needs.of(
                "f32 noisy[batch,coordinate]; f32 time[batch]; i32 label[batch] -> f32 noise[batch,coordinate]",
                "f32 point[batch,coordinate]; i32 label[batch]; f32 weights[batch]");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("loss/train", "", Measure.Better.LOWER),
                Measure.work("points", "points"),
                Measure.evaluation("loss/validation", "", Measure.Better.LOWER));
    }

    public Training prepare(Plan plan, PhaseContext run) {
        Model model = run.model("model");
        run.state().declare(run.name(), ADAM.state(model.parameters()));
        BoundProgram train = run.prepare("train", training(plan, run, model));
        BoundProgram evaluate = run.prepare("evaluate", evaluation(plan, model));
        Batches batches = run.data().batches("train", Map.of("batch", plan.batch()), run.seed());
        Batches heldOut = run.data().batches("validation", Map.of("batch", plan.batch()), run.seed());
        int seed = (int) (run.seed() ^ run.seed() >>> 32);
        Schedule schedule = new Schedule.Cosine(plan.learningRate(), plan.learningRate() / 20, 0, run.steps());
        Training.Step step = (index, out) -> {
            batches.fill(index, train.buffers("point", "label"));
            train.feed("key", seed, (int) index);
            train.feed("step", index + 1);
            train.feed("rate", schedule.at(index));
            train.run();
            out.put("loss/train", train.scalar("loss"));
            out.put("points", plan.batch());
        };
        return Training.of(
                List.of(train, evaluate),
                step,
                Training.Evaluation.mean("loss/validation", evaluate, heldOut, "point", "label", "weights"));
    }

    private static Program training(Plan plan, PhaseContext run, Model model) {
        Tracer trace = new Tracer();
        Tensor key = trace.feed("key", DType.I32, Shape.of(2));
        Tensor label = trace.feed("label", DType.I32, Shape.of(plan.batch()));
        Tensor forgotten = trace.uniform(key, label.shape()).lt(trace.constant(plan.forgotten()));
        Tensor none = label.constant(model.limits().get("kind")).broadcast(label.shape());
        Tensor loss = Functions.mean(losses(trace, model, key, forgotten.select(none, label)));
        Tensor rate = trace.feed("rate", DType.F32, Shape.scalar());
        Tensor number = trace.feed("step", DType.F32, Shape.scalar());
        ADAM.minimize(loss, model.parameters(), model.weights(trace, "model"), run.name(), rate, number);
        trace.output("loss", loss);
        return trace.program();
    }

    private static Program evaluation(Plan plan, Model model) {
        Tracer trace = new Tracer();
        Tensor label = trace.feed("label", DType.I32, Shape.of(plan.batch()));
        Tensor counted = trace.feed("weights", DType.F32, label.shape());
        Tensor key = trace.constant(new int[2], Shape.of(2));
        trace.output("sum", losses(trace, model, key, label).mul(counted).sum());
        trace.output("count", counted.sum());
        return trace.program();
    }

    /** Of each point, at a time of its own. */
    private static Tensor losses(Tracer trace, Model model, Tensor key, Tensor label) {
        Shape shape = Shape.of(label.shape().extent(0), model.limits().get("coordinate"));
        Tensor point = trace.feed("point", DType.F32, shape);
        Tensor time = trace.uniform(key, label.shape());
        Tensor noise = trace.normal(key, shape);
        Tensor angle = time.mul(Noise.END).reshape(-1, 1);
        Tensor noisy = point.mul(angle.cos()).add(noise.mul(angle.sin()));
        Tensor told = model.forward(
                        model.weights(trace, "model"),
                        Map.of("noisy", noisy, "time", time, "label", label),
                        Pass.inference())
                .get("noise");
        Tensor off = told.sub(noise);
        return Functions.mean(off.mul(off), 1);
    }
}
