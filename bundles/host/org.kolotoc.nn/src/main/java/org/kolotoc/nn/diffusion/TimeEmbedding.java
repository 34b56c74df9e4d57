package org.kolotoc.nn.diffusion;

import java.util.List;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * A time as waves of falling frequency, {@code sin(t 10000^(-i / half))} before the cosines of the same (Vaswani et al.,
 * arXiv:1706.03762; Ho et al., arXiv:2006.11239, appendix B). It has no parameters.
 *
 * @param width even: as many sines as cosines
 */
public record TimeEmbedding(int width) {
    private static final double LONGEST = 10_000;

    /**
     * Checks the width.
     *
     * @throws IllegalArgumentException when it is odd, or not positive
     */
    public TimeEmbedding {
        if (width < 2 || width % 2 != 0) {
            throw new IllegalArgumentException(
                    "a time embedding of width " + width + "; expected an even one, at least 2");
        }
    }

    /** {@code [batch]} to {@code [batch, width]}. */
    public Tensor apply(Tensor time) {
        int half = width / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = (float) StrictMath.pow(LONGEST, -i / (double) half);
        }
        Tensor angles = time.cast(DType.F32).reshape(-1, 1).mul(time.tracer().constant(frequencies, Shape.of(1, half)));
        return Tensor.concat(1, List.of(angles.sin(), angles.cos()));
    }
}
