package org.kolotoc.nn;

import java.util.List;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Weights;
import org.kolotoc.tensor.Window2d;

/**
 * A convolution with a square window: {@code [batch, in, height, width]} to {@code [batch, out, ...]}; {@code weight [out, in,
 * side, side]}, {@code bias [out]}.
 */
public record Conv2d(int in, int out, int side, Window2d window, Initializer initializer) implements Layer {
    /**
     * One that keeps height and width, or divides them by a stride.
     *
     * @param side odd
     */
    public static Conv2d of(int in, int out, int side, int stride, Initializer initializer) {
        Window2d window = Window2d.of(stride).padded(side / 2);
        return new Conv2d(in, out, side, window, initializer);
    }

    @Override
    public List<Parameter> parameters() {
        return List.of(
                Parameter.of("weight", initializer, out, in, side, side), Parameter.of("bias", Initializer.ZEROS, out));
    }

    public Tensor apply(Weights weights, Tensor x) {
        return Convolutions.conv2d(x, weights.get("weight"), window)
                .add(weights.get("bias").reshape(1, out, 1, 1));
    }

    /**
     * The same of images twice as high and wide, each element that of {@code x} which is nearest, without making them: {@code
     * [batch, in, height, width]} to {@code [batch, out, 2 height, 2 width]}, see {@link Convolutions#doubled}.
     *
     * @throws IllegalStateException where it does not keep height and width
     */
    public Tensor applyDoubled(Weights weights, Tensor x) {
        if (!window.equals(Window2d.of(1).padded(side / 2)) || side % 2 == 0) {
            throw new IllegalStateException(
                    this + " of doubled images; expected one that keeps height and width, by an odd side and stride 1");
        }
        return Convolutions.doubled(x, weights.get("weight"))
                .add(weights.get("bias").reshape(1, out, 1, 1));
    }
}
