package org.kolotoc.bench;

import java.util.Optional;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Model;
import org.kolotoc.api.Phase;
import org.kolotoc.api.PhaseContext;
import org.kolotoc.api.TrainState;
import org.kolotoc.api.Training;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.tensor.Optimizer;
import org.kolotoc.tensor.Program;

/** A phase after its first step only runs the program that updates weights, on what that step left for it. */
final class UpdateAlone implements Training {
    private static final String UPDATE = "train";

    private final Training training;
    private final BoundProgram update;

    private UpdateAlone(Training training, BoundProgram update) {
        this.training = training;
        this.update = update;
    }

    static <S extends Record> UpdateAlone of(Phase<S> phase, S settings, PhaseContext context) {
        Watched watched = new Watched(context);
        Training training = phase.prepare(settings, watched);
        return new UpdateAlone(training, watched.update);
    }

    @Override
    public void step(long index, Measurements out) {
        if (index == 0) {
            training.step(0, out);
        } else {
            update.run();
        }
    }

    @Override
    public void evaluate(Measurements out) {
        training.evaluate(out);
    }

    @Override
    public void close() {
        training.close();
    }

    /** Remembers a program that is prepared. */
    private static final class Watched implements PhaseContext {
        private final PhaseContext context;
        private BoundProgram update;

        Watched(PhaseContext context) {
            this.context = context;
        }

        @Override
        public BoundProgram prepare(String name, Program program) {
            BoundProgram prepared = context.prepare(name, program);
            if (name.equals(UPDATE)) {
                update = prepared;
            }
            return prepared;
        }

        @Override
        public long steps() {
            return context.steps();
        }

        @Override
        public Optional<Optimizer> optimizer() {
            return context.optimizer();
        }

        @Override
        public String name() {
            return context.name();
        }

        @Override
        public Model model(String formal) {
            return context.model(formal);
        }

        @Override
        public Dataset data(String formal) {
            return context.data(formal);
        }

        @Override
        public Tokenizer tokenizer() {
            return context.tokenizer();
        }

        @Override
        public TrainState state() {
            return context.state();
        }

        @Override
        public long seed() {
            return context.seed();
        }
    }
}
