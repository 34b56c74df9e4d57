package org.kolotoc.phase.pretrain;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.Pass;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Clipping;
import org.kolotoc.nn.Losses;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of pre-training: every position predicts the token that follows, by cross-entropy; AdamW with clipping,
 * warm-up and a cosine. A whole step is one program.
 */
@Component
@Seat(kind = Seat.PHASE, id = "pretrain", summary = "next-token prediction with AdamW, warm-up and a cosine")
public final class Pretrain implements Phase<PretrainSettings> {
    /** Owner of what it keeps in the train state. */
    static final String OWNER = "pretrain";

    static final String ROLE = "model";

    private static final Signature NEEDED = Signature.parse("i32 tokens[batch,time] -> f32 logits[batch,time,vocab]");

    @Override
    public Class<PretrainSettings> settings() {
        return PretrainSettings.class;
    }

    @Override
    public Training prepare(PretrainSettings settings, PhaseContext context) {
        Model model = context.model(ROLE);
        if (!model.signature().offers(NEEDED)) {
            throw InputError.of(
                    "the phase 'pretrain' needs a model that offers '" + NEEDED + "'; this one offers '"
                            + model.signature() + "'",
                    "choose a causal language model, such as \"gpt\"");
        }
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        Map<String, Integer> axes = Map.of("batch", settings.batch(), "time", time(settings, model));
        Dataset data = context.data();
        Batches training = data.batches("train", axes, context.seed());
        Batches validation =
                data.splits().contains("validation") ? data.batches("validation", axes, context.seed()) : null;
        AdamW optimizer = new AdamW(settings.beta1(), settings.beta2(), settings.epsilon(), settings.weightDecay());
        context.state().declare(OWNER, optimizer.state(model.parameters()));
        BoundProgram train = context.prepare("train", train(model, optimizer, settings.clip(), axes));
        BoundProgram evaluate = validation == null ? null : context.prepare("evaluate", evaluate(model, axes));
        return new Pretraining(settings, context.state(), context.seed(), training, validation, train, evaluate);
    }

    private static int time(PretrainSettings settings, Model model) {
        int limit = model.limits().getOr("time", 0);
        if (settings.context() == 0 && limit == 0) {
            throw InputError.field(
                    "context", "0 takes the model's limit, but this model has none; expected at least 1");
        }
        if (limit > 0 && settings.context() > limit) {
            throw InputError.field(
                    "context", settings.context() + " is more than the model can look at; expected at most " + limit);
        }
        return settings.context() == 0 ? limit : settings.context();
    }

    private static Program train(Model model, AdamW optimizer, double clip, Map<String, Integer> axes) {
        Tracer tracer = new Tracer();
        List<Parameter> parameters = model.parameters();
        Weights weights = model.weights(tracer, ROLE);
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        Tensor loss = loss(tracer, model, weights, axes, Pass.training(key));
        List<Tensor> leaves = parameters.stream()
                .map(parameter -> weights.get(parameter.name()))
                .toList();
        Clipping clipping = Clipping.globalNorm(Gradients.of(loss, leaves), clip);
        Tensor learningRate = tracer.feed("learning-rate", DType.F32, Shape.scalar());
        Tensor step = tracer.feed("step", DType.F32, Shape.scalar());
        optimizer.update(
                parameters, weights, moments(tracer, optimizer, parameters), clipping.gradients(), learningRate, step);
        tracer.output("loss", loss);
        tracer.output("norm", clipping.norm());
        return tracer.program();
    }

    private static Weights moments(Tracer tracer, AdamW optimizer, List<Parameter> parameters) {
        Map<String, Tensor> leaves = new HashMap<>();
        for (Parameter moment : optimizer.state(parameters)) {
            leaves.put(moment.name(), tracer.state(OWNER + "/" + moment.name(), moment.dtype(), moment.shape()));
        }
        return leaves::get;
    }

    private static Program evaluate(Model model, Map<String, Integer> axes) {
        Tracer tracer = new Tracer();
        tracer.output("loss", loss(tracer, model, model.weights(tracer, ROLE), axes, Pass.INFERENCE));
        return tracer.program();
    }

    private static Tensor loss(Tracer tracer, Model model, Weights weights, Map<String, Integer> axes, Pass pass) {
        Shape shape = Shape.of(axes.get("batch"), axes.get("time"));
        Tensor tokens = tracer.feed("tokens", DType.I32, shape);
        Tensor targets = tracer.feed("targets", DType.I32, shape);
        Tensor logits = model.forward(weights, Map.of("tokens", tokens), pass).get("logits");
        return Losses.crossEntropy(logits, targets);
    }
}
