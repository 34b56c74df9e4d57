package org.kolotoc.phase.pretrain;

import static org.kolotoc.api.Ledger.Kind.NO_EFFECT;
import static org.kolotoc.api.Ledger.Kind.SKIPPED;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.IncrementalModel;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.phase.pretrain.objective.Objective;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of pre-training: every position predicts the token that follows, or what an objective hides of a text, by
 * cross-entropy. Gradients are clipped here, and the learning rate warms up and falls along a cosine; what becomes of both is
 * the optimiser's. A whole step is one program, unless a batch is computed in parts.
 */
@Component
@Seat(
        kind = Seat.PHASE,
        id = "pretrain",
        summary = "what follows in a text, or what is hidden of it, with warm-up and a cosine")
public final class Pretrain implements Phase<PretrainSettings> {
    /** What it calls the model. */
    static final String MODEL = "model";

    private static final String NEXT =
            "i32 tokens[batch,time]; i32 positions[batch,time]? -> f32 logits[batch,time,vocab]";
    private static final String LOSS_UNIT = "nats/token";
    private static final String HELD_OUT = "validation";

    @Override
    public Class<PretrainSettings> settings() {
        return PretrainSettings.class;
    }

    @Override
    public Needs needs(PretrainSettings settings) {
        Objective objective = settings.objective();
        return Needs.none()
                .model(MODEL, objective == null ? NEXT : objective.signature())
                .data("i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]?;"
                        + " i32 positions[batch,time]?")
                .optimizer();
    }

    @Override
    public List<Measure> measures(PretrainSettings settings) {
        List<Measure> measures = new ArrayList<>(List.of(
                Measure.step("loss/train", LOSS_UNIT, Measure.Better.LOWER),
                Measure.step("gradient/norm", "", Measure.Better.NEITHER),
                Measure.step("learning-rate", "", Measure.Better.NEITHER),
                Measure.work("tokens", "tokens"),
                Measure.evaluation("loss/validation", LOSS_UNIT, Measure.Better.LOWER)));
        if (settings.objective() != null) {
            measures.add(Measure.evaluation("accuracy/validation", "", Measure.Better.HIGHER));
            measures.addAll(settings.objective().measures());
        }
        settings.epochs()
                .forEach(source -> measures.add(Measure.evaluation("epochs/" + source, "", Measure.Better.NEITHER)));
        return measures;
    }

    @Override
    public Training prepare(PretrainSettings settings, PhaseContext context) {
        Model model = context.model(MODEL);
        if (settings.objective() == null && context.data() instanceof TextDataset) {
            // Who sees the token that follows would learn to copy it; targets of other data may be anything.
            IncrementalModel.of(model);
        }
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        if (settings.accumulate() > 0 && settings.batch() % settings.accumulate() != 0) {
            throw InputError.field(
                    "accumulate",
                    settings.accumulate() + " parts of a batch of " + settings.batch()
                            + " would not be equal; expected a divisor of the batch");
        }
        if (settings.evaluationBatches() > 0 && settings.evaluationSequences() > 0) {
            throw InputError.field(
                    "evaluationBatches", "is an older way to say evaluationSequences; expected one of the two");
        }
        int time = time(settings, model);
        if ((long) settings.batch() * time > Integer.MAX_VALUE) {
            throw InputError.field(
                    "batch",
                    settings.batch() + " sequences of " + time
                            + " tokens are more than 2^31-1 tokens; expected at most " + Integer.MAX_VALUE / time);
        }
        Examples examples = settings.objective() == null
                ? Examples.next(context, model, settings.batch(), time)
                : Examples.of(settings.objective(), context, model, settings.batch(), time);
        check(settings, examples);
        Optimizer optimizer = optimizer(settings, context.optimizer());
        int parts = settings.parts(
                (long) examples.time() * context.data().dimensions().getOr("vocab", 1));
        Programs programs = new Programs(context, model, optimizer, settings, examples, parts);
        context.state().declare(context.name(), optimizer.state(model.parameters()));
        context.state().declareWithinStep(context.name(), programs.withinStep());
        boolean whole = parts == 1;
        tell(settings, limit(settings, model), time, context);
        BoundProgram train = context.prepare("train", whole ? programs.step() : programs.gradients());
        BoundProgram update = whole ? train : context.prepare("update", programs.update());
        Optional<HeldOut> evaluation = examples.heldOut()
                .map(batches -> evaluation(
                        settings, examples, parts, batches, context, context.prepare("evaluate", programs.evaluate())));
        return new Pretraining(settings, context, examples, time, parts, train, update, evaluation);
    }

    private static void check(PretrainSettings settings, Examples examples) {
        Set<String> sources = examples.training().epochs(0).keySet();
        for (String source : settings.epochs()) {
            if (!sources.contains(source)) {
                throw InputError.field(
                        "epochs",
                        "'" + source + "' is no source of the data; "
                                + (sources.isEmpty()
                                        ? "it has none, as a \"mixture\" has"
                                        : "expected some of " + sources));
            }
        }
    }

    /** The experiment's, or AdamW, by the settings with which experiments said it before they named optimisers. */
    private static Optimizer optimizer(PretrainSettings settings, Optional<Optimizer> named) {
        List<String> older = settings.ofAdamW();
        if (named.isPresent() && !older.isEmpty()) {
            throw InputError.field(
                    older.getFirst(),
                    "an optimizer is named, and " + String.join(", ", older) + (older.size() == 1 ? " is" : " are")
                            + " an older way to say what adamw is; expected them within \"optimizer\", as far as it"
                            + " knows them");
        }
        return named.orElseGet(settings::adamW);
    }

    private static HeldOut evaluation(
            PretrainSettings settings,
            Examples examples,
            int parts,
            Batches heldOut,
            PhaseContext context,
            BoundProgram program) {
        boolean older = settings.evaluationBatches() > 0;
        long rows = older ? (long) settings.evaluationBatches() * settings.batch() : settings.evaluationSequences();
        if (Math.ceilDiv(rows, settings.batch()) > heldOut.count()) {
            context.ledger()
                    .note(
                            NO_EFFECT,
                            older ? "evaluationBatches" : "evaluationSequences",
                            rows + " sequences are more than the validation part has, at most "
                                    + heldOut.count() * settings.batch() + ": all of it is measured");
        }
        return new HeldOut(examples, Optional.ofNullable(settings.objective()), program, parts, rows);
    }

    /** What of the settings does not do what one may think. */
    private static void tell(PretrainSettings settings, int limit, int time, PhaseContext context) {
        if (settings.warmup() > context.steps()) {
            context.ledger()
                    .note(
                            NO_EFFECT,
                            "warmup",
                            settings.warmup() + " is above its " + context.steps()
                                    + " steps: the learning rate never gets to its height");
        }
        if (settings.learningRate() == 0) {
            context.ledger().note(NO_EFFECT, "learningRate", "0 leaves the weights as they are");
        }
        if (time < limit) {
            context.ledger()
                    .note(
                            SKIPPED,
                            "context",
                            "of the " + limit + " tokens that the model can look at, " + time
                                    + " are trained; what is written beyond them is untrained");
        }
        if (named(context.data().fields(), Examples.POSITIONS)) {
            if (settings.objective() != null) {
                context.ledger()
                        .note(
                                NO_EFFECT,
                                "objective",
                                "it does not take the positions of the data: documents see each other");
            } else if (!named(context.model(MODEL).signature().inputs(), Examples.POSITIONS)) {
                context.ledger()
                        .note(
                                NO_EFFECT,
                                "",
                                "the model does not take the positions of the data: documents see each other");
            }
        }
        if (!context.data().splits().contains(HELD_OUT)) {
            context.ledger().note(SKIPPED, "", "the data has no validation part: loss/validation is not measured");
        }
    }

    /** Most tokens of a text in a row; 0 where nothing sets a limit. */
    private static int limit(PretrainSettings settings, Model model) {
        if (settings.objective() == null) {
            return model.limits().getOr("time", 0);
        }
        int longest = settings.objective().longest(model);
        return longest == Integer.MAX_VALUE ? 0 : longest;
    }

    private static boolean named(List<Signature.Port> ports, String name) {
        return ports.stream().anyMatch(port -> port.name().equals(name));
    }

    private static int time(PretrainSettings settings, Model model) {
        int limit = limit(settings, model);
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
}
