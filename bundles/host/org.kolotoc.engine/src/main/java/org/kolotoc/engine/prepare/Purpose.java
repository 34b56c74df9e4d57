package org.kolotoc.engine.prepare;

import com.google.gson.JsonArray;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.kolotoc.api.Dimensions;
import org.kolotoc.engine.check.Wirings;
import org.kolotoc.engine.data.LockedData;
import org.kolotoc.engine.event.Client;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.experiment.Problems;
import org.kolotoc.engine.fill.Leases;
import org.kolotoc.engine.fill.Seating;
import org.kolotoc.engine.fill.Seats;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.open.Options;
import org.kolotoc.engine.state.Snapshot;

/**
 * What the models of a checkpoint are wanted for: to draw, without data; or to be judged, with the data and the judges of the
 * run.
 *
 * @param check of the samplers
 * @param borrowed models of other runs, by the names they have here
 */
record Purpose(Check check, boolean judged, Map<String, Borrowed> borrowed) {
    /** Finds what keeps a sampler from what is wanted of it. */
    @FunctionalInterface
    interface Check {
        void of(Drawing drawing, int place, Problems problems);
    }

    static Purpose drawing(Check check) {
        return new Purpose(check, false, Map.of());
    }

    static Purpose judging(Map<String, Borrowed> borrowed) {
        return new Purpose(Drawing::check, true, borrowed);
    }

    /** Takes what is not wanted out of an experiment. */
    void change(ExperimentFile file) {
        if (!judged) {
            file.set("metrics", new JsonArray());
        }
    }

    /** What fills the seats that are needed for it. */
    Leases leases(Workshop workshop, Path run, Options options, Client client) {
        Leases own = judged ? workshop.judges(run, options, client) : workshop.samplers(run, options, client);
        for (Borrowed other : borrowed.values()) {
            own = own.and(workshop.modelsBeside(run, other.run(), options, client));
        }
        return own;
    }

    Environment environment(
            Workshop workshop,
            ExperimentFile file,
            Path run,
            Options options,
            Leases leases,
            Client client,
            RunLedger ledger) {
        return workshop.environment(
                file,
                options,
                leases,
                judged ? Optional.of(LockedData.of(run.resolve(RunFolder.LOCK))) : Optional.empty(),
                client,
                ledger);
    }

    Seating seating(Experiment experiment, Seats seats, Problems problems) {
        return judged ? Seating.ofJudged(experiment, seats, problems) : Seating.ofSamples(experiment, seats, problems);
    }

    Wirings wirings(Experiment experiment, Seating seating, Problems problems) {
        return judged
                ? Wirings.ofJudged(experiment, seating, problems)
                : Wirings.ofSamples(experiment, seating, problems);
    }

    /** What a model is sized by: a borrowed one by what its own run knew. */
    Dimensions dimensions(String model, Map<String, Integer> extents) {
        return Optional.ofNullable(borrowed.get(model))
                .map(Borrowed::dimensions)
                .orElseGet(() -> new Dimensions(extents));
    }

    /** @throws org.kolotoc.api.InputError when some of it can't be opened, or is not what the run began with */
    OpenData data(Experiment experiment, Seating seating, Environment environment, Problems problems) {
        return judged ? OpenData.of(experiment, seating, environment, problems) : OpenData.none();
    }

    /** A state with borrowed weights in it. */
    Snapshot lent(Snapshot own) {
        Map<String, Snapshot.Entry> all = new TreeMap<>(own.tensors());
        borrowed.forEach((name, other) -> {
            all.keySet().removeIf(tensor -> tensor.startsWith(name + "/"));
            other.tensors().forEach((tensor, entry) -> all.put(name + "/" + tensor, entry));
        });
        return new Snapshot(all, own.counters());
    }
}
