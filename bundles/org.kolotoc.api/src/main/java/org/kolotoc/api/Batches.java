package org.kolotoc.api;

import java.util.Map;
import org.kolotoc.tensor.Buffer;
import org.osgi.annotation.versioning.ConsumerType;

/** Batches addressed by their index, so that any of them can be had again, on any machine. */
@ConsumerType
public interface Batches {
    /** How many batches make one pass over the part. An index may be larger: the passes go on. */
    long count();

    /**
     * Writes one batch. A language data set knows {@code tokens} and {@code targets}, both {@code i32 [batch, time]};
     * a target is the token that follows.
     *
     * @param feeds buffers by field name; may be a part of the fields
     * @throws IllegalArgumentException when the data has no such field
     */
    void fill(long index, Map<String, Buffer> feeds);
}
