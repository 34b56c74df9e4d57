package org.kolotoc.engine.prepare;

import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Model;
import org.kolotoc.api.text.Tokenizer;
import org.kolotoc.engine.ledger.RunLedger;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.tensor.Backend;

/**
 * What all plugins of a run stand on.
 *
 * @param models by their names in the experiment, as the state
 * @param data by its name in the experiment
 * @param tokenizer of the experiment, or an error that says that there is none
 * @param seed of the run
 * @param ledger of the run
 */
record Floor(
        Backend backend,
        LiveState state,
        Map<String, Model> models,
        Function<String, Dataset> data,
        Supplier<Tokenizer> tokenizer,
        long seed,
        RunLedger ledger) {
    /** The same over other data. */
    Floor over(Function<String, Dataset> others) {
        return new Floor(backend, state, models, others, tokenizer, seed, ledger);
    }
}
