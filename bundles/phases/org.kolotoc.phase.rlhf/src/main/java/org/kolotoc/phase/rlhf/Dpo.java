package org.kolotoc.phase.rlhf;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.PolicyLosses;
import org.kolotoc.nn.PreferenceLosses;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of direct preference optimisation (Rafailov et al., arXiv:2305.18290): the better of two answers becomes likelier
 * than the worse one, compared with a reference. No reward model, and nothing is written.
 */
@Component
@Seat(kind = Seat.PHASE, id = "dpo", summary = "the better of two answers becomes likelier, near a reference")
public final class Dpo implements Phase<DpoSettings> {
    private static final String HELD_OUT = "validation";

    @Override
    public Class<DpoSettings> settings() {
        return DpoSettings.class;
    }

    @Override
    public Needs needs(DpoSettings settings) {
        return Needs.none()
                .model(Rlhf.MODEL, Rlhf.LANGUAGE)
                .model(Rlhf.REFERENCE, Rlhf.LANGUAGE)
                .data("i32 tokens[batch,answer,time]; i32 targets[batch,answer,time]; f32 weights[batch,answer,time]")
                .optimizer();
    }

    @Override
    public List<Measure> measures(DpoSettings settings) {
        return List.of(
                Measure.step("loss/train", "nats", Better.LOWER),
                Measure.step("accuracy/train", "", Better.HIGHER),
                Measure.step("margin/train", "", Better.HIGHER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("tokens", "tokens"),
                Measure.evaluation("loss/validation", "nats", Better.LOWER),
                Measure.evaluation("accuracy/validation", "", Better.HIGHER),
                Measure.evaluation("margin/validation", "", Better.HIGHER));
    }

    @Override
    public Training prepare(DpoSettings settings, PhaseContext context) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        Dataset data = context.data();
        Model model = context.model(Rlhf.MODEL);
        int time = data.dimensions().get("time");
        int limit = model.limits().getOr("time", time);
        if (time > limit) {
            throw InputError.of(
                    "answers of the data have up to " + time
                            + " tokens with their questions, and the model can look at " + limit,
                    "give the model a larger context, or \"lengths\" of the data less");
        }
        int answers = data.dimensions().get("answer");
        Map<String, Integer> axes = Map.of("batch", settings.batch(), "answer", answers, "time", time);
        Shape shape = Shape.of(settings.batch(), answers, time);
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0)),
                model.parameters(),
                context.name(),
                settings.clip());
        context.state().declare(context.name(), descent.state());
        BoundProgram train = context.prepare("train", train(context, settings, descent, shape));
        Optional<Held> heldOut = Optional.empty();
        if (data.splits().contains(HELD_OUT)) {
            heldOut = Optional.of(new Held(
                    context.prepare("evaluate", evaluate(context, settings, shape)),
                    data.batches(HELD_OUT, axes, context.seed())));
        } else {
            context.ledger().note(Ledger.Kind.SKIPPED, "", "the data has no validation part: nothing is held out");
        }
        Schedule schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        return new Preferring(context.seed(), schedule, data.batches("train", axes, context.seed()), train, heldOut);
    }

    private static Program train(PhaseContext context, DpoSettings settings, Descent descent, Shape shape) {
        Tracer tracer = new Tracer();
        Model model = context.model(Rlhf.MODEL);
        Weights weights = model.weights(tracer, Rlhf.MODEL);
        Pass pass = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        Pair pair = Pair.of(tracer, context, settings, weights, pass, shape);
        Tensor loss = Functions.mean(PreferenceLosses.pairwise(pair.chosen, pair.rejected));
        List<Tensor> gradients = Gradients.of(loss, weights.all(model.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        tracer.output("accuracy", Functions.mean(pair.right()));
        tracer.output("margin", Functions.mean(pair.margins()));
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        pass.update(tracer, weights);
        return tracer.program();
    }

    /** Of each pair; what only fills a batch has no token that counts. */
    private static Program evaluate(PhaseContext context, DpoSettings settings, Shape shape) {
        Tracer tracer = new Tracer();
        Weights weights = context.model(Rlhf.MODEL).weights(tracer, Rlhf.MODEL);
        Pair pair = Pair.of(tracer, context, settings, weights, Pass.inference(), shape);
        tracer.output("losses", PreferenceLosses.pairwise(pair.chosen, pair.rejected));
        tracer.output("right", pair.right());
        tracer.output("margins", pair.margins());
        tracer.output("real", pair.real);
        return tracer.program();
    }

    /**
     * Implicit rewards of the best and the worst answer to each question.
     *
     * @param real {@code [batch]}, tokens that count
     */
    private record Pair(Tensor chosen, Tensor rejected, Tensor real) {
        static Pair of(
                Tracer tracer, PhaseContext context, DpoSettings settings, Weights weights, Pass pass, Shape shape) {
            int answers = shape.extent(1);
            Tensor tokens = ends(tracer.feed("tokens", DType.I32, shape), answers);
            Tensor targets = ends(tracer.feed("targets", DType.I32, shape), answers);
            Tensor counted = ends(tracer.feed("weights", DType.F32, shape), answers);
            Model reference = context.model(Rlhf.REFERENCE);
            Tensor rewards = PreferenceLosses.implicitRewards(
                    logProbabilities(context.model(Rlhf.MODEL), weights, pass, tokens, targets),
                    logProbabilities(
                            reference, reference.weights(tracer, Rlhf.REFERENCE), Pass.inference(), tokens, targets),
                    counted.gt(counted.constant(0)),
                    settings.beta());
            int batch = shape.extent(0);
            Tensor pairs = rewards.reshape(batch, 2);
            return new Pair(
                    pairs.slice(1, 0, 1).reshape(batch),
                    pairs.slice(1, 1, 2).reshape(batch),
                    counted.reshape(batch, 2 * shape.extent(2)).sum(1));
        }

        /** {@code [2 batch, time]}: of each question the first and the last of its answers. */
        private static Tensor ends(Tensor all, int answers) {
            Shape shape = all.shape();
            Tensor pair = Tensor.concat(1, List.of(all.slice(1, 0, 1), all.slice(1, answers - 1, answers)));
            return pair.reshape(2 * shape.extent(0), shape.extent(2));
        }

        private static Tensor logProbabilities(Model model, Weights weights, Pass pass, Tensor tokens, Tensor targets) {
            Tensor logits =
                    model.forward(weights, Map.of("tokens", tokens), pass).get("logits");
            return PolicyLosses.logProbabilities(logits, targets);
        }

        Tensor margins() {
            return chosen.sub(rejected);
        }

        Tensor right() {
            return chosen.gt(rejected).cast(DType.F32);
        }
    }

    private record Held(BoundProgram program, Batches batches) {
        void measure(Measurements out) {
            Map<String, Buffer> feeds = program.buffers("tokens", "targets", "weights");
            String[] names = {"losses", "right", "margins", "real"};
            float[][] values =
                    new float[names.length][program.buffer("real").shape().size()];
            double[] sums = new double[names.length];
            for (long i = 0; i < batches.count(); i++) {
                batches.fill(i, feeds);
                program.run();
                for (int each = 0; each < names.length; each++) {
                    program.buffer(names[each]).read(values[each]);
                }
                for (int row = 0; row < values[0].length; row++) {
                    if (values[3][row] > 0) {
                        for (int each = 0; each < 3; each++) {
                            sums[each] += values[each][row];
                        }
                        sums[3]++;
                    }
                }
                out.reached(i + 1, batches.count());
            }
            out.put("loss/validation", sums[0] / sums[3]);
            out.put("accuracy/validation", sums[1] / sums[3]);
            out.put("margin/validation", sums[2] / sums[3]);
        }
    }

    private record Preferring(
            long seed, Schedule schedule, Batches training, BoundProgram train, Optional<Held> heldOut)
            implements Training {
        @Override
        public void step(long index, Measurements out) {
            double learningRate = schedule.at(index);
            training.fill(index, train.buffers("tokens", "targets", "weights"));
            train.feed("key", (int) (seed ^ seed >>> 32), (int) index);
            train.feed("learning-rate", learningRate);
            train.feed("step", index + 1);
            train.run();
            out.put("loss/train", train.scalar("loss"));
            out.put("accuracy/train", train.scalar("accuracy"));
            out.put("margin/train", train.scalar("margin"));
            out.put("gradient/norm", train.scalar("norm"));
            out.put("learning-rate", learningRate);
            out.put("tokens", train.buffer("tokens").shape().size());
        }

        @Override
        public void evaluate(Measurements out) {
            heldOut.ifPresent(held -> held.measure(out));
        }

        @Override
        public void close() {
            train.close();
            heldOut.ifPresent(held -> held.program().close());
        }
    }
}
