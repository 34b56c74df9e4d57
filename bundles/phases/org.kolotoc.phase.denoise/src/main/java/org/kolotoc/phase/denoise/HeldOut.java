package org.kolotoc.phase.denoise;

import java.util.HashMap;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/**
 * The loss on held-out samples. Each has its own step and its own noise, which its number in the part decides alone: the same in
 * every evaluation, of every run, however the part is cut into batches.
 */
final class HeldOut implements AutoCloseable {
    private static final long SEED = 1;

    private final CounterRandom steps = new CounterRandom(SEED, "denoise/held out/steps");
    private final CounterRandom normal = new CounterRandom(SEED, "denoise/held out/noise");
    private final Noising noising;
    private final BoundProgram program;
    private final Batches batches;
    private final Map<String, Buffer> feeds = new HashMap<>();

    HeldOut(Noising noising, BoundProgram program, Batches batches) {
        this.noising = noising;
        this.program = program;
        this.batches = batches;
        feeds.put("sample", program.buffer("sample"));
        if (noising.labelled()) {
            feeds.put(Noising.LABEL, program.buffer(Noising.LABEL));
        }
        feeds.put("weights", program.buffer("weights"));
    }

    void measure(Measurements out) {
        int batch = noising.batch();
        int size = noising.shape().size() / batch;
        int[] times = new int[batch];
        float[] noise = new float[noising.shape().size()];
        float[] losses = new float[batch];
        float[] weights = new float[batch];
        double sum = 0;
        double count = 0;
        for (long number = 0; number < batches.count(); number++) {
            batches.fill(number, feeds);
            for (int row = 0; row < batch; row++) {
                long sample = number * batch + row;
                times[row] = steps.integer(sample, noising.schedule().steps());
                for (int i = 0; i < size; i++) {
                    noise[row * size + i] = (float) normal.normal(sample * size + i);
                }
            }
            program.buffer("time").write(times);
            program.buffer("noise").write(noise);
            program.run();
            program.buffer("losses").read(losses);
            program.buffer("weights").read(weights);
            for (int row = 0; row < batch; row++) {
                sum += losses[row];
                count += weights[row];
            }
            out.reached(number + 1, batches.count());
        }
        out.put("loss/validation", sum / count);
    }

    @Override
    public void close() {
        program.close();
    }
}
