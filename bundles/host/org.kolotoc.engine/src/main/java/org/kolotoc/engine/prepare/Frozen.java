package org.kolotoc.engine.prepare;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.engine.experiment.Experiment;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.experiment.Printable;
import org.kolotoc.engine.experiment.Timeline;
import org.kolotoc.engine.open.Past;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Snapshot;

/**
 * Weights as they were at ends of phases, {@code policy@finetune}. They are on the device once; on disk they are those of
 * the checkpoint at that end, to which others refer by hash.
 */
final class Frozen {
    private final LiveState state;
    private final Timeline timeline;
    private final Set<ModelRef> wanted;
    private final Map<String, String> hashes = new TreeMap<>();

    /** @param wanted whoever is referred to */
    Frozen(LiveState state, Timeline timeline, Stream<ModelRef> wanted) {
        this.state = state;
        this.timeline = timeline;
        this.wanted = new TreeSet<>((a, b) -> a.toString().compareTo(b.toString()));
        wanted.filter(ModelRef::frozen).forEach(this.wanted::add);
    }

    /** Those that phases of an experiment begin with. */
    static Stream<ModelRef> starts(Experiment experiment) {
        return experiment.phases().stream()
                .flatMap(phase -> phase.start().values().stream())
                .map(ModelRef::of);
    }

    void declare(Map<String, Model> models) {
        wanted.forEach(ref ->
                state.declareFrozen(ref.toString(), models.get(ref.model()).states()));
    }

    /** Keeps what is wanted of a phase that ends now. */
    void end(String phase) {
        for (ModelRef ref : wanted) {
            if (ref.phase().equals(phase)) {
                state.copy(ref.toString(), ref.model());
                hashes.put(ref.toString(), hash(state.tensors(ref.toString())));
            }
        }
    }

    /**
     * Takes those of phases that ended before a run was stopped from the checkpoints at these ends.
     *
     * @throws InputError when one is not there any more, or not what it was
     */
    void restore(Past past) {
        for (ModelRef ref : wanted) {
            long end = timeline.end(timeline.place(ref.phase()));
            if (past.isOver(end)) {
                Snapshot then = end == past.step() ? past.snapshot() : past.at().apply(end);
                Map<String, Snapshot.Entry> tensors = then.of(ref.model());
                String hash = hash(tensors);
                String expected = past.frozen().getOrDefault(ref.toString(), hash);
                if (!hash.equals(expected)) {
                    throw InputError.of(
                            "the weights " + ref + " are not what they were: the checkpoint of step " + end
                                    + " has SHA-256 " + hash + ", expected " + expected,
                            "put that checkpoint back as it was, or go on from it: --from " + end);
                }
                state.fill(ref.toString(), tensors);
                hashes.put(ref.toString(), hash);
            }
        }
    }

    /** Takes over what another kept by now, whose state this one's is in the place of. */
    void goOn(Frozen other) {
        hashes.putAll(other.hashes);
    }

    private static String hash(Map<String, Snapshot.Entry> tensors) {
        try {
            return Snapshot.hash(tensors);
        } catch (IOException e) {
            throw InputError.of(
                    "a checkpoint can't be read any more: " + Printable.reason(e),
                    "see that nothing changes or removes it, then run the command again",
                    e);
        }
    }

    /** Hashes of all that are kept now, for a checkpoint; empty where there are none. */
    JsonObject json() {
        JsonObject json = new JsonObject();
        hashes.forEach(json::addProperty);
        return json;
    }

    /** Steps whose checkpoints have to stay. */
    Set<Long> steps() {
        Set<Long> steps = new TreeSet<>();
        wanted.forEach(ref -> steps.add(timeline.end(timeline.place(ref.phase()))));
        return steps;
    }
}
