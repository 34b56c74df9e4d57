package org.kolotoc.engine;

import java.util.Map;
import java.util.TreeMap;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.experiment.SamplePlan;
import org.kolotoc.engine.seat.WritingSeats;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;
import org.kolotoc.tensor.Backend;

/**
 * The model of a run as a checkpoint holds it, and all it takes to let it write. The checkpoint says what the data stated
 * and which tokenizer it was: no data is opened, and it may be gone.
 */
public final class Restored implements AutoCloseable {
    private final SamplePlan plan;
    private final LiveState state;
    private final Writing writing;

    private Restored(SamplePlan plan, LiveState state, Writing writing) {
        this.plan = plan;
        this.state = state;
        this.writing = writing;
    }

    /**
     * Restores what writes.
     *
     * @param described where the experiment comes from, for messages
     * @throws InputError when the seats can't be filled, or the checkpoint is not one of the experiment
     */
    static Restored of(Experiment experiment, String described, Environment environment, Checkpoint checkpoint) {
        Problems problems = new Problems(described);
        WritingSeats seats = WritingSeats.of(experiment, Writing.ROLE, environment.seats(), problems);
        if (checkpoint.tokenizer() == null) {
            throw InputError.of(
                    "checkpoint " + checkpoint.path() + " has no tokenizer: its data was no text",
                    "give the folder of a run that learned to write");
        }
        Tokenizer tokenizer = seats.tokenizer().restore(checkpoint.tokenizer());
        if (!tokenizer.state().equals(checkpoint.tokenizer())) {
            throw InputError.of(
                    "the tokenizer '" + experiment.tokenizer().id() + "' does not know the state that checkpoint "
                            + checkpoint.path() + " has of it",
                    "use the tokenizer and the plugins that the run began with");
        }
        Model model = seats.model().create(dimensions(checkpoint, tokenizer));
        Backend backend = environment.backends().apply(experiment.backend());
        LiveState state = new LiveState(backend, experiment.seed(), ofModel(checkpoint.snapshot()));
        state.declare(Writing.ROLE, model.parameters());
        state.requireAllRestored();
        return new Restored(
                experiment.samples(),
                state,
                new Writing(
                        backend,
                        model,
                        name -> state.buffer(Writing.ROLE + "/" + name),
                        tokenizer,
                        seats.decoder(),
                        experiment.seed()));
    }

    /** What the data stated; earlier versions noted the tokenizer alone. */
    private static Dimensions dimensions(Checkpoint checkpoint, Tokenizer tokenizer) {
        return checkpoint.dimensions().map(Dimensions::new).orElseGet(() -> Dimensions.of("vocab", tokenizer.vocab()));
    }

    /** What an optimiser remembers writes nothing. */
    private static Snapshot ofModel(Snapshot snapshot) {
        Map<String, Snapshot.Entry> tensors = new TreeMap<>(snapshot.tensors());
        tensors.keySet().removeIf(name -> !name.startsWith(Writing.ROLE + "/"));
        return new Snapshot(tensors, Map.of());
    }

    /** What is to be written. */
    public SamplePlan plan() {
        return plan;
    }

    public Writing writing() {
        return writing;
    }

    @Override
    public void close() {
        state.close();
    }
}
