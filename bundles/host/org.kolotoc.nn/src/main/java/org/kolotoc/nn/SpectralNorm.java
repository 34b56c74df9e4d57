package org.kolotoc.nn;

import java.util.List;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;

/**
 * Spectral normalisation (Miyato et al., arXiv:1802.05957): a weight, as a matrix of {@code rows}, divided by its largest
 * singular value, which a power iteration of one step a use comes near to. Where the iteration is, is a statistic:
 *
 * <pre>
 * v         = W' direction                     norm |v| is the singular value
 * direction = W v / |W v|                      after a use in training, where W v is not 0
 * </pre>
 *
 * <p>So a use in training and any other compute the same, and the derivative by {@code W} is that of the paper, {@code u v'}.
 *
 * @param rows first extent of the weight
 */
public record SpectralNorm(int rows) {
    private static final String DIRECTION = "direction";

    /** Below it a squared norm is none: weights of zeros stay zeros. */
    private static final double LEAST = 1e-12;

    /** What {@link #length} is of zeros, and a little more. */
    private static final double NONE = 2e-6;

    /** {@code direction [rows]}, of any length. */
    public List<Parameter> statistics() {
        return List.of(Parameter.of(DIRECTION, new Initializer.Normal(1), rows));
    }

    /** The statistics named {@code name.statistic}. */
    public Stream<Parameter> statisticsIn(String name) {
        return statistics().stream().map(statistic -> statistic.in(name));
    }

    /**
     * The weight by its singular value, of its shape.
     *
     * @param statistics leaves of the statistics
     * @param weight {@code [rows, ...]}
     */
    public Tensor evaluation(Weights statistics, Tensor weight) {
        return weight.div(length(image(statistics, matrix(weight))));
    }

    /**
     * The same, and a step of the iteration.
     *
     * @param keep told the statistic by its name, and what it is after this use
     */
    public Tensor training(Weights statistics, Tensor weight, BiConsumer<String, Tensor> keep) {
        Tensor matrix = matrix(weight);
        Tensor image = image(statistics, matrix);
        Tensor length = length(image);
        Tensor next = image.div(length).matmul(matrix.matrixTranspose());
        Tensor far = length(next);
        // Of a weight of zeros no direction comes: it goes on from where it is when there is one again.
        Tensor none = far.le(far.constant(NONE)).broadcast(next.shape());
        keep.accept(
                DIRECTION,
                none.select(unit(direction(statistics)), next.div(far)).reshape(rows));
        return weight.div(length);
    }

    private Tensor matrix(Tensor weight) {
        return weight.reshape(rows, -1);
    }

    /** {@code [1, columns]}: what the transposed matrix makes of the direction. */
    private Tensor image(Weights statistics, Tensor matrix) {
        return unit(direction(statistics)).matmul(matrix);
    }

    private Tensor direction(Weights statistics) {
        return statistics.get(DIRECTION).reshape(1, rows);
    }

    private static Tensor unit(Tensor x) {
        return x.div(length(x));
    }

    private static Tensor length(Tensor x) {
        return x.mul(x).sum().add(LEAST).sqrt();
    }
}
