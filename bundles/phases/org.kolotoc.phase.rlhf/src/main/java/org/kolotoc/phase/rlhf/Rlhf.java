package org.kolotoc.phase.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Needs;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Seat;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.nn.AdamW;
import org.kolotoc.nn.Descent;
import org.kolotoc.phase.rlhf.RlhfSettings.Weighting;
import org.kolotoc.tensor.Optimizer;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of reinforcement learning from rewards: the policy answers questions, a reward model scores the answers, and what
 * scored well becomes likelier, while it costs something to leave the reference (Ziegler et al., arXiv:1909.08593). Only
 * tokens of answers have any gradient.
 */
@Component
@Seat(kind = Seat.PHASE, id = "rlhf", summary = "answers that a reward model likes become likelier, near a reference")
public final class Rlhf implements Phase<RlhfSettings> {
    /** What it calls the policy that learns. */
    static final String MODEL = "model";

    /** What it calls the policy that it stays near to. */
    static final String REFERENCE = "reference";

    /** What it calls the model that scores answers. */
    static final String REWARD = "reward";

    /** What it calls the model that learns what rewards to expect. */
    static final String CRITIC = "critic";

    static final String LANGUAGE = "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]";
    private static final String SCALAR = "i32 tokens[batch,time] -> f32 reward[batch,time]";

    @Override
    public Class<RlhfSettings> settings() {
        return RlhfSettings.class;
    }

    @Override
    public Needs needs(RlhfSettings settings) {
        Needs needs = Needs.none()
                .model(MODEL, LANGUAGE)
                .model(REFERENCE, LANGUAGE)
                .taught(REWARD, SCALAR)
                .data("")
                .optimizer();
        return settings.weighting() == Weighting.PPO ? needs.model(CRITIC, SCALAR) : needs;
    }

    @Override
    public List<Measure> measures(RlhfSettings settings) {
        List<Measure> measures = new ArrayList<>(Summary.measures(settings));
        measures.addAll(BestOf.measures(settings));
        measures.add(Measure.step("ratio", "", Better.NEITHER));
        measures.add(Measure.step("clipped", "", Better.NEITHER));
        measures.add(Measure.step("gradient/norm", "", Better.NEITHER));
        measures.add(Measure.step("learning-rate", "", Better.NEITHER));
        if (settings.weighting() == Weighting.PPO) {
            measures.add(Measure.step("loss/critic", "", Better.LOWER));
        }
        measures.add(Measure.work("tokens", "tokens"));
        return measures;
    }

    @Override
    public Training prepare(RlhfSettings settings, PhaseContext context) {
        check(settings, context.ledger());
        if (!(context.data() instanceof ChatDataset data)) {
            throw InputError.of("the data has no questions", "choose data of questions: \"questions\"");
        }
        Optimizer optimizer = context.optimizer().orElse(new AdamW(0.9, 0.99, 1e-8, 0));
        Descent policy = new Descent(optimizer, context.model(MODEL).parameters(), context.name(), settings.clip());
        context.state().declare(context.name(), policy.state());
        Rollouts rollouts = new Rollouts(settings, context, data, MODEL);
        Programs programs = new Programs(context, settings, rollouts.time);
        Optional<BoundProgram> critic = Optional.empty();
        if (settings.weighting() == Weighting.PPO) {
            Descent values = new Descent(optimizer, programs.criticParameters(), context.name(), settings.clip());
            context.state().declare(context.name(), values.state());
            critic = Optional.of(context.prepare("critic", programs.critic(values)));
        }
        BoundProgram scores = context.prepare(
                "scores", programs.scores(rollouts.judgedTime, data.tokens().reward()));
        Optional<BestOf> bestOf = settings.bestOf() == 0
                ? Optional.empty()
                : Optional.of(new BestOf(settings, new Rollouts(settings, context, data, REFERENCE), scores));
        return new Improving(
                settings,
                context,
                data,
                rollouts,
                context.prepare("behaviour", programs.behaviour()),
                scores,
                context.prepare("train", programs.train(policy)),
                critic,
                bestOf);
    }

    private static void check(RlhfSettings settings, Ledger ledger) {
        if (settings.minLearningRate() > settings.learningRate()) {
            throw InputError.field(
                    "minLearningRate",
                    settings.minLearningRate() + " is above the learningRate; expected at most "
                            + settings.learningRate());
        }
        if (settings.bestOf() > 0 && settings.judge() == null) {
            throw InputError.field(
                    "bestOf",
                    settings.bestOf() + " answers are compared, but nobody says how good the best is; expected"
                            + " a \"judge\" too");
        }
        if (settings.rows() < 2) {
            throw InputError.field(
                    "questions",
                    "one answer to one question can be compared with no other; expected 2 answers or more");
        }
        if (settings.weighting() == Weighting.GRPO && settings.answers() < 2) {
            throw InputError.field(
                    "answers", "grpo compares answers to the same question, and there is 1; expected at least 2");
        }
        if (settings.weighting() == Weighting.WHITENED && settings.passes() > 1) {
            ledger.note(
                    Ledger.Kind.UNVERIFIED,
                    "passes",
                    settings.passes()
                            + " updates by the same answers: after the first they are no longer the policy's own,"
                            + " and \"whitened\" does not weigh that");
        }
    }
}
