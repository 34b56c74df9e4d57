package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Pooling;
import org.kolotoc.tensor.Resizing;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Window2d;

/**
 * Convolution, its gradients and theirs: windows of every kind, sizes that fit no vector, images and results that lie among
 * others. Then what is made of them or like them: pooling, other sizes.
 */
final class ConvolutionCases {
    private static final int RANDOM = 24;

    private ConvolutionCases() {}

    /** @param down places of a kernel along the height, as {@code across} along the width */
    private record Sizes(
            int batch,
            int channels,
            int height,
            int width,
            int filters,
            int down,
            int across,
            int groups,
            Window2d window) {
        @Override
        public String toString() {
            return "conv2d [" + batch + ", " + channels + ", " + height + ", " + width + "] by " + down + " x " + across
                    + " to " + filters + ", " + groups + " groups, " + axis(window.vertical()) + ", "
                    + axis(window.horizontal());
        }

        private static String axis(Window2d.Axis axis) {
            return axis.stride() + "/" + axis.low() + "+" + axis.high() + "/" + axis.dilation();
        }
    }

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        Window2d plain = Window2d.of(1);
        List.of(
                        new Sizes(1, 1, 1, 1, 1, 1, 1, 1, plain),
                        new Sizes(3, 5, 4, 7, 6, 1, 1, 1, plain),
                        new Sizes(2, 3, 5, 6, 4, 5, 6, 1, plain),
                        new Sizes(1, 4, 9, 9, 4, 3, 3, 4, plain.padded(1)),
                        new Sizes(2, 6, 7, 5, 9, 3, 2, 3, Window2d.of(2).padded(1, 0, 0, 2)),
                        new Sizes(4, 1, 14, 14, 8, 4, 4, 1, Window2d.of(2).padded(1)),
                        new Sizes(4, 16, 7, 7, 32, 4, 4, 1, Window2d.of(2).padded(1)),
                        new Sizes(17, 32, 7, 7, 16, 3, 3, 1, plain.padded(1)),
                        new Sizes(2, 32, 6, 6, 32, 3, 3, 2, plain.padded(2).dilated(2)),
                        new Sizes(2, 3, 40, 33, 5, 3, 3, 1, plain.padded(1)),
                        new Sizes(2, 2, 3, 3, 2, 2, 2, 1, Window2d.of(3).padded(4)),
                        new Sizes(0, 2, 3, 3, 2, 2, 2, 1, plain),
                        new Sizes(2, 0, 3, 3, 2, 2, 2, 1, plain),
                        new Sizes(2, 2, 3, 3, 0, 2, 2, 1, plain))
                .forEach(sizes -> cases.add(convolution(sizes)));
        Random random = new Random(5);
        for (int i = 0; i < RANDOM; i++) {
            cases.add(convolution(drawn(random)));
        }
        cases.add(beside(1));
        cases.add(beside(3));
        cases.add(moved());
        cases.add(trained());
        for (int batch : new int[] {1, 3}) {
            cases.add(pooled(batch));
            cases.add(resized(batch));
            cases.add(doubled(batch));
        }
        return cases;
    }

    private static Sizes drawn(Random random) {
        int groups = 1 + random.nextInt(3);
        int down = 1 + random.nextInt(4);
        int across = 1 + random.nextInt(4);
        Window2d window = new Window2d(axis(random), axis(random));
        return new Sizes(
                1 + random.nextInt(5),
                groups * (1 + random.nextInt(7)),
                (int) window.vertical().reach(down) + random.nextInt(9),
                (int) window.horizontal().reach(across) + random.nextInt(9),
                groups * (1 + random.nextInt(7)),
                down,
                across,
                groups,
                window);
    }

    private static Window2d.Axis axis(Random random) {
        return new Window2d.Axis(1 + random.nextInt(3), random.nextInt(4), random.nextInt(4), 1 + random.nextInt(3));
    }

    /** The convolution, its gradients, and the gradients of the squares of these: what a gradient penalty takes. */
    private static Case convolution(Sizes s) {
        return Case.of(s.toString(), t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(s.batch(), s.channels(), s.height(), s.width()));
            Tensor weights = t.feed(
                    "weights", DType.F32, Shape.of(s.filters(), s.channels() / s.groups(), s.down(), s.across()));
            Tensor y = Convolutions.conv2d(x, weights, s.window(), s.groups());
            Tensor g = t.feed("g", DType.F32, y.shape());
            List<Tensor> first = Gradients.vjp(y, g, List.of(x, weights));
            t.output("y", y);
            t.output("dx", first.get(0));
            t.output("dw", first.get(1));
            List<Tensor> images = Gradients.vjp(first.get(0), x, List.of(weights, g));
            t.output("dx by w", images.get(0));
            t.output("dx by g", images.get(1));
            List<Tensor> kernels = Gradients.vjp(first.get(1), weights.mul(0.5), List.of(x, g));
            t.output("dw by x", kernels.get(0));
            t.output("dw by g", kernels.get(1));
        });
    }

    /** Results that are parts of one tensor, of which parts are read again: a skip connection. */
    private static Case beside(int batch) {
        return Case.of("convolutions side by side, " + batch, t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(batch, 3, 6, 5));
            Tensor one = t.feed("one", DType.F32, Shape.of(4, 3, 3, 3));
            Tensor two = t.feed("two", DType.F32, Shape.of(2, 3, 1, 1));
            Tensor three = t.feed("three", DType.F32, Shape.of(2, 3, 1, 1));
            Tensor both = Tensor.concat(
                    1,
                    List.of(
                            Convolutions.conv2d(x, one, Window2d.of(1).padded(1)),
                            Convolutions.conv2d(x, two, Window2d.of(1))));
            Tensor y = Convolutions.conv2d(both.slice(1, 2, 5), three, Window2d.of(1));
            t.output("y", y);
            t.output("all", both.sum(0));
            List<Tensor> gradients = Gradients.of(y.mul(y).sum(), List.of(x, one, two, three));
            for (int i = 0; i < gradients.size(); i++) {
                t.output("gradient" + i, gradients.get(i));
            }
        });
    }

    /** Operands that lie in no way that images or weights may. */
    private static Case moved() {
        return Case.of("convolution of what was moved", t -> {
            Tensor last = t.feed("last", DType.F32, Shape.of(2, 6, 5, 4));
            Tensor weights = t.feed("weights", DType.F32, Shape.of(3, 3, 4, 7));
            Tensor x = last.transpose(0, 3, 1, 2);
            Tensor w = weights.transpose(3, 2, 0, 1);
            t.output("y", Convolutions.conv2d(x, w, Window2d.of(1)).transpose(0, 2, 3, 1));
            t.output("sliced", Convolutions.conv2d(x.slice(2, 1, 6), w.slice(0, 2, 6), Window2d.of(2)));
            t.output(
                    "rows",
                    Convolutions.conv2d(
                            last.slice(1, 2, 5),
                            weights.slice(0, 1, 3).slice(3, 0, 2),
                            Window2d.of(1).padded(2)));
            Tensor ones = t.constant(1, DType.F32, Shape.of(2, 4, 1, 2));
            t.output("constant", Convolutions.conv2d(x, ones, Window2d.of(1)));
            t.output("transposed", Convolutions.transposed(x, ones.transpose(1, 0, 2, 3), Window2d.of(2), 1, 1, 0));
            t.output("of a constant", Convolutions.conv2d(t.constant(2, DType.F32, x.shape()), w, Window2d.of(1)));
        });
    }

    /** Weights that are a state, updated by what they were convolved with. */
    private static Case trained() {
        return Case.of("a step of gradient descent on weights of a convolution", t -> {
                    Tensor weights = t.state("weights", DType.F32, Shape.of(5, 3, 3, 3));
                    Tensor kept = t.state("kept", DType.F32, Shape.of(4, 5, 4, 4));
                    Tensor x = t.feed("x", DType.F32, Shape.of(4, 3, 8, 8));
                    Tensor y = Convolutions.conv2d(x, weights, Window2d.of(2).padded(1));
                    Tensor loss = y.sub(kept.mul(0.5)).tanh();
                    Tensor gradient =
                            Gradients.of(loss.mul(loss).sum(), List.of(weights)).getFirst();
                    t.update(weights, weights.sub(gradient.mul(0.01)));
                    t.update(kept, y);
                })
                .times(3)
                .with("weights", Values.normal(0.2));
    }

    private static Case pooled(int batch) {
        return Case.of("pooling, " + batch, t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(batch, 5, 9, 7));
            List<Tensor> pools = List.of(
                    Pooling.max(x, 2, 2, Window2d.of(2)),
                    Pooling.max(x, 3, 2, Window2d.of(2).padded(1)),
                    Pooling.max(x, 2, 3, Window2d.of(1).dilated(2)),
                    Pooling.average(x, 3, 3, Window2d.of(3), true),
                    Pooling.average(x, 3, 3, Window2d.of(1).padded(1), false),
                    Pooling.average(x, 2, 3, Window2d.of(2).padded(1), true));
            for (int i = 0; i < pools.size(); i++) {
                t.output("pool" + i, pools.get(i));
                t.output(
                        "gradient" + i,
                        Gradients.of(pools.get(i).mul(pools.get(i)).sum(), List.of(x))
                                .getFirst());
            }
        });
    }

    private static Case doubled(int batch) {
        return Case.of("convolution of doubled images, " + batch, t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(batch, 5, 6, 7));
            Tensor weights = t.feed("weights", DType.F32, Shape.of(17, 5, 3, 3));
            Tensor y = Convolutions.doubled(x, weights);
            t.output("y", y);
            List<Tensor> gradients = Gradients.of(y.mul(y).sum(), List.of(x, weights));
            t.output("of images", gradients.get(0));
            t.output("of weights", gradients.get(1));
        });
    }

    private static Case resized(int batch) {
        return Case.of("images of other sizes, " + batch, t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(batch, 3, 6, 5));
            List<Tensor> sizes = List.of(
                    Resizing.nearest(x, 12, 10),
                    Resizing.nearest(x, 3, 15),
                    Resizing.nearest(x, 7, 4),
                    Resizing.bilinear(x, 12, 10, false),
                    Resizing.bilinear(x, 4, 9, true));
            for (int i = 0; i < sizes.size(); i++) {
                t.output("size" + i, sizes.get(i));
                t.output(
                        "gradient" + i,
                        Gradients.of(sizes.get(i).mul(sizes.get(i)).sum(), List.of(x))
                                .getFirst());
            }
        });
    }
}
