package org.kolotoc.api.text;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Model;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/** A causal language model that goes on from what it has read: several rows side by side, each at a position of its own. */
@ConsumerType
public interface IncrementalModel extends Model {
    /**
     * What it remembers of the tokens read. The first axis of each tensor is the row, so that rows can change places.
     *
     * @param rows texts side by side
     * @param length most tokens of a row that there ever are, those that pad included
     */
    List<Parameter> cache(int rows, int length);

    /**
     * Traces the reading of more tokens in each row. The first {@code counts[row]} tokens of a row are there, 0 or more; what
     * follows them only pads, whatever it is, and has no influence on anything that is ever seen. A row without a token
     * remembers what it did; its logits are nobody's.
     *
     * @param tokens {@code i32 [rows, time]}
     * @param positions {@code i32 [rows]}, how many tokens of each row were read before; plus time at most the cache's length
     * @param counts {@code i32 [rows]}, how many tokens of each row are there
     * @param cache the leaves of {@link #cache}; a row at position 0 may have anything there
     */
    Extension extend(Weights weights, Tensor tokens, Tensor positions, Tensor counts, Weights cache);

    /**
     * What follows from the tokens read.
     *
     * @param logits {@code [rows, vocab]}, of the token that follows the last of each row
     * @param cache the new content of each tensor of the cache, by name
     */
    record Extension(Tensor logits, Map<String, Tensor> cache) {}

    /**
     * The model itself where it can go on. Any other causal language model of the signature {@code i32 tokens[batch,time] ->
     * f32 logits[batch,time,vocab]} remembers its tokens, and reads all of them again for each one more: slow and simple.
     *
     * @throws InputError when the model is no language model, or reads to both sides: one that can be told which tokens are
     *     {@code bool present[batch,time]} does
     */
    static IncrementalModel of(Model model) {
        return model instanceof IncrementalModel incremental ? incremental : Rereading.of(model);
    }
}
