package org.kolotoc.phase.finetune;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
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
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Descent;
import org.kolotoc.nn.Losses;
import org.kolotoc.nn.Schedule;
import org.kolotoc.phase.finetune.ClassifySettings.Reader;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Weights;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of classification. By a language model: a head of its own reads the class at the last token of a prompt, and the loss
 * of the text is added to that of the class, so that the language is kept (Radford et al. 2018, «Improving language
 * understanding by generative pre-training», equation 5); both heads are of one trunk. Or by an encoder, which has one class of
 * the whole. Where the trunk is frozen, heads alone learn: a linear probe of what it knows (Alain and Bengio,
 * arXiv:1610.01644).
 */
@Component
@Seat(kind = Seat.PHASE, id = "classify", summary = "classes of texts, beside the loss of the texts themselves")
public final class Classify implements Phase<ClassifySettings> {
    private static final String MODEL = "model";
    private static final String DECODER =
            "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]; f32 classes[batch,time,class]";
    private static final String ENCODER =
            "i32 tokens[batch,time]; bool present[batch,time] -> f32 classes[batch,class]";

    @Override
    public Class<ClassifySettings> settings() {
        return ClassifySettings.class;
    }

    @Override
    public Needs needs(ClassifySettings settings) {
        return Needs.none()
                .model(MODEL, settings.reader() == Reader.ENCODER ? ENCODER : DECODER)
                .data("i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]")
                .optimizer();
    }

    @Override
    public List<Measure> measures(ClassifySettings settings) {
        List<Measure> measures = new ArrayList<>(List.of(
                Measure.step("loss/train", "nats", Better.LOWER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("tokens", "tokens"),
                Measure.evaluation("accuracy/validation", "", Better.HIGHER),
                Measure.evaluation("majority/validation", "", Better.NEITHER),
                Measure.evaluation("loss/validation", "nats", Better.LOWER)));
        if (settings.reader() == Reader.DECODER) {
            measures.add(Measure.evaluation("perplexity/validation", "", Better.LOWER));
        }
        return measures;
    }

    @Override
    public Training prepare(ClassifySettings settings, PhaseContext context) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        if (!(context.data() instanceof ChatDataset data)) {
            throw InputError.of(
                    "the data has no questions whose answers are classes", "choose data such as \"instructions\"");
        }
        Model model = context.model(MODEL);
        int time = data.dimensions().get("time");
        int limit = model.limits().getOr("time", time);
        if (time > limit) {
            throw InputError.of(
                    "exchanges of the data have up to " + time + " tokens, and the model can look at " + limit,
                    "give the model a larger context, or \"lengths\" of the data less");
        }
        Map<String, Integer> axes = Map.of("batch", settings.batch(), "time", time);
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0.01)),
                learning(settings, model),
                context.name(),
                settings.clip());
        context.state().declare(context.name(), descent.state());
        BoundProgram train = context.prepare("train", training(settings, context, descent, axes, data));
        Optional<BoundProgram> evaluate = Optional.empty();
        if (data.splits().contains("validation")) {
            evaluate = Optional.of(context.prepare("evaluate", evaluation(settings, model, axes, data)));
        } else {
            context.ledger().note(Ledger.Kind.SKIPPED, "", "the data has no validation part: nothing is held out");
        }
        Batches rows = Labelled.of(data, "train", axes, context.seed());
        Schedule schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        Map<String, Buffer> feeds = train.buffers(fields(settings));
        int seed = (int) (context.seed() ^ context.seed() >>> 32);
        Optional<Classes> heldOut = evaluate.map(program -> new Classes(
                settings, program, Labelled.of(data, "validation", axes, context.seed()), Labelled.majority(data)));
        return Training.of(
                evaluate.map(program -> List.of(train, program)).orElse(List.of(train)),
                (index, out) -> {
                    double learningRate = schedule.at(index);
                    rows.fill(index, feeds);
                    train.feed("key", seed, (int) index);
                    train.feed("learning-rate", learningRate);
                    train.feed("step", index + 1);
                    train.run();
                    out.put("loss/train", train.scalar("loss"));
                    out.put("gradient/norm", train.scalar("norm"));
                    out.put("learning-rate", learningRate);
                    out.put("tokens", (double) settings.batch() * time);
                },
                out -> heldOut.ifPresent(each -> each.measure(out)));
    }

    private static String[] fields(ClassifySettings settings) {
        return settings.reader() == Reader.ENCODER
                ? new String[] {"tokens", "present", "label", "counted"}
                : new String[] {"tokens", "targets", "weights", "label", "extract", "counted"};
    }

    /** Parameters that learn: all, or those of heads. */
    private static List<Parameter> learning(ClassifySettings settings, Model model) {
        if (!settings.frozen()) {
            return model.parameters();
        }
        List<Parameter> heads = ofHeads(model.parameters(), model);
        if (heads.isEmpty() && !ofHeads(model.statistics(), model).isEmpty()) {
            throw InputError.field(
                    "frozen",
                    "true lets heads alone learn, and the phase's \"adapter\" its own matrices in the place of all"
                        + " weights, heads too: nothing would learn; leave out \"adapter\", or say \"frozen\": false");
        }
        if (heads.isEmpty()) {
            throw InputError.field(
                    "frozen", "true, but none of the model's parameters is of a head, so that nothing would learn");
        }
        return heads;
    }

    /** Under an adapter, a model's own parameters are among its statistics. */
    private static List<Parameter> ofHeads(List<Parameter> parameters, Model model) {
        return parameters.stream()
                .filter(each -> model.heads().contains(each.name().split("\\.", 2)[0]))
                .toList();
    }

    /** What each token of the texts loses, and how much it counts: both {@code f32 [batch, time]}. */
    private record Text(Tensor losses, Tensor weights) {}

    /** What the heads say, and what they had to: {@code f32 [batch, class]}, {@code [batch]}, {@code [batch]}. */
    private record Said(Tensor classes, Tensor losses, Tensor counted, Optional<Text> text) {}

    private static Said said(
            Reader reader,
            Tracer tracer,
            Model model,
            Weights weights,
            Pass pass,
            Map<String, Integer> axes,
            ChatDataset data) {
        int batch = axes.get("batch");
        Shape rows = Shape.of(batch, axes.get("time"));
        Tensor tokens = tracer.feed("tokens", DType.I32, rows);
        Map<String, Tensor> outputs = model.forward(
                weights,
                reader == Reader.ENCODER
                        ? Map.of("tokens", tokens, "present", tracer.feed("present", DType.BOOL, rows))
                        : Map.of("tokens", tokens),
                pass);
        Tensor all = outputs.get("classes");
        int classes = all.shape().extent(-1);
        int known = Labelled.answers(data).size();
        if (known > classes) {
            throw InputError.of(
                    "the data has " + known + " different answers, and the model " + classes + " classes",
                    "give the model \"classes\": " + known + ", or choose data with fewer answers");
        }
        Tensor here = reader == Reader.ENCODER
                ? all
                : all.dynamicSlice(1, tracer.feed("extract", DType.I32, Shape.of(batch)), 1)
                        .reshape(batch, classes);
        return new Said(
                here,
                Functions.crossEntropy(here, tracer.feed("label", DType.I32, Shape.of(batch))),
                tracer.feed("counted", DType.F32, Shape.of(batch)),
                reader == Reader.ENCODER
                        ? Optional.empty()
                        : Optional.of(new Text(
                                Functions.crossEntropy(outputs.get("logits"), tracer.feed("targets", DType.I32, rows)),
                                tracer.feed("weights", DType.F32, rows))));
    }

    private static Program training(
            ClassifySettings settings,
            PhaseContext context,
            Descent descent,
            Map<String, Integer> axes,
            ChatDataset data) {
        Tracer tracer = new Tracer();
        Model model = context.model(MODEL);
        Weights weights = model.weights(tracer, MODEL);
        Tensor key = tracer.feed("key", DType.I32, Shape.of(2));
        // Features of a frozen trunk are those that an evaluation sees: nothing is dropped, no statistics move.
        Pass pass = settings.frozen() ? Pass.inference() : Pass.training(key);
        Said said = said(settings.reader(), tracer, model, weights, pass, axes, data);
        Tensor zero = said.classes().constant(0);
        Tensor ofClasses = Losses.mean(said.losses(), said.counted().gt(zero));
        Tensor loss = said.text()
                .map(text -> ofClasses.add(
                        Losses.mean(text.losses(), text.weights().gt(zero)).mul(settings.auxiliary())))
                .orElse(ofClasses);
        List<Tensor> gradients = Gradients.of(loss, weights.all(descent.parameters()));
        tracer.output("loss", context.meanOverRanks(List.of(loss)).getFirst());
        descent.trace(tracer, weights, context.meanOverRanks(gradients));
        pass.update(tracer, weights);
        return tracer.program();
    }

    private static Program evaluation(
            ClassifySettings settings, Model model, Map<String, Integer> axes, ChatDataset data) {
        Tracer tracer = new Tracer();
        Said said = said(settings.reader(), tracer, model, model.weights(tracer, MODEL), Pass.inference(), axes, data);
        Tensor counted = said.counted();
        Tensor label = tracer.feed("label", DType.I32, counted.shape());
        Tensor likeliest = said.classes().argSort(1, true).reshape(counted.shape());
        tracer.output("right", Losses.kept(counted, likeliest.eq(label)).sum());
        tracer.output("classLoss", Losses.weighted(said.losses(), counted).sum());
        tracer.output("texts", counted.sum());
        said.text().ifPresent(text -> {
            tracer.output(
                    "textLoss", Losses.weighted(text.losses(), text.weights()).sum());
            tracer.output("tokens counted", text.weights().sum());
        });
        return tracer.program();
    }

    /**
     * Held-out texts: their classes, and their own likelihood where a decoder reads them.
     *
     * @param majority share of those that who knows no text would have right
     */
    private record Classes(ClassifySettings settings, BoundProgram program, Batches batches, double majority) {
        void measure(Measurements out) {
            Map<String, Buffer> feeds = program.buffers(fields(settings));
            boolean text = settings.reader() == Reader.DECODER;
            List<String> names = text
                    ? List.of("right", "classLoss", "texts", "textLoss", "tokens counted")
                    : List.of("right", "classLoss", "texts");
            double[] sums = new double[names.size()];
            for (long i = 0; i < batches.count(); i++) {
                batches.fill(i, feeds);
                program.run();
                for (int j = 0; j < sums.length; j++) {
                    sums[j] += program.scalar(names.get(j));
                }
                out.reached(i + 1, batches.count());
            }
            out.put("accuracy/validation", sums[0] / sums[2]);
            out.put("majority/validation", majority);
            out.put("loss/validation", sums[1] / sums[2]);
            if (text) {
                out.put("perplexity/validation", Math.exp(sums[3] / sums[4]));
            }
        }
    }
}
