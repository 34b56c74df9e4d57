package org.kolotoc.phase.finetune;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
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
import org.kolotoc.nn.Losses;
import org.kolotoc.phase.finetune.FinetuneSettings.Reader;
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
 * The seat of fine-tuning: a language model learns to answer. What data says has no weight, the question and what fills a
 * row, has exactly no gradient; what ends an answer is a part of it.
 */
@Component
@Seat(kind = Seat.PHASE, id = "finetune", summary = "answers to questions, by the loss on the answers alone")
public final class Finetune implements Phase<FinetuneSettings> {
    /** What it calls the model. */
    static final String MODEL = "model";

    /** Loss of plain text. */
    static final String TEXT = "loss/text";

    private static final String DECODER = "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]";
    private static final String ENCODER = "i32 source[batch,from]; bool present[batch,from]; i32 target[batch,time] ->"
            + " f32 logits[batch,time,vocab]";

    @Override
    public Class<FinetuneSettings> settings() {
        return FinetuneSettings.class;
    }

    @Override
    public Needs needs(FinetuneSettings settings) {
        Needs needs = Needs.none()
                .model(MODEL, settings.reader() == Reader.ENCODER ? ENCODER : DECODER)
                .data("i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]")
                .optimizer();
        return settings.textWeight() == 0 ? needs : needs.data(PlainText.DATA, PlainText.FIELDS);
    }

    @Override
    public List<Measure> measures(FinetuneSettings settings) {
        List<Measure> measures = new ArrayList<>(List.of(
                Measure.step("loss/train", "nats/token", Better.LOWER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("tokens", "tokens"),
                Measure.evaluation("loss/validation", "nats/token", Better.LOWER)));
        if (settings.textWeight() > 0) {
            measures.add(Measure.step(TEXT, "nats/token", Better.LOWER));
        }
        measures.addAll(HeldOutAnswers.measures(settings));
        return measures;
    }

    @Override
    public Training prepare(FinetuneSettings settings, PhaseContext context) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        Model model = context.model(MODEL);
        Exchanges exchanges = Exchanges.of(settings, context, model);
        Optional<PlainText> text = PlainText.of(settings, context, exchanges.time());
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0.01)),
                model.parameters(),
                context.name(),
                settings.clip());
        context.state().declare(context.name(), descent.state());
        BoundProgram train = context.prepare("train", training(settings, context, descent, exchanges, text));
        Optional<HeldOut> heldOut = Optional.empty();
        if (exchanges.heldOut().isPresent()) {
            heldOut = Optional.of(new HeldOut(
                    context.prepare("evaluate", evaluation(model, exchanges)),
                    exchanges,
                    HeldOutAnswers.of(settings, context)));
        } else {
            context.ledger().note(Ledger.Kind.SKIPPED, "", "the data has no validation part: nothing is held out");
        }
        return new Finetuning(settings, context, exchanges, text, train, heldOut);
    }

    private static Program training(
            FinetuneSettings settings,
            PhaseContext context,
            Descent descent,
            Exchanges exchanges,
            Optional<PlainText> text) {
        Tracer tracer = new Tracer();
        Model model = context.model(MODEL);
        Weights weights = model.weights(tracer, MODEL);
        Pass pass = Pass.training(tracer.feed("key", DType.I32, Shape.of(2)));
        Tensor logits = logits(tracer, model, weights, pass, exchanges);
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(exchanges.batch(), exchanges.time()));
        Tensor counted = tracer.feed("weights", DType.F32, Shape.of(exchanges.batch(), exchanges.time()))
                .gt(logits.constant(0));
        Tensor loss = Losses.mean(Losses.smoothed(logits, targets, settings.labelSmoothing()), counted);
        Tensor all = loss;
        if (text.isPresent()) {
            Tensor plain = text.get().loss(tracer, model, weights, pass);
            tracer.output("text", context.meanOverRanks(List.of(plain)).getFirst());
            all = loss.add(plain.mul(settings.textWeight()));
        }
        List<Tensor> gradients = Gradients.of(all, weights.all(model.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        pass.update(tracer, weights);
        return tracer.program();
    }

    private static Program evaluation(Model model, Exchanges exchanges) {
        Tracer tracer = new Tracer();
        Weights weights = model.weights(tracer, MODEL);
        Tensor logits = logits(tracer, model, weights, Pass.inference(), exchanges);
        Tensor targets = tracer.feed("targets", DType.I32, Shape.of(exchanges.batch(), exchanges.time()));
        Tensor counted = tracer.feed("weights", DType.F32, Shape.of(exchanges.batch(), exchanges.time()));
        tracer.output(
                "losses",
                Losses.weighted(Functions.crossEntropy(logits, targets), counted)
                        .sum(-1));
        tracer.output("counted", counted.sum(-1));
        return tracer.program();
    }

    private static Tensor logits(Tracer tracer, Model model, Weights weights, Pass pass, Exchanges exchanges) {
        Map<String, Tensor> inputs = new LinkedHashMap<>();
        exchanges
                .inputs()
                .forEach(port -> inputs.put(
                        port.name(),
                        tracer.feed(
                                port.name(),
                                port.dtype(),
                                Shape.of(port.axes().stream()
                                        .mapToInt(exchanges.axes()::get)
                                        .toArray()))));
        return model.forward(weights, inputs, pass).get("logits");
    }
}
