package org.kolotoc.api.checkpoint;

import java.util.List;
import java.util.Set;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A {@link org.kolotoc.api.ModelFamily} that also reads and writes checkpoints in the Hugging Face layout: a {@code config.json} and
 * tensors by name.
 *
 * @param <S> the family's settings record
 */
@ConsumerType
public interface ForeignFamily<S extends Record> {
    /** The architectures it reads, as {@code model_type} of their configuration names them: {@code gpt2}, {@code llama}. */
    List<String> architectures();

    /**
     * What a checkpoint is here. Fields that ask for what the family does not have are faults of the configuration.
     *
     * @param config of one of the architectures
     * @param tensors the names of the checkpoint's tensors, which also tell with which heads it was saved
     * @throws InputError listing every field at fault
     */
    ForeignModel<S> read(ForeignConfig config, Set<String> tensors);

    /**
     * What a model of these settings is there: {@link #read} of it gives a model with the same parameters, which computes the
     * same.
     *
     * @param data what data stated for it: {@code vocab}
     * @throws InputError listing every setting that no layout of the family's can say
     */
    WrittenModel write(S settings, Dimensions data);
}
