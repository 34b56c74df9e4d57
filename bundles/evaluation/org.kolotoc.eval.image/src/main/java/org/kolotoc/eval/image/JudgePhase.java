package org.kolotoc.eval.image;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.Layout;
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
 * The seat in which a judge learns the classes of pictures, by their cross-entropy. What it knows of pictures that were held out
 * is measured, so that nobody has to take its word.
 */
@Component
@Seat(kind = Seat.PHASE, id = "judge", summary = "a judge of pictures learns their classes")
public final class JudgePhase implements Phase<JudgePhaseSettings> {
    static final String MODEL = "model";
    static final String HELD_OUT = "validation";

    private static final double CLIP = 1;
    private static final double DECAY = 1e-4;

    @Override
    public Class<JudgePhaseSettings> settings() {
        return JudgePhaseSettings.class;
    }

    @Override
    public Needs needs(JudgePhaseSettings settings) {
        return Needs.of(
                        Layout.PICTURES.field() + " -> f32 classes[batch,class]",
                        Layout.PICTURES.field() + "; i32 label[batch]; f32 weights[batch]")
                .optimizer();
    }

    @Override
    public List<Measure> measures(JudgePhaseSettings settings) {
        return List.of(
                Measure.step("loss/train", "nats", Better.LOWER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("pictures", "pictures"),
                Measure.evaluation("loss/validation", "nats", Better.LOWER),
                Measure.evaluation("accuracy/validation", "", Better.HIGHER));
    }

    @Override
    public Training prepare(JudgePhaseSettings settings, PhaseContext context) {
        Model model = context.model(MODEL);
        Dataset data = context.data();
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.999, 1e-8, DECAY)),
                model.parameters(),
                context.name(),
                CLIP);
        context.state().declare(context.name(), descent.state());
        BoundProgram train = context.prepare("train", train(settings, context, descent));
        Map<String, Integer> axes = Map.of("batch", settings.batch());
        Batches batches = data.batches("train", axes, context.seed());
        if (!data.splits().contains(HELD_OUT)) {
            return new Judging(settings, context, batches, train, Optional.empty());
        }
        return new Judging(
                settings,
                context,
                batches,
                train,
                Optional.of(new Judging.HeldOut(
                        context.prepare("evaluate", evaluate(settings, context)),
                        data.batches(HELD_OUT, axes, context.seed()))));
    }

    private static Shape shape(JudgePhaseSettings settings, PhaseContext context) {
        return Layout.PICTURES.shape(settings.batch(), context.data().dimensions()::get);
    }

    private static Program train(JudgePhaseSettings settings, PhaseContext context, Descent descent) {
        Tracer tracer = new Tracer();
        Model model = context.model(MODEL);
        Weights weights = model.weights(tracer, MODEL);
        Tensor logits =
                logits(settings, context, tracer, weights, Pass.training(tracer.feed("key", DType.I32, Shape.of(2))));
        Tensor label = tracer.feed("label", DType.I32, Shape.of(settings.batch()));
        Tensor loss = Functions.mean(Functions.crossEntropy(logits, label));
        List<Tensor> gradients = Gradients.of(loss, weights.all(model.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        return tracer.program();
    }

    private static Tensor logits(
            JudgePhaseSettings settings, PhaseContext context, Tracer tracer, Weights weights, Pass pass) {
        Tensor sample = tracer.feed("sample", DType.F32, shape(settings, context));
        return context.model(MODEL)
                .forward(weights, Map.of("sample", sample), pass)
                .get("classes");
    }

    private static Program evaluate(JudgePhaseSettings settings, PhaseContext context) {
        Tracer tracer = new Tracer();
        Weights weights = context.model(MODEL).weights(tracer, MODEL);
        Tensor logits = logits(settings, context, tracer, weights, Pass.inference());
        Shape rows = Shape.of(settings.batch());
        tracer.feed("weights", DType.F32, rows);
        tracer.output("logits", logits);
        tracer.output("losses", Functions.crossEntropy(logits, tracer.feed("label", DType.I32, rows)));
        return tracer.program();
    }
}
