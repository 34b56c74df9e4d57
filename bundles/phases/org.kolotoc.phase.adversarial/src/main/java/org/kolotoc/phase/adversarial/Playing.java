package org.kolotoc.phase.adversarial;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
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

/** The steps. Updates of each side that were ever made are counters in the state: those of a phase that goes on. */
final class Playing implements Training {
    /** Keys of both sides, so that they draw other numbers. */
    private static final int DISCRIMINATOR = 0;

    private static final int GENERATOR = 1;

    /**
     * What is compiled.
     *
     * @param discriminator its update without R1, where there is one
     * @param regularised its update with R1, where there is one
     */
    record Compiled(Optional<BoundProgram> discriminator, Optional<BoundProgram> regularised, BoundProgram generator) {
        private List<BoundProgram> all() {
            List<BoundProgram> all = new ArrayList<>(List.of(generator));
            discriminator.ifPresent(all::add);
            regularised.ifPresent(all::add);
            return all;
        }
    }

    private final AdversarialSettings settings;
    private final Game game;
    private final TrainState state;
    private final String name;
    private final Schedule rates;
    private final Batches batches;
    private final Compiled programs;
    private final Optional<HeldOut> heldOut;
    private final int seed;

    Playing(Game game, PhaseContext context, Batches batches, Compiled programs, Optional<HeldOut> heldOut) {
        this.settings = game.settings();
        this.game = game;
        this.state = context.state();
        this.name = context.name();
        this.rates = new Schedule.Cosine(
                settings.learningRate(), settings.minLearningRate(), settings.warmup(), context.steps());
        this.batches = batches;
        this.programs = programs;
        this.heldOut = heldOut;
        this.seed = (int) (context.seed() ^ context.seed() >>> 32);
    }

    private String updates(Side side) {
        return name + "/" + side.role() + "/updates";
    }

    @Override
    public void step(long index, Measurements out) {
        double rate = rates.at(index);
        for (int i = 0; i < settings.discriminatorUpdates(); i++) {
            long updates = state.counter(updates(game.discriminator()));
            BoundProgram program = settings.regularised(updates)
                    ? programs.regularised().orElseThrow()
                    : programs.discriminator().orElseThrow();
            update(program, game.discriminator(), DISCRIMINATOR, rate * settings.discriminatorRate());
            out.put("loss/discriminator", program.scalar("loss"));
            out.put("gradient/discriminator", program.scalar("norm"));
        }
        BoundProgram program = programs.generator();
        for (int i = 0; i < settings.generatorUpdates(); i++) {
            if (settings.averages()) {
                double memory = new MovingAverage(settings.average()).at(state.counter(updates(game.generator())));
                program.feed("memory", memory);
            }
            update(program, game.generator(), GENERATOR, rate);
            out.put("loss/generator", program.scalar("loss"));
            if (!settings.sideLosses().isEmpty()) {
                out.put("loss/side", program.scalar("side"));
            }
            out.put("gradient/generator", program.scalar("norm"));
        }
        out.put("learning-rate", rate);
        out.put("samples", (double) settings.batch() * settings.discriminatorUpdates());
    }

    private void update(BoundProgram program, Side side, int stream, double rate) {
        long updates = state.counter(updates(side));
        Map<String, Buffer> feeds = new HashMap<>();
        if (side == game.discriminator() || !settings.sideLosses().isEmpty()) {
            feeds.put("sample", program.buffer("sample"));
        }
        if (game.labelled()) {
            feeds.put(Game.LABEL, program.buffer(Game.LABEL));
        }
        if (!feeds.isEmpty()) {
            batches.fill(updates, feeds);
        }
        program.feed("key", seed, (int) (2 * updates) + stream);
        program.feed("learning-rate", rate);
        program.feed("step", updates + 1);
        program.run();
        state.counter(updates(side), updates + 1);
    }

    @Override
    public void evaluate(Measurements out) {
        heldOut.ifPresent(held -> held.measure(out));
    }

    @Override
    public void close() {
        programs.all().forEach(BoundProgram::close);
        heldOut.ifPresent(HeldOut::close);
    }
}
