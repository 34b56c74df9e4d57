package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/**
 * Rotary positions (Su et al., arXiv:2104.09864): pair {@code i} of a head's elements is turned by the angle {@code position
 * base^(-2 i / width)}, so that a query and a key meet as far apart as their positions are. It has no parameters.
 *
 * @param width of a head, even
 * @param base of the wave lengths, 10000 in the paper
 * @param interleaved whether pairs are elements {@code 2 i} and {@code 2 i + 1} as in the paper, else {@code i} and {@code i +
 *     width / 2} as in Llama
 */
public record Rotary(int width, double base, boolean interleaved) {
    public Rotary {
        if (width % 2 != 0) {
            throw new IllegalArgumentException("rotary positions turn pairs, but a head is " + width + " wide");
        }
    }

    /** Queries and keys of the same tokens, turned; values stay. */
    public Attention.Projection apply(Attention.Projection read, Tensor positions) {
        return new Attention.Projection(apply(read.queries(), positions), apply(read.keys(), positions), read.values());
    }

    /**
     * Turns {@code [batch, heads, time, width]}.
     *
     * @param positions {@code i32 [time]}, or {@code [batch, time]} where each row has its own
     */
    public Tensor apply(Tensor x, Tensor positions) {
        Tensor angles = angles(positions);
        Tensor cos = angles.cos();
        Tensor sin = angles.sin();
        int half = width / 2;
        Shape shape = x.shape();
        Shape pair = Shape.of(shape.extent(0), shape.extent(1), shape.extent(2), half);
        // Pairs lie along the axis of these parts.
        int axis = interleaved ? 4 : 3;
        int[] one = interleaved ? new int[] {pair.extent(0), pair.extent(1), pair.extent(2), half, 1} : pair.extents();
        int step = interleaved ? 1 : half;
        Tensor parts = interleaved ? x.reshape(pair.extent(0), pair.extent(1), pair.extent(2), half, 2) : x;
        Tensor first = parts.slice(axis, 0, step).reshape(pair);
        Tensor second = parts.slice(axis, step, 2 * step).reshape(pair);
        Tensor turned = first.mul(cos).sub(second.mul(sin));
        Tensor other = second.mul(cos).add(first.mul(sin));
        return Tensor.concat(axis, List.of(turned.reshape(one), other.reshape(one)))
                .reshape(shape);
    }

    /** {@code [1 or batch, 1, time, width / 2]}. */
    private Tensor angles(Tensor positions) {
        int half = width / 2;
        float[] frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            frequencies[i] = (float) Math.pow(base, -2.0 * i / width);
        }
        Shape shape = positions.shape();
        int rows = shape.rank() == 1 ? 1 : shape.extent(0);
        return positions
                .cast(DType.F32)
                .reshape(rows, 1, shape.extent(-1), 1)
                .mul(positions.tracer().constant(frequencies, Shape.of(half)));
    }
}
