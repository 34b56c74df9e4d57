package org.kolotoc.phase.reward;

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
import org.kolotoc.api.Model;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Descent;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of reward modelling (Ouyang et al., arXiv:2203.02155): a model learns to give the better of two answers the
 * higher reward. The reward of an answer is what the model says at the mark behind it, and nothing else is trained.
 */
@Component
@Seat(kind = Seat.PHASE, id = "reward", summary = "a model learns which of several answers is better")
public final class RewardPhase implements Phase<RewardSettings> {
    /** What it calls the model that learns. */
    static final String MODEL = "model";

    private static final String HELD_OUT = "validation";

    @Override
    public Class<RewardSettings> settings() {
        return RewardSettings.class;
    }

    @Override
    public Needs needs(RewardSettings settings) {
        return Needs.none()
                .model(MODEL, "i32 tokens[batch,time] -> f32 reward[batch,time]")
                .data("i32 tokens[batch,answer,time]; f32 quality[batch,answer]")
                .optimizer();
    }

    @Override
    public List<Measure> measures(RewardSettings settings) {
        return List.of(
                Measure.step("loss/train", "nats", Better.LOWER),
                Measure.step("accuracy/train", "", Better.HIGHER),
                Measure.step("gradient/norm", "", Better.NEITHER),
                Measure.step("learning-rate", "", Better.NEITHER),
                Measure.work("tokens", "tokens"),
                Measure.evaluation("loss/validation", "nats", Better.LOWER),
                Measure.evaluation("accuracy/validation", "", Better.HIGHER),
                Measure.evaluation("accuracy-low/validation", "", Better.HIGHER),
                Measure.evaluation("accuracy-high/validation", "", Better.HIGHER),
                Measure.evaluation("accuracy-length/validation", "", Better.NEITHER),
                Measure.evaluation("accuracy-words/validation", "", Better.NEITHER),
                Measure.evaluation("accuracy-true/validation", "", Better.HIGHER),
                Measure.evaluation("kendall-tau/validation", "", Better.HIGHER),
                Measure.evaluation("deviation/validation", "", Better.NEITHER));
    }

    @Override
    public Training prepare(RewardSettings settings, PhaseContext context) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        Model model = context.model(MODEL);
        Dataset data = context.data();
        if (!(data instanceof ChatDataset chats)) {
            throw InputError.of(
                    "the data does not say where a reward is read", "choose data of answers in order: \"preferences\"");
        }
        int time = data.dimensions().get("time");
        int limit = model.limits().getOr("time", time);
        if (time > limit) {
            throw InputError.of(
                    "answers of the data have up to " + time
                            + " tokens, question and mark included, and the model can look" + " at " + limit,
                    "give the model a larger context, or \"lengths\" of the data less");
        }
        int answers = data.dimensions().get("answer");
        Programs.Size size = new Programs.Size(
                settings.batch(), answers, time, chats.tokens().reward());
        Map<String, Integer> axes = Map.of("batch", settings.batch(), "answer", answers, "time", time);
        Descent descent = new Descent(
                context.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0.01)),
                model.parameters(),
                context.name(),
                settings.clip());
        context.state().declare(context.name(), descent.state());
        BoundProgram train = context.prepare("train", Programs.train(context, model, settings, descent, size));
        Optional<HeldOutOrder> heldOut = Optional.empty();
        if (data.splits().contains(HELD_OUT)) {
            heldOut = Optional.of(new HeldOutOrder(
                    context.prepare("evaluate", Programs.measure(model, settings, size)),
                    data.batches(HELD_OUT, axes, context.seed()),
                    data.batches("train", axes, context.seed()),
                    size,
                    chats.exchanges(HELD_OUT).size(),
                    chats.tokens()));
        } else {
            context.ledger().note(Ledger.Kind.SKIPPED, "", "the data has no validation part: nothing is held out");
        }
        Batches training = data.batches("train", axes, context.seed());
        return new Comparing(settings, context, training, train, heldOut, chats.tokens());
    }

    /** Refuses rows without the mark: what a model says elsewhere is no reward. */
    static void requireMarks(BoundProgram program, int rows, ChatTokens tokens) {
        float[] found = new float[program.buffer("found").shape().size()];
        program.buffer("found").read(found);
        for (int row = 0; row < rows; row++) {
            if (found[row] == 0) {
                throw InputError.of(
                        "an answer has no mark \"" + tokens.template().reward() + "\", at which its reward is read",
                        "look into the data: every answer has to end with it");
            }
        }
    }
}
