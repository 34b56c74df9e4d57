package org.kolotoc.phase.adversarial;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.SideLoss;
import org.kolotoc.nn.MovingAverage;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;

/**
 * Traces what updates and an evaluation compute.
 *
 * @param chance what is drawn, by the key of an update
 */
record Programs(Game game, PhaseContext context, Function<Tensor, Chance> chance) {
    /** Below it a slope is none; its root has a derivative at 0. */
    private static final double LEAST = 1e-12;

    /** An update of the discriminator, for which what was made is given; with R1 where it is {@code regularised}. */
    Program discriminator(boolean regularised) {
        Tracer tracer = new Tracer();
        AdversarialSettings settings = game.settings();
        Side side = game.discriminator();
        Weights weights = side.weights(tracer);
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        Chance drawn = chance.apply(key);
        Tensor label = label(tracer);
        Tensor sample = tracer.feed("sample", DType.F32, game.shape());
        Tensor made = made(game.generator().weights(tracer), drawn, label, Pass.training(key))
                .stopGradient();
        Pass pass = Pass.training(key);
        Tensor real = logit(weights, sample, label, pass);
        Tensor loss =
                Functions.mean(settings.loss().discriminator(real, logit(weights, made, label, Pass.training(key))));
        if (settings.loss() == Loss.WGAN_GP && settings.penalty() > 0) {
            loss = loss.add(penalty(weights, sample, made, label, drawn, key).mul(settings.penalty()));
        }
        if (regularised) {
            Tensor squares = Functions.mean(squares(real, sample));
            loss = loss.add(squares.mul(settings.r1() * settings.r1Every() / 2));
        }
        learn(tracer, side, weights, loss, Optional.empty());
        pass.update(tracer, weights);
        return tracer.program();
    }

    /** How far the slopes between data and what was made are from 1. */
    private Tensor penalty(Weights weights, Tensor sample, Tensor made, Tensor label, Chance drawn, Tensor key) {
        Tensor share = drawn.between(game.settings().samples().column(game.batch()));
        Tensor between = sample.mul(share).add(made.mul(share.neg().add(1)));
        Tensor logit = logit(weights, between, label, Pass.training(key));
        Tensor off = squares(logit, between).add(LEAST).sqrt().sub(1);
        return Functions.mean(off.mul(off));
    }

    /** {@code [batch]}: the squared lengths of the gradients by what was looked at. */
    private static Tensor squares(Tensor logit, Tensor input) {
        Tensor slope = Gradients.of(logit.sum(), List.of(input)).getFirst();
        int[] axes = IntStream.range(1, input.shape().rank()).toArray();
        return slope.mul(slope).sum(axes);
    }

    /** An update of the generator, for which the discriminator is given; the average after it. */
    Program generator() {
        Tracer tracer = new Tracer();
        Side side = game.generator();
        Weights weights = side.weights(tracer);
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        Tensor label = label(tracer);
        Pass pass = Pass.training(key);
        Map<String, Tensor> inputs = side.inputs("noise", chance.apply(key).noise(game.noise()), label);
        Map<String, Tensor> outputs = side.model().forward(weights, inputs, pass);
        Tensor logit = logit(game.discriminator().weights(tracer), outputs.get("sample"), label, Pass.training(key));
        Tensor loss = Functions.mean(game.settings().loss().generator(logit));
        learn(tracer, side, weights, loss, sides(tracer, inputs, outputs, label));
        pass.update(tracer, weights);
        if (game.settings().averages()) {
            Model model = side.model();
            MovingAverage.trace(
                    tracer,
                    model.parameters(),
                    model.statistics(),
                    weights,
                    model.weights(tracer, AdversarialPhase.AVERAGE));
        }
        return tracer.program();
    }

    /** What side losses add, if there are any. */
    private Optional<Tensor> sides(
            Tracer tracer, Map<String, Tensor> inputs, Map<String, Tensor> outputs, Tensor label) {
        List<SideLoss> losses = game.settings().sideLosses();
        if (losses.isEmpty()) {
            return Optional.empty();
        }
        Map<String, Tensor> batch = new HashMap<>();
        batch.put("sample", tracer.feed("sample", DType.F32, game.shape()));
        if (label != null) {
            batch.put(Game.LABEL, label);
        }
        SideLoss.Use use = new SideLoss.Use(inputs, outputs, batch);
        return losses.stream().map(loss -> loss.of(use)).reduce(Tensor::add);
    }

    private void learn(Tracer tracer, Side side, Weights weights, Tensor loss, Optional<Tensor> more) {
        Tensor all = more.map(loss::add).orElse(loss);
        List<Tensor> gradients = Gradients.of(all, side.leaves(weights));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        more.ifPresent(added ->
                tracer.output("side", context.meanOverRanks(List.of(added)).getFirst()));
        side.learn(tracer, weights, context.meanOverRanks(gradients));
    }

    /** What is made of noise that is fed, and whether the discriminator holds data for likelier, a half where for as likely. */
    Program evaluate() {
        Tracer tracer = new Tracer();
        Side side = game.generator();
        String role = game.settings().averages() ? AdversarialPhase.AVERAGE : side.role();
        Tensor label = label(tracer);
        Tensor made = side.model()
                .forward(
                        side.model().weights(tracer, role),
                        side.inputs("noise", tracer.feed("noise", DType.F32, game.noise()), label),
                        Pass.inference())
                .get("sample");
        Weights weights = game.discriminator().weights(tracer);
        Tensor sample = tracer.feed("sample", DType.F32, game.shape());
        Tensor above =
                logit(weights, sample, label, Pass.inference()).sub(logit(weights, made, label, Pass.inference()));
        Tensor half = above.constant(0.5);
        Tensor ordered = above.gt(above.constant(0))
                .select(above.constant(1), above.eq(above.constant(0)).select(half, above.constant(0)));
        tracer.output("made", made);
        tracer.output("ordered", ordered.mul(tracer.feed("weights", DType.F32, Shape.of(game.batch()))));
        return tracer.program();
    }

    /** Classes, where anybody is told them; else null. */
    private Tensor label(Tracer tracer) {
        return game.labelled() ? tracer.feed(Game.LABEL, DType.I32, Shape.of(game.batch())) : null;
    }

    private Tensor made(Weights weights, Chance drawn, Tensor label, Pass pass) {
        Side side = game.generator();
        return side.model()
                .forward(weights, side.inputs("noise", drawn.noise(game.noise()), label), pass)
                .get("sample");
    }

    private Tensor logit(Weights weights, Tensor sample, Tensor label, Pass pass) {
        Side side = game.discriminator();
        return side.model()
                .forward(weights, side.inputs("sample", sample, label), pass)
                .get("logit");
    }
}
