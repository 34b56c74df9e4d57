package pictures;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.nn.AdamW;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/**
 * WGAN with a gradient penalty (Gulrajani et al., arXiv:1704.00028): so many updates of the critic for one of the generator,
 * whose moving average is a model of its own, for whoever samples it.
 */
@Component
@Seat(kind = Seat.PHASE, id = "glyph-game", summary = "WGAN with a gradient penalty and averaged weights")
public final class Adversarial implements Phase<Adversarial.Plan> {
    private static final AdamW ADAM = new AdamW(0, 0.9, 1e-8, 0);

    public record Plan(
            @Default("64") @Range(min = 2, max = 65536) int batch,

            @Help("updates of the critic for one of the generator") @Default("3") @Range(min = 1, max = 100)
            int critics,

            @Default("0.001") @Range(min = 0, max = 1) double learningRate,

            @Help("weight of the gradient penalty") @Default("10") @Range(min = 0, max = 1000)
            double penalty,

            @Help("memory of the averaged weights, which is shorter in the first steps")
            @Default("0.99")
            @Range(min = 0, max = 1)
            double memory) {}

    public Needs needs(Plan plan) {
        String generator = "f32 noise[batch,latent] -> f32 pixels[batch,pixel]";
        return Needs.none()
                .model("generator", generator)
                .model("critic", "f32 pixels[batch,pixel] -> f32 score[batch]")
                .model("average", generator)
                .data("f32 pixels[batch,pixel]; f32 weights[batch]");
    }

    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("loss/critic", "", Measure.Better.NEITHER),
                Measure.step("loss/generator", "", Measure.Better.NEITHER),
                Measure.step("penalty", "", Measure.Better.NEITHER),
                Measure.work("pictures", "pictures"),
                Measure.evaluation("distance/validation", "", Measure.Better.NEITHER));
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var traced = new Programs(plan, run);
        BoundProgram critic = run.prepare("critic", traced.updateCritic());
        BoundProgram generator = run.prepare("generator", traced.updateGenerator());
        BoundProgram judged = run.prepare("evaluate", traced.evaluate());
        Batches pictures = run.data().batches("train", Map.of("batch", plan.batch()), run.seed());
        Batches heldOut = run.data().batches("validation", Map.of("batch", plan.batch()), run.seed());
        int seed = (int) (run.seed() ^ run.seed() >>> 32);
        Training.Step step = (index, out) -> {
            for (long update = index * plan.critics(); update < (index + 1) * plan.critics(); update++) {
                pictures.fill(update, critic.buffers("pixels"));
                critic.feed("key", seed, (int) update);
                critic.feed("step", update + 1);
                critic.run();
            }
            generator.feed("key", seed, (int) index);
            generator.feed("step", index + 1);
            // At first the average is what there is.
            generator.feed("memory", index == 0 ? 0 : Math.min(plan.memory(), (index + 1.0) / (index + 10.0)));
            generator.run();
            out.put("loss/critic", critic.scalar("loss"));
            out.put("loss/generator", generator.scalar("loss"));
            out.put("penalty", critic.scalar("penalty"));
            out.put("pictures", plan.batch() * plan.critics());
        };
        return Training.of(
                List.of(critic, generator, judged),
                step,
                Training.Evaluation.mean("distance/validation", judged, heldOut, "pixels", "weights"));
    }

    /** What is computed. */
    private record Programs(Plan plan, PhaseContext run, Model generator, Model critic) {
        Programs(Plan plan, PhaseContext run) {
            this(plan, run, run.model("generator"), run.model("critic"));
            if (!run.model("average").states().equals(generator.states())) {
                throw InputError.of(
                        "the model 'average' has other sizes than the generator, whose weights it averages",
                        "give both the same settings");
            }
            run.state().declare("generating", ADAM.state(generator.parameters()));
            run.state().declare("judging", ADAM.state(critic.parameters()));
        }

        /** What a model makes of noise, {@code [batch, pixel]}; each use has noise of its own. */
        private Tensor made(Tracer trace, Weights weights, Pass pass, Tensor key, int stream) {
            Tensor noise =
                    trace.normal(key, Shape.of(plan.batch(), generator.limits().get("latent")), stream);
            return generator.forward(weights, Map.of("noise", noise), pass).get("pixels");
        }

        private Tensor score(Weights weights, Tensor pixels) {
            return critic.forward(weights, Map.of("pixels", pixels), Pass.inference())
                    .get("score");
        }

        private static Tensor key(Tracer trace) {
            return trace.feed("key", DType.I32, Shape.of(2));
        }

        private void minimize(Tracer trace, Tensor loss, Model model, Weights weights, String memory) {
            Tensor number = trace.feed("step", DType.F32, Shape.scalar());
            Tensor rate = trace.constant(plan.learningRate());
            ADAM.minimize(loss, model.parameters(), weights, memory, rate, number);
            trace.output("loss", loss);
        }

        Program updateCritic() {
            Tracer trace = new Tracer();
            Weights weights = critic.weights(trace, "critic");
            Tensor key = key(trace);
            Tensor fake = made(trace, generator.weights(trace, "generator"), Pass.training(key), key, 0);
            Tensor real = trace.feed("pixels", DType.F32, fake.shape());
            Tensor share = trace.uniform(key, Shape.of(plan.batch(), 1), 1);
            Tensor between = real.mul(share).add(fake.mul(share.neg().add(1)));
            // The gradient of the critic by what it sees is a part of its loss.
            Tensor slope = Gradients.of(score(weights, between).sum(), List.of(between))
                    .getFirst();
            Tensor length = slope.mul(slope).sum(1).add(1e-12).sqrt();
            Tensor penalty = Functions.mean(length.sub(1).pow(2));
            Tensor gap = Functions.mean(score(weights, fake).sub(score(weights, real)));
            trace.output("penalty", penalty);
            minimize(trace, gap.add(penalty.mul(plan.penalty())), critic, weights, "judging");
            return trace.program();
        }

        Program updateGenerator() {
            Tracer trace = new Tracer();
            Weights weights = generator.weights(trace, "generator");
            Tensor key = key(trace);
            Pass pass = Pass.training(key);
            Tensor scores = score(critic.weights(trace, "critic"), made(trace, weights, pass, key, 2));
            minimize(trace, Functions.mean(scores).neg(), generator, weights, "generating");
            pass.update(trace, weights);
            average(trace, weights);
            return trace.program();
        }

        /** Goes on with what weights and statistics will be. */
        private void average(Tracer trace, Weights weights) {
            Weights average = generator.weights(trace, "average");
            Tensor memory = trace.feed("memory", DType.F32, Shape.scalar());
            for (Parameter state : generator.states()) {
                Tensor old = average.get(state.name());
                Tensor next = trace.next(weights.get(state.name()));
                trace.update(old, next.add(old.sub(next).mul(memory)));
            }
        }

        Program evaluate() {
            Tracer trace = new Tracer();
            Weights weights = critic.weights(trace, "critic");
            Tensor key = trace.constant(new int[2], Shape.of(2));
            Tensor fake = made(trace, generator.weights(trace, "average"), Pass.inference(), key, 3);
            Tensor real = trace.feed("pixels", DType.F32, fake.shape());
            Tensor counted = trace.feed("weights", DType.F32, Shape.of(plan.batch()));
            trace.output(
                    "sum",
                    score(weights, real).sub(score(weights, fake)).mul(counted).sum());
            trace.output("count", counted.sum());
            return trace.program();
        }
    }
}
