package org.kolotoc.phase.reward;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.api.chat.ChatTokens;
import org.kolotoc.nn.Schedule;
import org.kolotoc.nn.statistics.Concordance;
import org.kolotoc.tensor.Buffer;

/** The steps. */
final class Comparing implements Training {
    private final Batches training;
    private final BoundProgram train;
    private final Optional<HeldOutOrder> heldOut;
    private final ChatTokens tokens;
    private final Schedule schedule;
    private final Map<String, Buffer> feeds;
    private final int seed;
    private final float[][] rewards;

    Comparing(
            RewardSettings settings,
            PhaseContext context,
            Batches training,
            BoundProgram train,
            Optional<HeldOutOrder> heldOut,
            ChatTokens tokens) {
        this.training = training;
        this.train = train;
        this.heldOut = heldOut;
        this.tokens = tokens;
        this.schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.feeds = train.buffers("tokens");
        this.seed = (int) (context.seed() ^ context.seed() >>> 32);
        this.rewards = new float[settings.batch()][context.data().dimensions().get("answer")];
    }

    @Override
    public void step(long index, Measurements out) {
        double learningRate = schedule.at(index);
        training.fill(index, feeds);
        train.feed("key", seed, (int) index);
        train.feed("learning-rate", learningRate);
        train.feed("step", index + 1);
        train.run();
        RewardPhase.requireMarks(train, rewards.length * rewards[0].length, tokens);
        read(train, rewards);
        Concordance order = new Concordance();
        for (float[] each : rewards) {
            order.addFalling(each);
        }
        out.put("loss/train", train.scalar("loss"));
        out.put("accuracy/train", order.accuracy());
        out.put("gradient/norm", train.scalar("norm"));
        out.put("learning-rate", learningRate);
        out.put("tokens", feeds.get("tokens").shape().size());
    }

    /** The rewards of a batch, a row a question. */
    static void read(BoundProgram program, float[][] rewards) {
        int answers = rewards[0].length;
        float[] all = new float[rewards.length * answers];
        program.buffer("rewards").read(all);
        for (int row = 0; row < rewards.length; row++) {
            System.arraycopy(all, row * answers, rewards[row], 0, answers);
        }
    }

    @Override
    public void evaluate(Measurements out) {
        heldOut.ifPresent(held -> held.measure(out));
    }

    @Override
    public void close() {
        train.close();
        heldOut.ifPresent(HeldOutOrder::close);
    }
}
