package org.kolotoc.phase.adversarial;

import java.util.HashMap;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/**
 * How the game stands on held-out samples and as many made ones. Each of these is made of its own noise, which its number alone
 * decides: the same in every evaluation, of every run, however the part is cut into batches. Where the discriminator compares
 * samples, only whole groups are held against each other: what fills the last one is no sample.
 */
final class HeldOut implements AutoCloseable {
    private static final long SEED = 1;

    private final CounterRandom normal = new CounterRandom(SEED, "adversarial/held out/noise");
    private final Game game;
    private final BoundProgram program;
    private final Batches batches;
    private final Map<String, Buffer> feeds = new HashMap<>();

    HeldOut(Game game, BoundProgram program, Batches batches) {
        this.game = game;
        this.program = program;
        this.batches = batches;
        feeds.put("sample", program.buffer("sample"));
        feeds.put("weights", program.buffer("weights"));
        if (game.labelled()) {
            feeds.put(Game.LABEL, program.buffer(Game.LABEL));
        }
    }

    void measure(Measurements out) {
        int batch = game.batch();
        float[] noise = new float[game.noise().size()];
        float[] samples = new float[game.shape().size()];
        float[] ordered = new float[batch];
        float[] weights = new float[batch];
        int most = Math.toIntExact(batches.count() * batch);
        Slices held = new Slices(samples.length / batch, most);
        Slices own = new Slices(samples.length / batch, most);
        double right = 0;
        double count = 0;
        for (long number = 0; number < batches.count(); number++) {
            batches.fill(number, feeds);
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (float) normal.normal(number * noise.length + i);
            }
            program.buffer("noise").write(noise);
            program.run();
            program.buffer("ordered").read(ordered);
            program.buffer("weights").read(weights);
            program.buffer("sample").read(samples);
            held.add(samples, weights);
            program.buffer("made").read(samples);
            own.add(samples, weights);
            for (int first = 0; first < batch; first += game.group()) {
                if (weights[first + game.group() - 1] == 0) {
                    break;
                }
                for (int row = first; row < first + game.group(); row++) {
                    right += ordered[row];
                    count++;
                }
            }
            out.reached(number + 1, batches.count());
        }
        out.put("ordered/validation", right / count);
        out.put("distance/validation", own.distance(held) / held.deviation());
        out.put("diversity", own.deviation() / held.deviation());
    }

    @Override
    public void close() {
        program.close();
    }
}
