package org.kolotoc.api;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a phase or a sampler needs of an experiment, by the names that it uses itself: {@code Needs.none().model("model",
 * "i32 tokens[batch,time] -> f32 logits[batch,time,vocab]").data("i32 tokens[batch,time]")}. The experiment says which of
 * its models and data stand for these names; the engine holds one against the other before anything is computed.
 *
 * @param models what each model has to offer, see {@link Signature#lacks}
 * @param data fields that each batch has to have
 * @param takesOptimizer of a phase: whether an experiment may name the optimiser that it trains with
 * @param taught of a phase: models that say nothing with fresh weights; somebody has to have trained them before
 */
public record Needs(
        Map<String, Signature> models,
        Map<String, List<Signature.Port>> data,
        boolean takesOptimizer,
        Set<String> taught) {
    /** The name of data where there is one. */
    public static final String DATA = "data";

    private static final Needs NONE = new Needs(Map.of(), Map.of(), false, Set.of());

    public Needs {
        models = Collections.unmodifiableMap(new LinkedHashMap<>(models));
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        taught = Collections.unmodifiableSet(new LinkedHashSet<>(taught));
    }

    public static Needs none() {
        return NONE;
    }

    /**
     * Needs one model, which is called {@code model}, and data, which is called {@code data}.
     *
     * @param fields of the data, see {@link #data(String, String)}; any where it is empty
     */
    public static Needs of(String signature, String fields) {
        return NONE.model("model", signature).data(fields);
    }

    /**
     * Needs a model besides.
     *
     * @param formal what it is called here: {@code generator}
     * @param signature as {@link Signature#parse} reads it
     */
    public Needs model(String formal, String signature) {
        Map<String, Signature> more = new LinkedHashMap<>(models);
        more.put(formal, Signature.parse(signature));
        return new Needs(more, data, takesOptimizer, taught);
    }

    /** Needs data besides, which is called {@code data}. */
    public Needs data(String fields) {
        return data(DATA, fields);
    }

    /**
     * Needs data besides.
     *
     * @param formal what it is called here
     * @param fields ports separated by semicolons: {@code i32 tokens[batch,time]; i32 targets[batch,time]}
     */
    public Needs data(String formal, String fields) {
        Map<String, List<Signature.Port>> more = new LinkedHashMap<>(data);
        more.put(formal, Signature.parse("-> " + fields).outputs());
        return new Needs(models, more, takesOptimizer, taught);
    }

    /** Takes an optimiser besides, where the experiment names one: {@link PhaseContext#optimizer}. */
    public Needs optimizer() {
        return new Needs(models, data, true, taught);
    }

    /**
     * Needs a model besides that was trained before this phase begins, by a phase or in another run: whose word it takes.
     *
     * @param formal what it is called here: {@code reward}
     * @param signature as {@link Signature#parse} reads it
     */
    public Needs taught(String formal, String signature) {
        Needs needs = model(formal, signature);
        Set<String> more = new LinkedHashSet<>(taught);
        more.add(formal);
        return new Needs(needs.models, data, takesOptimizer, more);
    }
}
