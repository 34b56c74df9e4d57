package org.kolotoc.phase.rlhf;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Signature;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatDataset;
import org.kolotoc.api.chat.Exchange;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** The steps: answers are written, scored, and learned from. Everything about one is a function of weights, seed and index. */
final class Improving implements Training {
    /** Standard errors below 0 from which on a divergence is no noise. */
    private static final double NOISE = 4;

    private final RlhfSettings settings;
    private final Ledger ledger;
    private final Rollouts rollouts;
    private final BoundProgram behaviour;
    private final BoundProgram scoring;
    private final BoundProgram train;
    private final Optional<BoundProgram> critic;
    private final Optional<BestOf> bestOf;
    private final Schedule schedule;
    private final long seed;
    private final List<Exchange> questions;
    private final List<Exchange> heldOut;
    private final Batches order;
    private final float[] scores;
    private final float[] divergences;
    private final float[] entropies;

    Improving(
            RlhfSettings settings,
            PhaseContext context,
            ChatDataset data,
            Rollouts rollouts,
            BoundProgram behaviour,
            BoundProgram scoring,
            BoundProgram train,
            Optional<BoundProgram> critic,
            Optional<BestOf> bestOf) {
        this.settings = settings;
        this.ledger = context.ledger();
        this.rollouts = rollouts;
        this.behaviour = behaviour;
        this.scoring = scoring;
        this.train = train;
        this.critic = critic;
        this.bestOf = bestOf;
        this.schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.seed = context.seed();
        this.questions = data.exchanges("train");
        this.heldOut = data.splits().contains("validation")
                ? data.exchanges("validation").stream()
                        .limit(settings.heldOut())
                        .toList()
                : List.of();
        this.order = Batches.shuffled(
                Signature.parse("-> i32 question[batch]").outputs(),
                Map.of("batch", settings.questions()),
                questions.size(),
                new CounterRandom(context.seed(), "rlhf/questions"),
                (number, out) -> out.ints("question")[0] = (int) number);
        int rows = settings.rows();
        this.scores = new float[rows];
        this.divergences = new float[rows];
        this.entropies = new float[rows];
    }

    @Override
    public void step(long index, Measurements out) {
        rollouts.write(asked(index), seed, "rollouts/" + index);
        Summary summary = new Summary(settings.judge());
        score(summary);
        alarm(summary);
        double learningRate = schedule.at(index);
        critic.ifPresent(program -> give(program, "values"));
        give(train, settings.weighting() == RlhfSettings.Weighting.PPO ? "values" : "");
        for (int pass = 0; pass < settings.passes(); pass++) {
            long update = index * settings.passes() + pass;
            critic.ifPresent(program -> update(program, update, learningRate));
            update(train, update, learningRate);
        }
        summary.put(out, "");
        out.put("ratio", train.scalar("ratio"));
        out.put("clipped", train.scalar("clipped"));
        out.put("gradient/norm", train.scalar("norm"));
        out.put("learning-rate", learningRate);
        critic.ifPresent(program -> out.put("loss/critic", program.scalar("loss")));
        out.put("tokens", summary.tokens());
    }

    /** The questions of a step, each as often as it is answered. */
    private List<Exchange> asked(long index) {
        int[] numbers = new int[settings.questions()];
        try (ReferenceBackend host = new ReferenceBackend();
                Buffer buffer = host.allocate(DType.I32, Shape.of(numbers.length))) {
            order.fill(index, Map.of("question", buffer));
            buffer.read(numbers);
        }
        List<Exchange> asked = new ArrayList<>();
        for (int number : numbers) {
            for (int answer = 0; answer < settings.answers(); answer++) {
                asked.add(questions.get(number));
            }
        }
        return asked;
    }

    /** What was thought of the answers when they were written. */
    private void score(Summary summary) {
        behaviour.buffer("tokens").write(rollouts.tokens);
        behaviour.buffer("targets").write(rollouts.targets);
        behaviour.buffer("counted").write(rollouts.counted);
        behaviour.run();
        scoring.buffer("tokens").write(rollouts.judged);
        scoring.run();
        scoring.buffer("scores").read(scores);
        behaviour.buffer("divergences").read(divergences);
        behaviour.buffer("entropies").read(entropies);
        summary.add(rollouts, scores, divergences, entropies);
    }

    /** An estimate may be negative; if it is by more than chance, the answers are not the policy's own. */
    private void alarm(Summary summary) {
        if (summary.divergence() < -NOISE * summary.divergenceError() - 1e-3) {
            ledger.note(
                    Ledger.Kind.UNVERIFIED,
                    "kl",
                    "the divergence from the reference is negative beyond chance: the answers are not drawn from the"
                            + " policy");
        }
        if (!(summary.divergence() <= settings.klAlarm())) {
            ledger.note(
                    Ledger.Kind.UNVERIFIED,
                    "klAlarm",
                    "the divergence from the reference is above " + settings.klAlarm()
                            + " nats in an answer: what the reward model says of such answers means little");
        }
    }

    /** @param values a further output that is handed over; none where it is empty */
    private void give(BoundProgram program, String values) {
        program.buffer("tokens").write(rollouts.tokens);
        program.buffer("counted").write(rollouts.counted);
        program.buffer("scores").write(scores);
        if (program == train) {
            program.buffer("targets").write(rollouts.targets);
        }
        for (String name : values.isEmpty() ? List.of("old", "reference") : List.of("old", "reference", values)) {
            float[] all = new float[behaviour.buffer(name).shape().size()];
            behaviour.buffer(name).read(all);
            program.buffer(name).write(all);
        }
    }

    private void update(BoundProgram program, long update, double learningRate) {
        program.feed("key", (int) (seed ^ seed >>> 32), (int) update);
        program.feed("learning-rate", learningRate);
        program.feed("step", update + 1);
        program.run();
    }

    @Override
    public void evaluate(Measurements out) {
        if (heldOut.isEmpty()) {
            return;
        }
        Summary summary = new Summary(settings.judge());
        int rows = settings.rows();
        long batches = Math.ceilDiv(heldOut.size(), rows);
        long all = batches + bestOf.map(best -> best.batches(heldOut.size())).orElse(0L);
        for (int batch = 0; batch < batches; batch++) {
            List<Exchange> beside = heldOut.subList(batch * rows, Math.min(heldOut.size(), (batch + 1) * rows));
            rollouts.write(beside, seed, "held out/" + batch);
            score(summary);
            out.reached(batch + 1, all);
        }
        summary.put(out, "/validation");
        bestOf.ifPresent(best -> best.put(heldOut, seed, summary.gold(), out, batches, all));
    }

    @Override
    public void close() {
        rollouts.close();
        behaviour.close();
        scoring.close();
        train.close();
        critic.ifPresent(BoundProgram::close);
        bestOf.ifPresent(BestOf::close);
    }
}
