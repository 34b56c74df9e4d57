package org.kolotoc.api.checkpoint;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link org.kolotoc.api.text.TokenizerFamily} whose tokenizers lie beside checkpoints in the Hugging Face layout, as files
 * that it reads or writes.
 *
 * @param <S> the family's settings record
 */
@ConsumerType
public interface ForeignTokenizers<S extends Record> {
    /** What reads files of these names, all of which have to be there; nothing where the family only writes. */
    Optional<Files<S>> reads();

    /**
     * The files of a tokenizer.
     *
     * @param state of one of this family's, see {@link org.kolotoc.api.text.Tokenizer#state}
     * @return contents by name; whoever reads them gets the same tokens of every text
     * @throws org.kolotoc.api.InputError when the layout has no form for it
     */
    Map<String, byte[]> write(String state);

    /**
     * Files, and settings that read them by these names.
     *
     * @param names of several families whose files are all there, the one with the fewest is taken: what came later needs fewer
     */
    record Files<S extends Record>(List<String> names, S settings) {}
}
