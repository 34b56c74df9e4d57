package org.kolotoc.api.text;

import java.util.Map;
import org.kolotoc.api.Model;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * A model that reads one text, all of it at once, and writes another: {@code i32 source[batch,from]; bool
 * present[batch,from]?; i32 target[batch,time] -> f32 logits[batch,time,vocab]}, with the limits {@code from} and {@code time}.
 */
@ConsumerType
public interface EncoderDecoder extends Model {
    /** The token that what is written begins with, before any of it was: in training the target's first. */
    int start();

    /**
     * What writes, behind sources that were read once: a language model that goes on from token to token.
     *
     * @param from how long the sources are, what pads included
     */
    IncrementalModel behind(int from);

    /**
     * Traces the reading of sources.
     *
     * @param source {@code i32 [rows, from]}
     * @param present {@code bool [rows, from]}
     * @return the new content of parts of the cache of what is {@link #behind} them, by name
     */
    Map<String, Tensor> read(Weights weights, Tensor source, Tensor present);
}
