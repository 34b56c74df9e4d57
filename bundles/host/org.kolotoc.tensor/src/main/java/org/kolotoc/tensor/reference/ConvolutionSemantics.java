package org.kolotoc.tensor.reference;

import java.util.List;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Window2d;

/**
 * What {@link Op.Conv2d} and its gradients mean: all three walk over the same triples of an image's element, a weight and an
 * element of the result, and add the product of two to the third.
 */
final class ConvolutionSemantics {
    private final Window2d window;
    private final int groups;
    private final Shape images;
    private final Shape weights;
    private final Shape result;

    private ConvolutionSemantics(Window2d window, int groups, Shape images, Shape weights, Shape result) {
        this.window = window;
        this.groups = groups;
        this.images = images;
        this.weights = weights;
        this.result = result;
    }

    /** Takes the places of an element of the images, of the weights and of the result that belong together. */
    @FunctionalInterface
    private interface Triple {
        void at(int image, int weight, int result);
    }

    static double[] of(Tensor node, List<double[]> x) {
        double[] sums = new double[node.shape().size()];
        double[] a = x.get(0);
        double[] b = x.get(1);
        Shape first = node.operand(0).shape();
        Shape second = node.operand(1).shape();
        switch (node.op()) {
            case Op.Conv2d op ->
                new ConvolutionSemantics(op.window(), op.groups(), first, second, node.shape())
                        .walk((i, w, r) -> sums[r] += a[i] * b[w]);
            case Op.Conv2dInputGradient op ->
                new ConvolutionSemantics(op.window(), op.groups(), node.shape(), second, first)
                        .walk((i, w, r) -> sums[i] += a[r] * b[w]);
            case Op.Conv2dWeightGradient op ->
                new ConvolutionSemantics(op.window(), op.groups(), first, node.shape(), second)
                        .walk((i, w, r) -> sums[w] += a[i] * b[r]);
            default -> throw new IllegalStateException(node + " is no convolution");
        }
        return sums;
    }

    private void walk(Triple triple) {
        int channels = weights.extent(1);
        int filters = weights.extent(0) / groups;
        for (int image = 0; image < images.extent(0); image++) {
            for (int filter = 0; filter < weights.extent(0); filter++) {
                for (int channel = 0; channel < channels; channel++) {
                    walk(
                            triple,
                            image * images.extent(1) + filter / filters * channels + channel,
                            filter * channels + channel,
                            image * weights.extent(0) + filter);
                }
            }
        }
    }

    /** @param plane of the images; {@code kernel} and {@code map} are those of the weights and of the result */
    private void walk(Triple triple, int plane, int kernel, int map) {
        for (int row = 0; row < result.extent(2); row++) {
            for (int column = 0; column < result.extent(3); column++) {
                for (int down = 0; down < weights.extent(2); down++) {
                    for (int across = 0; across < weights.extent(3); across++) {
                        int y = seen(window.vertical(), row, down);
                        int x = seen(window.horizontal(), column, across);
                        if (y >= 0 && y < images.extent(2) && x >= 0 && x < images.extent(3)) {
                            triple.at(
                                    (plane * images.extent(2) + y) * images.extent(3) + x,
                                    (kernel * weights.extent(2) + down) * weights.extent(3) + across,
                                    (map * result.extent(2) + row) * result.extent(3) + column);
                        }
                    }
                }
            }
        }
    }

    private static int seen(Window2d.Axis axis, int position, int place) {
        return position * axis.stride() - axis.low() + place * axis.dilation();
    }
}
