package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.kolotoc.nn.GroupNorm;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.Pooling;
import org.kolotoc.tensor.Resizing;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Window2d;

/** What a golden's operation on images is here. */
final class ImageGoldens {
    private ImageGoldens() {}

    static Tensor convolution(LayerGoldensTest.Call c) {
        Window2d window = window(c, c.pair("dilation"));
        return biased(c, Convolutions.conv2d(c.x("x"), c.x("weight"), window, (int) c.number("groups")));
    }

    static Tensor transposed(LayerGoldensTest.Call c) {
        Window2d window = window(c, c.pair("dilation"));
        int[] further = c.pair("output_padding");
        int groups = (int) c.number("groups");
        return biased(c, Convolutions.transposed(c.x("x"), c.x("weight"), window, groups, further[0], further[1]));
    }

    static Tensor maximum(LayerGoldensTest.Call c) {
        int[] kernel = c.pair("kernel");
        return Pooling.max(c.x("x"), kernel[0], kernel[1], window(c, 1, 1));
    }

    static Tensor average(LayerGoldensTest.Call c) {
        int[] kernel = c.pair("kernel");
        boolean padding = c.attributes().get("count_include_pad").getAsBoolean();
        return Pooling.average(c.x("x"), kernel[0], kernel[1], window(c, 1, 1), padding);
    }

    static Tensor nearest(LayerGoldensTest.Call c) {
        return Resizing.nearest(c.x("x"), c.pair("size")[0], c.pair("size")[1]);
    }

    static Tensor bilinear(LayerGoldensTest.Call c) {
        boolean corners = c.attributes().get("align_corners").getAsBoolean();
        return Resizing.bilinear(c.x("x"), c.pair("size")[0], c.pair("size")[1], corners);
    }

    static Tensor groups(LayerGoldensTest.Call c) {
        int channels = c.x("x").shape().extent(1);
        return new GroupNorm((int) c.number("groups"), channels, c.number("eps")).apply(c::x, c.x("x"));
    }

    static Tensor instance(LayerGoldensTest.Call c) {
        assertEquals(GroupNorm.instance(1).epsilon(), c.number("eps"));
        return GroupNorm.instance(c.x("x").shape().extent(1)).apply(c::x, c.x("x"));
    }

    private static Tensor biased(LayerGoldensTest.Call c, Tensor y) {
        return y.add(c.x("bias").reshape(Shape.of(c.x("bias").shape().size(), 1, 1)));
    }

    private static Window2d window(LayerGoldensTest.Call c, int... dilation) {
        int[] stride = c.pair("stride");
        int[] padding = c.pair("padding");
        return new Window2d(
                new Window2d.Axis(stride[0], padding[0], padding[0], dilation[0]),
                new Window2d.Axis(stride[1], padding[1], padding[1], dilation[1]));
    }
}
