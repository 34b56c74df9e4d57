package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Tensor;

/**
 * Gradients shortened together so that their common length stays below a limit (Pascanu et al. 2013).
 *
 * @param norm scalar, the length before
 */
public record Clipping(List<Tensor> gradients, Tensor norm) {
    /** Against a division by zero. */
    private static final double TINY = 1e-6;

    /**
     * Clips by the global Euclidean norm.
     *
     * @param limit the longest allowed; 0 leaves the gradients as they are
     */
    public static Clipping globalNorm(List<Tensor> gradients, double limit) {
        Tensor squares = gradients.stream()
                .map(gradient -> gradient.mul(gradient).sum())
                .reduce(Tensor::add)
                .orElseThrow(() -> new IllegalArgumentException("clipping: there are no gradients"));
        Tensor norm = squares.sqrt();
        if (limit == 0) {
            return new Clipping(List.copyOf(gradients), norm);
        }
        Tensor factor = norm.constant(limit).div(norm.add(TINY)).minimum(1);
        return new Clipping(
                gradients.stream().map(gradient -> gradient.mul(factor)).toList(), norm);
    }
}
