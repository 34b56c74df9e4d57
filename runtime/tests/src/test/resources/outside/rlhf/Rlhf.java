package rlhf;

import java.util.*;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.Default;
import org.kolotoc.api.Settings.Filled;
import org.kolotoc.api.Settings.Help;
import org.kolotoc.api.Settings.Range;
import org.kolotoc.nn.*;
import org.kolotoc.tensor.*;
import org.osgi.service.component.annotations.Component;

/**
 * Reinforcement learning of answers: the policy answers prompts, and what is better than its other answers to the same
 * prompt becomes likelier, while a divergence from a reference that stays as it is costs something at every token.
 */
@Component
@Seat(kind = Seat.PHASE, id = "reinforce", summary = "policy gradient of a reward, near a reference")
public final class Rlhf implements Phase<Rlhf.Plan> {
    private static final String LANGUAGE = "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]";

    public record Plan(
            @Help("prompts in a batch") @Default("4") @Range(min = 1, max = 4096)
            int prompts,

            @Help("answers to a prompt") @Default("4") @Range(min = 2, max = 4096)
            int answers,

            @Help("most tokens of an answer") @Default("16") @Range(min = 1, max = 65_536)
            int length,

            @Help("what ends an answer: one token") @Default("\".\"")
            String stop,

            @Help("what a nat of divergence from the reference costs") @Default("0.1") @Range(min = 0)
            double penalty,

            @Default("0.003") @Range(min = 0) double learningRate,

            @Filled(RewardFamily.class) Reward reward) {}

    public Needs needs(Plan plan) {
        return Needs.none()
                .model("model", LANGUAGE)
                .model("reference", LANGUAGE)
                .data("i32 prompts[batch,prompt]; i32 lengths[batch]")
                .optimizer();
    }

    public List<Measure> measures(Plan plan) {
        return List.of(
                Measure.step("reward", "", Measure.Better.HIGHER),
                Measure.step("kl", "nats/token", Measure.Better.LOWER),
                Measure.step("length", "tokens", Measure.Better.NEITHER),
                Measure.evaluation("reward/validation", "", Measure.Better.HIGHER),
                Measure.evaluation("kl/validation", "nats/token", Measure.Better.LOWER),
                Measure.evaluation("length/validation", "tokens", Measure.Better.NEITHER));
    }

    /** What is made small, and the divergence from the reference, all tokens of all answers together. */
    record Objective(Tensor loss, Tensor divergence) {
        /** Of {@code [rows,time,vocab]} logits; {@code counted [rows,time]}, {@code advantages [rows]}. */
        static Objective of(
                Tensor logits, Tensor reference, Tensor targets, Tensor counted, Tensor advantages, double penalty) {
            var policy = Functions.logSoftmax(logits);
            var apart = policy.exp()
                    .mul(policy.sub(Functions.logSoftmax(reference)))
                    .sum(-1);
            var gained = Functions.crossEntropy(logits, targets).mul(advantages.reshape(-1, 1));
            var lost = Losses.weighted(gained.add(apart.mul(penalty)), counted).sum();
            return new Objective(
                    lost.div(counted.sum().maximum(1)),
                    Losses.weighted(apart, counted).sum());
        }
    }

    private static Objective objective(Plan plan, PhaseContext run, int time, Tracer trace, Pass pass) {
        int rows = plan.prompts() * plan.answers();
        var inputs = Map.of("tokens", trace.feed("tokens", DType.I32, Shape.of(rows, time)));
        var model = run.model("model");
        var reference = run.model("reference");
        return Objective.of(
                model.forward(model.weights(trace, "model"), inputs, pass).get("logits"),
                reference
                        .forward(reference.weights(trace, "reference"), inputs, Pass.inference())
                        .get("logits"),
                trace.feed("targets", DType.I32, Shape.of(rows, time)),
                trace.feed("counted", DType.F32, Shape.of(rows, time)),
                trace.feed("advantages", DType.F32, Shape.of(rows)),
                plan.penalty());
    }

    public Training prepare(Plan plan, PhaseContext run) {
        var model = run.model("model");
        var optimizer = run.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0));
        var remembered = optimizer.state(model.parameters());
        run.state().declare(run.name(), remembered);
        var answers = new Answers(plan, run);

        var trace = new Tracer();
        var weights = model.weights(trace, "model");
        var pass = Pass.training(trace.feed("key", DType.I32, Shape.of(2)));
        var objective = objective(plan, run, answers.time, trace, pass);
        var gradients = run.meanOverRanks(Gradients.of(objective.loss(), weights.all(model.parameters())));
        optimizer.update(
                model.parameters(),
                weights,
                Weights.states(trace, run.name(), remembered),
                Clipping.globalNorm(gradients, 1).gradients(),
                trace.constant(plan.learningRate()),
                trace.feed("step", DType.F32, Shape.scalar()));
        pass.update(trace, weights);
        trace.output("divergence", objective.divergence());
        var train = run.prepare("train", trace.program());

        var measured = new Tracer();
        measured.output(
                "divergence",
                objective(plan, run, answers.time, measured, Pass.inference()).divergence());
        var measure = run.prepare("evaluate", measured.program());

        var axes = Map.of(
                "batch", plan.prompts(), "prompt", run.data().dimensions().get("prompt"));
        var training = run.data().batches("train", axes, run.seed());
        var heldOut = run.data().batches("validation", axes, run.seed());
        return new Learning(run.seed(), answers, training, heldOut, train, measure);
    }

    private record Learning(
            long seed, Answers answers, Batches training, Batches heldOut, BoundProgram train, BoundProgram measure)
            implements Training {
        public void step(long index, Measurements out) {
            answers.write(training, index, "answers");
            train.buffer("advantages").write(answers.advantages);
            train.feed("key", (int) seed, (int) index);
            train.feed("step", index + 1);
            double divergence = run(train);
            out.put("reward", answers.reward / answers.count);
            out.put("kl", divergence / answers.length);
            out.put("length", answers.length / answers.count);
        }

        public void evaluate(Measurements out) {
            double reward = 0;
            double divergence = 0;
            double length = 0;
            double count = 0;
            for (long i = 0; i < heldOut.count(); i++) {
                answers.write(heldOut, i, "held out");
                divergence += run(measure);
                reward += answers.reward;
                length += answers.length;
                count += answers.count;
                out.reached(i + 1, heldOut.count());
            }
            out.put("reward/validation", reward / count);
            out.put("kl/validation", divergence / length);
            out.put("length/validation", length / count);
        }

        private double run(BoundProgram program) {
            program.buffer("tokens").write(answers.tokens);
            program.buffer("targets").write(answers.targets);
            program.buffer("counted").write(answers.counted);
            program.run();
            return program.scalar("divergence");
        }

        public void close() {
            answers.close();
            train.close();
            measure.close();
        }
    }
}
