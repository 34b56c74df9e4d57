package org.kolotoc.model.gan;

import java.util.stream.Stream;
import org.kolotoc.api.Pass;
import org.kolotoc.nn.SpectralNorm;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Weights of a discriminator, each perhaps divided by its largest singular value, so that a small step in what is looked at
 * never changes much.
 */
record Bounded(boolean spectral) {
    /** Of a layer whose weight is {@code [rows, ...]}. */
    Stream<Parameter> statistics(String layer, int rows) {
        return spectral ? new SpectralNorm(rows).statisticsIn(layer) : Stream.empty();
    }

    Tensor weight(Weights weights, String layer, Pass pass) {
        Weights own = weights.in(layer);
        Tensor weight = own.get("weight");
        if (!spectral) {
            return weight;
        }
        SpectralNorm norm = new SpectralNorm(weight.shape().extent(0));
        return pass.training()
                ? norm.training(own, weight, (name, next) -> pass.keep(layer + "." + name, next))
                : norm.evaluation(own, weight);
    }
}
