package org.kolotoc.engine.prepare;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.InputError;
import org.kolotoc.api.TrainState;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Program;

/**
 * The train state as one plugin sees it: models by its own names for them, and what is its own. Below its name in the
 * experiment it keeps things under that name; below any other, {@code ema}, they are {@code name.ema}.
 *
 * @param name of the plugin in the experiment
 * @param models by the plugin's names
 * @param adaptation of one of them, while a phase goes on
 */
record StateView(LiveState state, String name, Map<String, ModelRef> models, Optional<Adaptation> adaptation)
        implements TrainState {
    /** The name of a tensor or a counter in the train state. */
    String actual(String seen) {
        int slash = seen.indexOf('/');
        if (slash < 0) {
            return owner(seen);
        }
        String owner = seen.substring(0, slash);
        return adaptation(owner)
                .map(adapted -> adapted.actual(seen.substring(slash + 1)))
                .orElseGet(() -> owner(owner) + seen.substring(slash));
    }

    /** What a model of that name is under. */
    private Optional<Adaptation> adaptation(String owner) {
        return adaptation.filter(adapted -> models.containsKey(owner) && adapted.isOf(models.get(owner)));
    }

    /**
     * Refuses a program that changes what stays under an adapter, weights that are kept, or weights that another role has
     * too.
     *
     * @throws InputError naming the role that the experiment gave such weights
     */
    void check(String program, Program traced) {
        traced.updates().keySet().forEach(seen -> {
            int slash = seen.indexOf('/');
            if (slash > 0) {
                requireTrained(program, seen.substring(0, slash));
                requireAlone(program, seen.substring(0, slash));
                adaptation.ifPresent(adapted -> adapted.requireFree(program, actual(seen)));
            }
        });
    }

    private void requireTrained(String program, String formal) {
        ModelRef ref = models.get(formal);
        if (ref != null && ref.frozen()) {
            throw InputError.field(
                    "models" + (models.size() == 1 ? "" : "." + formal),
                    "is \"" + ref + "\", weights that stay as they are, but " + name + " trains its '" + formal
                            + "' (the program '" + program + "' changes them); expected \"" + ref.model() + "\"");
        }
    }

    /** A reference that moves with the policy is none; and of two roles that train, one would undo the other's step. */
    private void requireAlone(String program, String formal) {
        ModelRef ref = models.get(formal);
        models.forEach((other, same) -> {
            if (!other.equals(formal) && same.equals(ref)) {
                throw InputError.field(
                        "models." + other,
                        "is \"" + same + "\", the model that " + name + " trains as its '" + formal + "' (the program '"
                                + program + "' changes it); expected another model, or weights that stay as they are:"
                                + " \"" + same.model() + "@<an earlier phase>\"");
            }
        });
    }

    private String owner(String seen) {
        ModelRef model = models.get(seen);
        return model != null ? model.toString() : seen.equals(name) ? name : name + "." + seen;
    }

    /** An owner of its own. */
    private String own(String seen) {
        if (models.containsKey(seen)) {
            throw new IllegalArgumentException(
                    "'" + seen + "' is a model; expected another name for what is kept besides");
        }
        if (adaptation.filter(adapted -> adapted.keeps(owner(seen))).isPresent()) {
            throw new IllegalArgumentException("'" + seen
                    + "' belongs to a model under an adapter; expected another name for what is kept besides");
        }
        return owner(seen);
    }

    @Override
    public void declare(String owner, List<Parameter> parameters) {
        state.declare(own(owner), parameters);
    }

    @Override
    public void declareWithinStep(String owner, List<Parameter> parameters) {
        state.declareWithinStep(own(owner), parameters);
    }

    @Override
    public void declareScratch(String owner, List<Parameter> parameters) {
        state.declareScratch(own(owner), parameters);
    }

    @Override
    public void releaseScratch(String owner) {
        state.releaseScratch(own(owner));
    }

    @Override
    public void declareCopy(String owner, String of) {
        adaptation(of)
                .ifPresentOrElse(
                        adapted -> adapted.declareCopy(state, own(owner)),
                        () -> state.declareCopy(own(owner), owner(of)));
    }

    @Override
    public Buffer buffer(String tensor) {
        return new BorrowedBuffer(state.buffer(actual(tensor)));
    }

    @Override
    public long counter(String counter) {
        return state.counter(actual(counter));
    }

    @Override
    public void counter(String counter, long value) {
        state.counter(actual(counter), value);
    }
}
