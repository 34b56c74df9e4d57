package org.kolotoc.bench.kernels;

import java.util.List;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Window2d;

/** Convolutions of the image models: those of a DCGAN's discriminator on 28 x 28, and of a U-Net's levels. */
final class ConvolutionCases {
    private static final Window2d HALVED = Window2d.of(2).padded(1);
    private static final Window2d SAME = Window2d.of(1).padded(1);

    private ConvolutionCases() {}

    /** A layer by its name: places of a kernel are {@code kernel} each way. */
    private record Layer(String name, int channels, int size, int filters, int kernel, Window2d window) {}

    private static final List<Layer> LAYERS = List.of(
            new Layer("dcgan1", 1, 28, 64, 4, HALVED),
            new Layer("dcgan2", 64, 14, 128, 4, HALVED),
            new Layer("unet28x32", 32, 28, 32, 3, SAME),
            new Layer("unet28x64", 64, 28, 64, 3, SAME),
            new Layer("unet14x64", 64, 14, 64, 3, SAME),
            new Layer("unet14x128", 128, 14, 128, 3, SAME),
            new Layer("unet7x128", 128, 7, 128, 3, SAME),
            new Layer("doubled28x64", 64, 28, 64, 4, HALVED),
            new Layer("skip28x96", 96, 28, 32, 1, Window2d.of(1)),
            new Layer("last28x32", 32, 28, 1, 3, SAME));

    /** Each with either gradient apart, at both batches. */
    static void add(List<KernelCase> all) {
        for (int batch : new int[] {32, 64}) {
            for (Layer layer : LAYERS) {
                add(all, layer, batch);
            }
        }
    }

    private static void add(List<KernelCase> all, Layer layer, int batch) {
        Shape images = Shape.of(batch, layer.channels(), layer.size(), layer.size());
        Shape weights = Shape.of(layer.filters(), layer.channels(), layer.kernel(), layer.kernel());
        String name = "conv-" + layer.name() + "-" + batch;
        String what = images + " by " + weights + ", stride "
                + layer.window().vertical().stride();
        all.add(new KernelCase(name, what, 1, tracer -> {
            Tensor x = tracer.feed("x", DType.F32, images);
            tracer.output("value", Convolutions.conv2d(x, tracer.feed("weights", DType.F32, weights), layer.window()));
            return tracer.program();
        }));
        for (String wanted : List.of("images", "weights")) {
            all.add(new KernelCase(name + "-" + wanted, what, 1, tracer -> {
                Tensor x = tracer.feed("x", DType.F32, images);
                Tensor w = tracer.feed("weights", DType.F32, weights);
                Tensor y = Convolutions.conv2d(x, w, layer.window());
                Tensor cotangent = tracer.feed("cotangent", DType.F32, y.shape());
                tracer.output(
                        "gradient",
                        Gradients.vjp(y, cotangent, List.of(wanted.equals("images") ? x : w))
                                .getFirst());
                return tracer.program();
            }));
        }
    }
}
