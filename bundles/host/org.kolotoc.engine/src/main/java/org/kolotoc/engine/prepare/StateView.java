package org.kolotoc.engine.prepare;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.TrainState;
import org.kolotoc.engine.experiment.ModelRef;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.Parameter;

/**
 * The train state as one plugin sees it: models by its own names for them, and what is its own. Below its name in the
 * experiment it keeps things under that name; below any other, {@code ema}, they are {@code name.ema}.
 *
 * @param name of the plugin in the experiment
 * @param models by the plugin's names
 */
record StateView(LiveState state, String name, Map<String, ModelRef> models) implements TrainState {
    /** The name of a tensor or a counter in the train state. */
    String actual(String seen) {
        int slash = seen.indexOf('/');
        return slash < 0 ? owner(seen) : owner(seen.substring(0, slash)) + seen.substring(slash);
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
        state.declareCopy(own(owner), owner(of));
    }

    @Override
    public Buffer buffer(String tensor) {
        return state.buffer(actual(tensor));
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
