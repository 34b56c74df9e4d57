package org.kolotoc.api.text;

import java.nio.file.Path;
import org.kolotoc.api.Ledger;
import org.osgi.annotation.versioning.ProviderType;

/** What whoever makes a tokenizer is given besides its settings and a text. */
@ProviderType
@FunctionalInterface
public interface TokenizerContext {
    /**
     * A file that the settings name. Only what is asked for here is in the run's lock, and the same when the run goes on.
     *
     * @param path as the experiment has it: an absolute one is taken as it is, any other counts from the folder of the
     *     experiment, then from each data folder
     * @throws org.kolotoc.api.InputError when it is nowhere, or not what the run began with
     */
    Path file(String path);

    /**
     * For people who wait: how far the learning is; the reading of the text tells by itself.
     *
     * @param what is done, as {@code learning pairs}
     * @throws org.kolotoc.api.Stopped when somebody wants to stop
     */
    default void reached(String what, long done, long all) {}

    /** Where is said what is done in another way than the settings say. */
    default Ledger ledger() {
        return Ledger.NONE;
    }
}
