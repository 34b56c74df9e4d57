package org.kolotoc.api.checkpoint;

import java.util.function.Predicate;
import org.kolotoc.api.Dimensions;
import org.kolotoc.tensor.Parameter;

/**
 * A model of another library as a family has it.
 *
 * @param settings of the family
 * @param data what data would state for it: {@code vocab}
 * @param layout where its parameters lie
 * @param surplus names of tensors that may be there and hold nothing that was learned, such as a causal mask or a second copy
 */
public record ForeignModel<S extends Record>(S settings, Dimensions data, Layout layout, Predicate<String> surplus) {
    /** Where the parameters of a model lie in a checkpoint; a function of the parameter alone, so that it reads and writes. */
    @FunctionalInterface
    public interface Layout {
        /** @throws IllegalArgumentException when the model has no such parameter */
        StoredTensor of(Parameter parameter);
    }
}
