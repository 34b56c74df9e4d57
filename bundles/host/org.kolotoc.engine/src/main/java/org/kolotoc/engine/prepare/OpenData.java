package org.kolotoc.engine.prepare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.data.DataFiles;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.state.Checkpoints.Checkpoint;

/**
 * Data of a run beside a checkpoint of it.
 *
 * @param files what was read for it; nothing where it stays closed
 */
record OpenData(Optional<DataFiles> files, Map<String, Dataset> byName) implements AutoCloseable {
    /** Closed. */
    static OpenData none() {
        return new OpenData(Optional.empty(), Map.of());
    }

    /**
     * Opens all of it.
     *
     * @throws InputError when some can't be opened, or has another content than the run began with
     */
    static OpenData of(Experiment experiment, Seating seating, Environment environment, Problems problems) {
        DataFiles files = new DataFiles(
                environment.data(), environment.client(), environment.ledger(), experiment.seed(), seating.tokenizer());
        try {
            Map<String, Dataset> data = Sources.opened(experiment, seating, files, environment.ledger(), problems);
            problems.refuse();
            files.requireAllLocked();
            return new OpenData(Optional.of(files), data);
        } catch (RuntimeException | Error e) {
            Closing.after(e, List.of(files::close));
            throw e;
        }
    }

    Optional<Dataset> named(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    /**
     * Holds the tokenizer of the data against that of the checkpoint.
     *
     * @throws InputError when they differ
     */
    void requireTokenizer(Optional<Tokenizer> restored, Checkpoint checkpoint) {
        Optional<Tokenizer> fitted = files.flatMap(DataFiles::fitted);
        if (files.isPresent() && !fitted.map(Tokenizer::state).equals(restored.map(Tokenizer::state))) {
            throw InputError.of(
                    "checkpoint " + checkpoint.path() + " is of other tokens than those of the run's data",
                    "use the data and the tokenizer that the run began with");
        }
    }

    @Override
    public void close() {
        files.ifPresent(DataFiles::close);
    }
}
