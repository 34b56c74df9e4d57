package org.kolotoc.api.text;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Signature;

/**
 * Data that is text, with the dimension {@code vocab}. A target is the token that follows. The weight of a target is 1, or
 * 0 where a row or a position only pads a batch; nothing is padded in {@code train}. Of any other part every token but the
 * first is a target of weight 1 exactly once in a pass.
 */
public interface TextDataset extends Dataset {
    @Override
    default List<Signature.Port> fields() {
        return Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]")
                .outputs();
    }

    /** Targets that belong to other inputs of their row: nothing can be right about them but the frequencies. */
    @Override
    default Map<String, Dataset> controls() {
        return Map.of("shuffled", new ShuffledTargets(this));
    }

    Tokenizer tokenizer();

    /** The whole text of one part. */
    Text text(String split);
}
