package org.kolotoc.api;

import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Batches addressed by their index, so that any of them can be had again, on any machine.
 *
 * <p>How many rows a batch has decides nothing but where the row of examples is cut: batch {@code i} of size {@code n b} is
 * the batches {@code n i} to {@code n i + n - 1} of size {@code b}, one after the other. In parts that are not for training
 * this holds within a pass, whose last batch may be padded.
 */
@ConsumerType
public interface Batches {
    /** How many batches make one pass over the part, the last one perhaps padded. An index may be larger: passes go on. */
    long count();

    /**
     * Writes one batch.
     *
     * @param feeds buffers by field name, see {@link Dataset#fields}; may be a part of the fields
     * @throws IllegalArgumentException when the data has no such field
     */
    void fill(long index, Map<String, Buffer> feeds);
}
