package org.kolotoc.api.text;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Model;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/** A causal language model that can go on from what it has read, one token at a time. */
@ConsumerType
public interface IncrementalModel extends Model {
    /** What it remembers of the tokens read, for so many sequences side by side. */
    List<Parameter> cache(int batch);

    /**
     * Traces the reading of one more token.
     *
     * @param tokens {@code i32 [batch, 1]}
     * @param position {@code i32} scalar, how many tokens were read before
     * @param cache the leaves of {@link #cache}
     */
    Extension extend(Weights weights, Tensor tokens, Tensor position, Weights cache);

    /**
     * What follows from one more token.
     *
     * @param logits {@code [batch, 1, vocab]}
     * @param cache the new content of each tensor of the cache, by name
     */
    record Extension(Tensor logits, Map<String, Tensor> cache) {}
}
