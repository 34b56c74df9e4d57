package org.kolotoc.phase.pretrain;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;

/**
 * The steps. The number of updates ever made to these moments is a counter in the state: that of a phase that goes on. A
 * step allocates nothing.
 *
 * <p>Of a batch in parts, {@code train} adds up the gradients and {@code update} moves the weights; else they are one.
 */
final class Pretraining implements Training {
    private final PretrainSettings settings;
    private final TrainState state;
    private final String updatesMade;
    private final Schedule schedule;
    private final Batches training;
    private final BoundProgram train;
    private final BoundProgram update;
    private final Optional<HeldOut> evaluation;
    private final Map<String, Buffer> trainingFeeds = new HashMap<>();
    private final int tokens;
    private final int parts;
    private final int[] key = new int[2];
    private final int[] from = new int[1];
    private final float[] scalar = new float[1];

    Pretraining(
            PretrainSettings settings,
            PhaseContext context,
            Examples examples,
            int time,
            int parts,
            BoundProgram train,
            BoundProgram update,
            Optional<HeldOut> evaluation) {
        this.settings = settings;
        this.state = context.state();
        this.updatesMade = context.name() + "/updates";
        this.schedule = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.training = examples.training();
        this.train = train;
        this.update = update;
        this.evaluation = evaluation;
        examples.inputs().forEach(port -> trainingFeeds.put(port.name(), train.buffer(port.name())));
        trainingFeeds.put(Examples.TARGETS, train.buffer(Examples.TARGETS));
        if (examples.weighted()) {
            trainingFeeds.put(Examples.WEIGHTS, train.buffer(Examples.WEIGHTS));
        }
        this.tokens = settings.batch() * time;
        this.parts = parts;
        this.key[0] = (int) (context.seed() ^ context.seed() >>> 32);
    }

    @Override
    public void step(long index, Measurements out) {
        long updates = state.counter(updatesMade);
        double learningRate = schedule.at(index);
        training.fill(updates, trainingFeeds);
        write(update.buffer("learning-rate"), learningRate);
        write(update.buffer("step"), updates + 1);
        double loss = 0;
        for (int part = 0; part < parts; part++) {
            key[1] = (int) (updates * parts + part);
            train.buffer("key").write(key);
            loss += run(train, part);
        }
        if (update != train) {
            update.run();
        }
        state.counter(updatesMade, updates + 1);
        out.put("loss/train", loss / parts);
        out.put("gradient/norm", read(update.buffer("norm")));
        out.put("learning-rate", learningRate);
        out.put("tokens", tokens);
    }

    @Override
    public void evaluate(Measurements out) {
        evaluation.ifPresent(held -> held.measure(out));
        if (!settings.epochs().isEmpty()) {
            Map<String, Double> epochs = training.epochs(state.counter(updatesMade));
            settings.epochs().forEach(source -> out.put("epochs/" + source, epochs.get(source)));
        }
    }

    /** The mean loss of a part of the batch. */
    private double run(BoundProgram program, int part) {
        if (parts > 1) {
            from[0] = part * (settings.batch() / parts);
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
        evaluation.ifPresent(HeldOut::close);
    }
}
