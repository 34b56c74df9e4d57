package org.kolotoc.eval.image;

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
import org.kolotoc.tensor.Shape;

/** Takes steps of a judge and tells how well it does. */
final class Judging implements Training {
    private final JudgePhaseSettings settings;
    private final TrainState state;
    private final String updatesMade;
    private final Schedule rates;
    private final Batches batches;
    private final BoundProgram train;
    private final Optional<HeldOut> heldOut;
    private final Map<String, Buffer> feeds;
    private final int seed;

    Judging(
            JudgePhaseSettings settings,
            PhaseContext context,
            Batches batches,
            BoundProgram train,
            Optional<HeldOut> heldOut) {
        this.settings = settings;
        this.state = context.state();
        this.updatesMade = context.name() + "/updates";
        this.rates = new Schedule.Cosine(settings.learningRate(), 0, settings.warmup(), context.steps());
        this.batches = batches;
        this.train = train;
        this.heldOut = heldOut;
        this.feeds = train.buffers("sample", "label");
        this.seed = (int) (context.seed() ^ context.seed() >>> 32);
    }

    @Override
    public void step(long index, Measurements out) {
        long updates = state.counter(updatesMade);
        double rate = rates.at(index);
        batches.fill(updates, feeds);
        train.feed("key", seed, (int) updates);
        train.feed("learning-rate", rate);
        train.feed("step", updates + 1);
        train.run();
        state.counter(updatesMade, updates + 1);
        out.put("loss/train", train.scalar("loss"));
        out.put("gradient/norm", train.scalar("norm"));
        out.put("learning-rate", rate);
        out.put("pictures", settings.batch());
    }

    @Override
    public void evaluate(Measurements out) {
        heldOut.ifPresent(held -> held.measure(out));
    }

    @Override
    public void close() {
        train.close();
        heldOut.ifPresent(held -> held.program().close());
    }

    /** What is measured on pictures that nobody learned from. */
    record HeldOut(BoundProgram program, Batches batches) {
        void measure(Measurements out) {
            Map<String, Buffer> feeds = program.buffers("sample", "label", "weights");
            Shape shape = program.buffer("logits").shape();
            int rows = shape.extent(0);
            float[] logits = new float[shape.size()];
            float[] losses = new float[rows];
            float[] weights = new float[rows];
            int[] labels = new int[rows];
            double loss = 0;
            double right = 0;
            double count = 0;
            for (long number = 0; number < batches.count(); number++) {
                batches.fill(number, feeds);
                program.run();
                program.buffer("logits").read(logits);
                program.buffer("losses").read(losses);
                program.buffer("weights").read(weights);
                program.buffer("label").read(labels);
                for (int row = 0; row < rows; row++) {
                    loss += weights[row] * losses[row];
                    right += Seen.largest(logits, row, shape.extent(1)) == labels[row] ? weights[row] : 0;
                    count += weights[row];
                }
                out.reached(number + 1, batches.count());
            }
            out.put("loss/validation", loss / count);
            out.put("accuracy/validation", right / count);
        }
    }
}
