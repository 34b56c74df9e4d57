package org.kolotoc.phase.denoise;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.nn.MovingAverage;
import org.kolotoc.nn.Schedule;
import org.kolotoc.tensor.Buffer;

/** The steps. The number of updates ever made is a counter in the state: that of a phase that goes on. */
final class Denoising implements Training {
    private final DenoiseSettings settings;
    private final TrainState state;
    private final String updatesMade;
    private final Schedule rates;
    private final Batches batches;
    private final BoundProgram train;
    private final Optional<HeldOut> heldOut;
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int seed;

    Denoising(
            DenoiseSettings settings,
            PhaseContext context,
            Noising noising,
            Batches batches,
            BoundProgram train,
            Optional<HeldOut> heldOut) {
        this.settings = settings;
        this.state = context.state();
        this.updatesMade = context.name() + "/updates";
        this.rates = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.batches = batches;
        this.train = train;
        this.heldOut = heldOut;
        this.seed = (int) (context.seed() ^ context.seed() >>> 32);
        feeds.put("sample", train.buffer("sample"));
        if (noising.labelled()) {
            feeds.put(Noising.LABEL, train.buffer(Noising.LABEL));
        }
    }

    @Override
    public void step(long index, Measurements out) {
        long updates = state.counter(updatesMade);
        double rate = rates.at(index);
        batches.fill(updates, feeds);
        train.feed("key", seed, (int) updates);
        train.feed("learning-rate", rate);
        train.feed("step", updates + 1);
        if (settings.averages()) {
            train.feed("memory", new MovingAverage(settings.average()).at(updates));
        }
        train.run();
        state.counter(updatesMade, updates + 1);
        out.put("loss/train", train.scalar("loss"));
        out.put("gradient/norm", train.scalar("norm"));
        out.put("learning-rate", rate);
        out.put("samples", settings.batch());
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
