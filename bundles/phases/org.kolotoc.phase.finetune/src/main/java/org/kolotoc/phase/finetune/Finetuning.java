package org.kolotoc.phase.finetune;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;

/** The steps: everything about one is a function of the weights, the seed and its index. */
final class Finetuning implements Training {
    private final Batches training;
    private final Optional<PlainText> text;
    private final BoundProgram train;
    private final Optional<HeldOut> heldOut;
    private final Schedule schedule;
    private final Map<String, Buffer> feeds;
    private final int seed;
    private final int tokens;

    Finetuning(
            FinetuneSettings settings,
            PhaseContext context,
            Exchanges exchanges,
            Optional<PlainText> text,
            BoundProgram train,
            Optional<HeldOut> heldOut) {
        this.training = exchanges.training();
        this.text = text;
        this.train = train;
        this.heldOut = heldOut;
        this.schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.feeds = exchanges.feeds(train);
        this.seed = (int) (context.seed() ^ context.seed() >>> 32);
        this.tokens = train.buffer("targets").shape().size()
                + text.map(plain -> plain.shape().size()).orElse(0);
    }

    @Override
    public void step(long index, Measurements out) {
        double learningRate = schedule.at(index);
        training.fill(index, feeds);
        text.ifPresent(plain -> plain.fill(index, train));
        train.feed("key", seed, (int) index);
        train.feed("learning-rate", learningRate);
        train.feed("step", index + 1);
        train.run();
        out.put("loss/train", train.scalar("loss"));
        text.ifPresent(_ -> out.put(Finetune.TEXT, train.scalar("text")));
        out.put("gradient/norm", train.scalar("norm"));
        out.put("learning-rate", learningRate);
        out.put("tokens", tokens);
    }

    @Override
    public void evaluate(Measurements out) {
        heldOut.ifPresent(held -> held.measure(out));
    }

    @Override
    public void close() {
        train.close();
        heldOut.ifPresent(HeldOut::close);
    }
}
