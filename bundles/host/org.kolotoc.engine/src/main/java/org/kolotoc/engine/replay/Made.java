package org.kolotoc.engine.replay;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonParseException;
import com.google.gson.JsonPrimitive;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Seat;
import org.kolotoc.engine.experiment.ExperimentFile;
import org.kolotoc.engine.fill.SeatName;
import org.kolotoc.engine.folder.RunFolder;
import org.kolotoc.engine.folder.Status;
import org.kolotoc.engine.json.Fields;
import org.kolotoc.engine.lease.BundleContent;
import org.kolotoc.engine.lease.LockedSeats;

/**
 * What a run was made with at each of its steps: a run that went on may have been given more steps or other plugins.
 *
 * @param experiment as it is now
 * @param changes of its phases, in the order in which they were made
 */
record Made(Path run, ExperimentFile experiment, List<Change> changes, LockedSeats seats) {
    /** Kinds of seats that no step needs. Plugins of others may fill a part of a phase. */
    private static final Set<String> JUDGING = Set.of(Seat.METRIC, Seat.SAMPLER);

    /**
     * A value of the experiment that was changed.
     *
     * @param step updates that were made before
     * @param was null where there was none
     */
    private record Change(long step, String path, JsonElement was) {
        static Change of(Fields fields) {
            String set = fields.text("set");
            JsonElement was = fields.json().get("was");
            return new Change(
                    fields.count("step"),
                    set.substring(0, Math.max(0, set.indexOf('='))),
                    was instanceof JsonNull ? null : was);
        }
    }

    /** @throws InputError when what the folder says can't be read */
    static Made of(Path run) throws IOException {
        List<Change> changes = new ArrayList<>();
        Path status = run.resolve(Status.FILE);
        try {
            Fields fields = Fields.read(status);
            if (fields.has("changes")) {
                fields.objects("changes").stream().map(Change::of).forEach(changes::add);
            }
        } catch (NoSuchFileException _) {
            // Nothing else depends on it.
        } catch (JsonParseException e) {
            throw InputError.of(status + ": " + e.getMessage(), "put the run's own file there", e);
        }
        // Of other changes no step takes notice.
        changes.removeIf(change -> !change.path().startsWith("phases."));
        return new Made(run, ExperimentFile.read(run.resolve(RunFolder.EXPERIMENT)), changes, LockedSeats.of(run));
    }

    /** Whether the folder says what was changed; nothing was where it does not. */
    boolean knowsChanges() {
        return Files.exists(run.resolve(Status.FILE));
    }

    /** The experiment as far as steps are concerned, as it was for those after {@code step}. */
    ExperimentFile at(long step) {
        ExperimentFile past = experiment.copy();
        changes.reversed().stream()
                .filter(change -> change.step() > step)
                .forEach(change -> past.restore(change.path(), change.was()));
        withoutJudges(past);
        return past;
    }

    /** Leaves what steps alone need. */
    static void withoutJudges(ExperimentFile file) {
        List.of("evaluate", "evaluateEvery", "evaluateAt", "samples", "strict").forEach(file::remove);
        file.set("metrics", new JsonArray());
        file.set("criteria", new JsonArray());
    }

    /** Bundles that filled the seats for the steps after {@code step}. */
    Map<SeatName, BundleContent> seatsAt(long step) {
        Map<SeatName, BundleContent> filled = seats.at(step);
        filled.keySet().removeIf(seat -> JUDGING.contains(seat.kind()));
        return filled;
    }

    /** The first step after {@code step} from which on something else holds. */
    Optional<Long> nextChange(long step) {
        TreeSet<Long> steps = new TreeSet<>(seats.changed());
        changes.forEach(change -> steps.add(change.step()));
        return Optional.ofNullable(steps.higher(step));
    }

    /** The backend it began on, as an experiment names it. */
    Optional<JsonPrimitive> backend() {
        try {
            Fields lock = Fields.read(run.resolve(RunFolder.LOCK));
            return lock.has("backend") ? Optional.of(new JsonPrimitive(lock.text("backend"))) : Optional.empty();
        } catch (IOException | JsonParseException _) {
            return Optional.empty();
        }
    }
}
