package org.kolotoc.phase.rlhf;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.nn.Advantages;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.Losses;
import org.kolotoc.nn.PolicyLosses;
import org.kolotoc.nn.Readout;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Traces what a step computes once its answers are written: what was thought of them when they were ({@link #behaviour}, {@link
 * #scores}), and what becomes of the policy ({@link #train}) and the critic ({@link #critic}).
 *
 * @param time tokens of a row
 */
record Programs(PhaseContext context, RlhfSettings settings, int time) {
    private static final String CRITIC_PREFIX = "critic";

    private Tensor feed(Tracer tracer, String name, DType dtype) {
        return tracer.feed(name, dtype, Shape.of(settings.rows(), time));
    }

    private Tensor scores(Tracer tracer) {
        return tracer.feed("scores", DType.F32, Shape.of(settings.rows()));
    }

    private Tensor counted(Tracer tracer) {
        Tensor counted = feed(tracer, "counted", DType.F32);
        return counted.gt(counted.constant(0));
    }

    private Tensor output(Tracer tracer, String formal, String port, Pass pass, Tensor tokens) {
        Model model = context.model(formal);
        return model.forward(model.weights(tracer, formal), Map.of("tokens", tokens), pass)
                .get(port);
    }

    /** Log-probabilities of the answers by the policy and by the reference, entropies, and values for the critic. */
    Program behaviour() {
        Tracer tracer = new Tracer();
        Tensor tokens = feed(tracer, "tokens", DType.I32);
        Tensor targets = feed(tracer, "targets", DType.I32);
        Tensor counted = counted(tracer);
        Tensor logits = output(tracer, Rlhf.MODEL, "logits", Pass.inference(), tokens);
        Tensor reference = output(tracer, Rlhf.REFERENCE, "logits", Pass.inference(), tokens);
        Tensor old = Losses.kept(PolicyLosses.logProbabilities(logits, targets), counted);
        Tensor expected = Losses.kept(PolicyLosses.logProbabilities(reference, targets), counted);
        Tensor all = Functions.logSoftmax(logits);
        tracer.output("old", old);
        tracer.output("reference", expected);
        tracer.output("divergences", old.sub(expected).sum(-1));
        tracer.output(
                "entropies",
                Losses.kept(all.exp().mul(all).sum(-1).neg(), counted).sum(-1));
        if (settings.weighting() == RlhfSettings.Weighting.PPO) {
            tracer.output("values", output(tracer, Rlhf.CRITIC, "reward", Pass.inference(), tokens));
        }
        return tracer.program();
    }

    /** What the reward model says at the mark behind each answer. */
    Program scores(int judgedTime, int mark) {
        Tracer tracer = new Tracer();
        Tensor tokens = tracer.feed("tokens", DType.I32, Shape.of(settings.rows(), judgedTime));
        Tensor all = output(tracer, Rlhf.REWARD, "reward", Pass.inference(), tokens);
        tracer.output("scores", Readout.atLast(all, tokens, mark).values());
        return tracer.program();
    }

    /** An update of the policy. */
    Program train(Descent descent) {
        Tracer tracer = new Tracer();
        Model model = context.model(Rlhf.MODEL);
        Weights weights = model.weights(tracer, Rlhf.MODEL);
        Pass pass = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        Tensor tokens = feed(tracer, "tokens", DType.I32);
        Tensor counted = counted(tracer);
        Tensor logits = model.forward(weights, Map.of("tokens", tokens), pass).get("logits");
        Tensor now = PolicyLosses.logProbabilities(logits, feed(tracer, "targets", DType.I32));
        Tensor old = feed(tracer, "old", DType.F32);
        Tensor ratios = PolicyLosses.ratios(now, old, counted);
        Tensor loss = loss(tracer, now, old, ratios, counted);
        tracer.output("ratio", Losses.mean(ratios, counted));
        tracer.output("clipped", PolicyLosses.clipFraction(ratios, settings.clipRatio(), counted));
        descent.trace(tracer, weights, context.meanOverRanks(Gradients.of(loss, weights.all(model.parameters()))));
        pass.update(tracer, weights);
        return tracer.program();
    }

    private Tensor loss(Tracer tracer, Tensor now, Tensor old, Tensor ratios, Tensor counted) {
        Tensor reference = feed(tracer, "reference", DType.F32);
        return switch (settings.weighting()) {
            case WHITENED -> {
                Tensor cost = Losses.kept(old.sub(reference), counted).sum(-1).mul(settings.kl());
                Tensor whitened = Advantages.whitened(scores(tracer).sub(cost));
                tracer.output("weights", whitened);
                yield PolicyLosses.reinforce(now, counted, whitened);
            }
            case PPO -> {
                Tensor advantages = Advantages.whitened(
                        generalized(tracer, old, reference, counted).advantages(), counted);
                yield Losses.mean(PolicyLosses.clipped(ratios, advantages, settings.clipRatio()), counted);
            }
            case GRPO -> {
                Tensor groups = scores(tracer).reshape(settings.questions(), settings.answers());
                Tensor advantages = Advantages.group(groups).reshape(settings.rows(), 1);
                Tensor losses = PolicyLosses.clipped(ratios, advantages, settings.clipRatio())
                        .add(PolicyLosses.divergences(now, reference, counted).mul(settings.kl()));
                yield settings.mean() == RlhfSettings.Mean.TOKEN
                        ? Losses.mean(losses, counted)
                        : Losses.meanOfRows(losses, counted);
            }
        };
    }

    private Advantages.Generalized generalized(Tracer tracer, Tensor old, Tensor reference, Tensor counted) {
        Tensor rewards = Advantages.tokenRewards(old, reference, counted, scores(tracer), settings.kl());
        return Advantages.generalized(
                rewards, feed(tracer, "values", DType.F32), counted, settings.discount(), settings.lambda());
    }

    /** Parameters of the critic by names that none of the policy has. */
    List<Parameter> criticParameters() {
        return context.model(Rlhf.CRITIC).parameters().stream()
                .map(parameter -> parameter.in(CRITIC_PREFIX))
                .toList();
    }

    /** An update of the critic, whose values are compared with what answers really earned. */
    Program critic(Descent descent) {
        Tracer tracer = new Tracer();
        Model critic = context.model(Rlhf.CRITIC);
        Weights weights = critic.weights(tracer, Rlhf.CRITIC);
        Pass pass = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        Tensor counted = counted(tracer);
        Tensor values = critic.forward(weights, Map.of("tokens", feed(tracer, "tokens", DType.I32)), pass)
                .get("reward");
        Tensor old = feed(tracer, "old", DType.F32);
        Tensor reference = feed(tracer, "reference", DType.F32);
        Advantages.Generalized earned = generalized(tracer, old, reference, counted);
        Tensor before = earned.returns().sub(earned.advantages());
        Tensor loss = PolicyLosses.clippedValues(values, before, earned.returns(), settings.clipRatio(), counted);
        tracer.output("loss", loss);
        int prefix = CRITIC_PREFIX.length() + 1;
        descent.trace(
                tracer,
                name -> weights.get(name.substring(prefix)),
                context.meanOverRanks(Gradients.of(loss, weights.all(critic.parameters()))));
        pass.update(tracer, weights);
        return tracer.program();
    }
}
