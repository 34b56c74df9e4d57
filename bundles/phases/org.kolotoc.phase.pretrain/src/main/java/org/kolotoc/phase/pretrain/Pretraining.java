package org.kolotoc.phase.pretrain;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;

/**
 * The steps. The number of updates ever made to these moments is a counter of its own: a second phase of this kind goes
 * on with new batches and without another bias correction. A step allocates nothing.
 *
 * <p>Of a batch in parts, {@code train} adds up the gradients and {@code update} moves the weights; else they are one.
 */
final class Pretraining implements Training {
    private static final String UPDATES = Pretrain.OWNER + "/updates";

    private final PretrainSettings settings;
    private final TrainState state;
    private final Schedule schedule;
    private final Batches training;
    private final BoundProgram train;
    private final BoundProgram update;
    private final Optional<HeldOutLoss> evaluation;
    private final Map<String, Buffer> trainingFeeds;
    private final int tokens;
    private final int[] key = new int[2];
    private final int[] from = new int[1];
    private final float[] scalar = new float[1];

    Pretraining(
            PretrainSettings settings,
            TrainState state,
            long seed,
            Batches training,
            BoundProgram train,
            BoundProgram update,
            Optional<HeldOutLoss> evaluation) {
        this.settings = settings;
        this.state = state;
        this.schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), settings.steps());
        this.training = training;
        this.train = train;
        this.update = update;
        this.evaluation = evaluation;
        this.trainingFeeds = Map.of("tokens", train.buffer("tokens"), "targets", train.buffer("targets"));
        this.tokens = train.buffer("tokens").shape().size();
        this.key[0] = (int) (seed ^ seed >>> 32);
    }

    @Override
    public long steps() {
        return settings.steps();
    }

    @Override
    public void step(long index, Measurements out) {
        long updates = state.counter(UPDATES);
        double learningRate = schedule.at(index);
        training.fill(updates, trainingFeeds);
        write(update.buffer("learning-rate"), learningRate);
        write(update.buffer("step"), updates + 1);
        double loss = 0;
        for (int part = 0; part < settings.accumulate(); part++) {
            key[1] = (int) (updates * settings.accumulate() + part);
            train.buffer("key").write(key);
            loss += run(train, part);
        }
        if (update != train) {
            update.run();
        }
        state.counter(UPDATES, updates + 1);
        out.put("loss/train", loss / settings.accumulate());
        out.put("gradient/norm", read(update.buffer("norm")));
        out.put("learning-rate", learningRate);
        out.put("tokens", tokens);
    }

    @Override
    public void evaluate(Measurements out) {
        evaluation.ifPresent(held -> held.measure(out));
    }

    /** The mean loss of a part of the batch. */
    private double run(BoundProgram program, int part) {
        if (settings.accumulate() > 1) {
            from[0] = part * (settings.batch() / settings.accumulate());
            program.buffer("from").write(from);
        }
        program.run();
        return read(program.buffer("loss"));
    }

    private void write(Buffer buffer, double value) {
        scalar[0] = (float) value;
        buffer.write(scalar);
    }

    private double read(Buffer buffer) {
        buffer.read(scalar);
        return scalar[0];
    }

    @Override
    public void close() {
        train.close();
        if (update != train) {
            update.close();
        }
        evaluation.ifPresent(HeldOutLoss::close);
    }
}
