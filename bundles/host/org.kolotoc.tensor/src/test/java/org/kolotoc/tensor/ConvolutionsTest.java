package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Convolution, pooling and other sizes of images by numbers that a reader can check. */
class ConvolutionsTest {
    private final Tracer trace = new Tracer();

    private Tensor literal(Shape shape, double... elements) {
        float[] values = new float[elements.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) elements[i];
        }
        return trace.constant(values, shape);
    }

    /** 1, 2, 3, ... */
    private Tensor counting(int... extents) {
        float[] values = new float[Shape.of(extents).size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = i + 1;
        }
        return trace.constant(values, Shape.of(extents));
    }

    private void gives(Tensor value, double... expected) {
        trace.output("value" + value.id(), value);
        Program program = trace.program();
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        program.outputs().forEach((name, node) -> buffers.put(name, backend.allocate(node.dtype(), node.shape())));
        backend.compile(program).bind(buffers).run();
        assertArrayEquals(expected, ReferenceBackend.elements(buffers.get("value" + value.id())), 1e-6);
    }

    private static void refused(String what, Function<Tracer, Tensor> wrong) {
        String message =
                assertThrows(ShapeError.class, () -> wrong.apply(new Tracer())).getMessage();
        assertTrue(message.contains(what), message);
    }

    private static Tensor feed(Tracer t, int... extents) {
        return t.feed("x" + Shape.of(extents), DType.F32, Shape.of(extents));
    }

    @Test
    void aKernelIsNotTurned() {
        Tensor kernel = literal(Shape.of(1, 1, 2, 2), 1, 10, 100, 1000);
        gives(Convolutions.conv2d(counting(1, 1, 3, 3), kernel, Window2d.of(1)), 5421, 6532, 8754, 9865);
    }

    @Test
    void whatFillsNoWindowIsLeftOutAndPaddingIsZero() {
        Tensor ones = literal(Shape.of(1, 1, 2, 2), 1, 1, 1, 1.5);
        Window2d window = Window2d.of(2).padded(1, 0, 0, 0);
        // Rows -1 and 0, then 1 and 2; columns 0 and 1, the third is left over.
        gives(Convolutions.conv2d(counting(1, 1, 3, 3), ones, window), 1 + 3, 4 + 5 + 7 + 12);
    }

    /** Each element meets the sum of the places that see it or its copies; the rest of a window at the edge is zero. */
    @Test
    void aDoubledImageIsNeverMade() {
        for (int side : new int[] {1, 3, 5}) {
            Tensor images = counting(2, 2, 3, 2);
            float[] weights = new float[3 * 2 * side * side];
            for (int i = 0; i < weights.length; i++) {
                weights[i] = i * 7 % 11 - 4;
            }
            Tensor kernels = trace.constant(weights, Shape.of(3, 2, side, side));
            Tensor made = Convolutions.conv2d(
                    Resizing.nearest(images, 6, 4), kernels, Window2d.of(1).padded(side / 2));
            gives(
                    Convolutions.doubled(images, kernels).sub(made),
                    new double[made.shape().size()]);
            gives(made.mul(made).sum().minimum(1).reshape(1), 1);
        }
        refused("odd side", t -> Convolutions.doubled(feed(t, 1, 2, 3, 3), feed(t, 2, 2, 4, 4)));
    }

    @Test
    void filtersReadTheChannelsOfTheirGroup() {
        Tensor images = literal(Shape.of(1, 4, 1, 1), 1, 2, 3, 4);
        Tensor weights = literal(Shape.of(2, 2, 1, 1), 1, 10, 100, 1000);
        gives(Convolutions.conv2d(images, weights, Window2d.of(1), 2), 21, 4300);
    }

    @Test
    void placesAreApartWhenDilated() {
        Tensor kernel = literal(Shape.of(1, 1, 1, 2), 1, 10);
        gives(Convolutions.conv2d(counting(1, 1, 1, 4), kernel, Window2d.of(1).dilated(2)), 31, 42);
    }

    @Test
    void aTransposedConvolutionSpreadsEachElement() {
        Tensor x = literal(Shape.of(1, 1, 1, 2), 1, 2);
        Tensor kernel = literal(Shape.of(1, 1, 1, 3), 1, 10, 100);
        gives(Convolutions.transposed(x, kernel, Window2d.of(2)), 1, 10, 102, 20, 200);
        Window2d cut = Window2d.of(2).padded(0, 0, 1, 1);
        gives(Convolutions.transposed(x, kernel, cut), 10, 102, 20);
        gives(Convolutions.transposed(x, kernel, cut, 1, 0, 1), 10, 102, 20, 200);
    }

    /** The doubled size of a generator: 4 x 4, stride 2, padding 1. */
    @Test
    void aTransposedConvolutionDoublesImages() {
        Tensor x = feed(trace, 2, 3, 7, 5);
        Tensor weights = feed(trace, 3, 8, 4, 4);
        assertEquals(
                Shape.of(2, 8, 14, 10),
                Convolutions.transposed(x, weights, Window2d.of(2).padded(1)).shape());
    }

    @Test
    void derivativesOfDerivativesAreAmongTheThree() {
        Tensor x = feed(trace, 2, 3, 6, 6);
        Tensor weights = feed(trace, 4, 3, 3, 3);
        Tensor y = Convolutions.conv2d(x, weights, Window2d.of(2).padded(1));
        Tensor cotangent = trace.feed("g", DType.F32, y.shape());
        Tensor gradient = Gradients.vjp(y, cotangent, List.of(x)).getFirst();
        Tensor penalty = gradient.mul(gradient).sum();
        List<Tensor> second = Gradients.of(penalty, List.of(weights, cotangent));
        assertEquals("conv2d_weight_gradient", second.get(0).op().label());
        assertEquals("conv2d", second.get(1).op().label());
    }

    @Test
    void whatDoesNotFitIsToldWithWhatWould() {
        refused(
                "conv2d: 3 groups do not divide 4 channels and 8 filters; these do: 1, 2, 4",
                t -> Convolutions.conv2d(feed(t, 1, 4, 5, 5), feed(t, 8, 1, 3, 3), Window2d.of(1), 3));
        refused(
                "conv2d: weights [8, 3, 3, 3] read 3 channels, images [1, 4, 5, 5] have 4; weights [8, 4, 3, 3] fit",
                t -> Convolutions.conv2d(feed(t, 1, 4, 5, 5), feed(t, 8, 3, 3, 3), Window2d.of(1)));
        refused(
                "a kernel of height 3, 5 with dilation 2, is larger than the images' 2, 4 with padding 1 and 1; 1 more"
                        + " padding, or a kernel of at most 2, fits",
                t -> Convolutions.conv2d(
                        feed(t, 1, 1, 2, 9),
                        feed(t, 1, 1, 3, 3),
                        Window2d.of(1).padded(1).dilated(2)));
        refused(
                "conv2d: takes images [batch, channels, height, width]",
                t -> Convolutions.conv2d(feed(t, 4, 5, 5), feed(t, 8, 3, 3, 3), Window2d.of(1)));
        refused(
                "images of height 9 have 5 windows of 1, not 4; a height of 7 to 8 has",
                t -> Nodes.append(
                        new Op.Conv2dInputGradient(Window2d.of(2), 1, 9, 7), feed(t, 1, 1, 4, 4), feed(t, 1, 1, 1, 1)));
        refused(
                "a batch of 2 in [2, 1, 4, 4] is none of 1",
                t -> Nodes.append(
                        new Op.Conv2dWeightGradient(Window2d.of(1), 1, 1, 1),
                        feed(t, 2, 1, 4, 4),
                        feed(t, 1, 1, 4, 4)));
        refused(
                "output padding 2 with stride 2; it is from 0 to 1",
                t -> Convolutions.transposed(feed(t, 1, 1, 4, 4), feed(t, 1, 1, 3, 3), Window2d.of(2), 1, 2, 0));
        refused(
                "becomes -3 elements",
                t -> Convolutions.transposed(
                        feed(t, 1, 1, 1, 1), feed(t, 1, 1, 1, 1), Window2d.of(1).padded(2)));
        refused(
                "with padding 2 and 2 some windows of 2 elements see padding alone; at most 1 leaves none",
                t -> Pooling.max(feed(t, 1, 1, 4, 4), 2, 2, Window2d.of(2).padded(2)));
        refused(
                "max pooling over the height: windows of 5 places, 5 elements, do not fit 4",
                t -> Pooling.max(feed(t, 1, 1, 4, 4), 5, 2, Window2d.of(2)));
        String message = assertThrows(IllegalArgumentException.class, () -> Window2d.of(0))
                .getMessage();
        assertTrue(message.contains("stride 0"), message);
    }

    @Test
    void poolsTakeTheLargestOrTheMean() {
        Tensor x = counting(1, 1, 3, 5);
        gives(Pooling.max(x, 2, 2, Window2d.of(2)), 7, 9);
        gives(Pooling.average(x, 2, 2, Window2d.of(2), true), 4, 6);
        gives(Pooling.max(x.neg(), 2, 2, Window2d.of(2).padded(1)), -1, -2, -4, -6, -7, -9);
        gives(Pooling.average(x, 2, 2, Window2d.of(2).padded(1), true), 0.25, 1.25, 2.25, 4.25, 10, 12);
        gives(Pooling.average(x, 2, 2, Window2d.of(2).padded(1), false), 1, 2.5, 4.5, 8.5, 10, 12);
        gives(Pooling.max(x, 2, 3, Window2d.of(1).dilated(2)), 15);
    }

    @Test
    void imagesGrowAndShrink() {
        Tensor x = counting(1, 1, 2, 2);
        gives(Resizing.nearest(x, 2, 4), 1, 1, 2, 2, 3, 3, 4, 4);
        gives(Resizing.nearest(x, 3, 1), 1, 1, 3);
        gives(Resizing.nearest(counting(1, 1, 1, 5), 1, 3), 1, 2, 4);
        gives(Resizing.bilinear(x, 2, 4, false), 1, 1.25, 1.75, 2, 3, 3.25, 3.75, 4);
        gives(Resizing.bilinear(x, 3, 2, true), 1, 2, 2, 3, 3, 4);
        gives(Resizing.bilinear(counting(1, 1, 1, 4), 1, 2, false), 1.5, 3.5);
    }
}
