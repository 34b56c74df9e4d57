package org.kolotoc.model.gan;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.Embedding;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * The classes that a model is told of, a row of numbers for each.
 *
 * @param count of them; 0 for none
 * @param width of a row
 */
record Classes(int count, int width) {
    private static final String NAME = "label";

    /** Those of the data, if the model is to be told them. */
    static Classes of(boolean labels, Dimensions data, int width) {
        return new Classes(labels ? data.classes() : 0, width);
    }

    private Embedding rows() {
        return new Embedding(count, width, new Initializer.Normal(1 / Math.sqrt(width)));
    }

    Stream<Parameter> parameters() {
        return count == 0 ? Stream.empty() : rows().in(NAME);
    }

    /** Of the rows as a weight, where {@link #projected} is told the same. */
    Stream<Parameter> statistics(Bounded bounded) {
        return count == 0 ? Stream.empty() : bounded.statistics(NAME, count);
    }

    /** How many numbers {@link #beside} adds to each row. */
    int added() {
        return count == 0 ? 0 : width;
    }

    /** {@code [batch, n]} to {@code [batch, n + width]}: the row of its class behind each (Mirza and Osindero, arXiv:1411.1784). */
    Tensor beside(Weights weights, Tensor x, Tensor label) {
        return count == 0 ? x : Tensor.concat(1, List.of(x, rows().apply(weights.in(NAME), label)));
    }

    /**
     * {@code [batch]} and more where features are like the row of their class (Miyato and Koyama, arXiv:1802.05637).
     *
     * @param features {@code [batch, width]}
     * @param bounded how far the rows may change it
     */
    Tensor projected(Weights weights, Tensor logit, Tensor features, Tensor label, Bounded bounded, Pass pass) {
        if (count == 0) {
            return logit;
        }
        Tensor row = bounded.weight(weights, NAME, pass).gather(label);
        return logit.add(features.mul(row).sum(1));
    }
}
