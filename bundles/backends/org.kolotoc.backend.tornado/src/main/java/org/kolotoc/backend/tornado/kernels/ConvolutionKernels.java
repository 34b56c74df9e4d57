package org.kolotoc.backend.tornado.kernels;

import java.util.List;
import java.util.stream.Stream;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.Window2d;

/**
 * Convolution and its gradients as they are defined: an item has an element of what is computed, and adds up all that goes
 * into it, in an order that depends on the shape alone. Correct, not fast: nothing is kept in the memory of a group.
 */
final class ConvolutionKernels {
    private static final int GROUP = 64;

    private final Placement placement;
    private final KernelClass classes;

    ConvolutionKernels(Placement placement, KernelClass classes) {
        this.placement = placement;
        this.classes = classes;
    }

    List<GeneratedKernel> of(Launch.Convolution c) {
        ConvolutionShape s = c.shape();
        int places = s.down() * s.across();
        int total = switch (c.part()) {
            case RESULT -> s.batch() * s.resultSize();
            case IMAGES -> s.batch() * s.imageSize();
            case WEIGHTS -> s.weightsSize();
        };
        int terms = switch (c.part()) {
            case RESULT -> s.filterSize();
            case IMAGES -> s.groupFilters() * places;
            case WEIGHTS -> s.batch() * s.positions();
        };
        if (total == 0) {
            return List.of();
        }
        List<DeviceMemory> arguments = Stream.of(
                        c.images().buffer(), c.weights(), c.result().buffer())
                .map(placement::memory)
                .distinct()
                .toList();
        return List.of(classes.write(c.name(), "convolutionKernel", arguments, Grid.of(total, GROUP), code -> {
            Operand item = code.id("globalIdx");
            code.when(code.less(item, Operand.of(total)), () -> {
                Operand.Local sum = code.variable(Operand.of(0f));
                Kernel kernel = new Kernel(code, c);
                code.loop(Operand.of(0), code.parameter("terms", terms), 1, term -> kernel.add(item, term, sum));
                kernel.store(item, sum);
            });
        }));
    }

    /** The code of one kernel. */
    private record Kernel(Code code, Launch.Convolution c) {

        void add(Operand item, Operand term, Operand.Local sum) {
            switch (c.part()) {
                case RESULT -> addToResult(item, term, sum);
                case IMAGES -> addToImage(item, term, sum);
                case WEIGHTS -> addToWeight(item, term, sum);
            }
        }

        void store(Operand item, Operand.Local sum) {
            ConvolutionShape s = c.shape();
            switch (c.part()) {
                case RESULT -> code.store(c.result().buffer(), of(c.result(), item, s.resultSize()), sum);
                case IMAGES -> code.store(c.images().buffer(), of(c.images(), item, s.imageSize()), sum);
                case WEIGHTS -> code.store(c.weights(), code.add(code.place(c.weights(), 0), item), sum);
            }
        }

        /** A term is a weight of the filter. */
        private void addToResult(Operand item, Operand term, Operand.Local sum) {
            ConvolutionShape s = c.shape();
            Operand element = code.rem(item, s.resultSize());
            Operand filter = code.div(element, Operand.of(s.positions()));
            Operand channel = code.add(
                    times(code.div(filter, Operand.of(s.groupFilters())), s.groupChannels()),
                    code.div(term, Operand.of(s.down() * s.across())));
            Operand y = seen(
                    s.window().vertical(),
                    code.div(code.rem(element, s.positions()), Operand.of(s.columns())),
                    code.rem(code.div(term, Operand.of(s.across())), s.down()));
            Operand x = seen(s.window().horizontal(), code.rem(element, s.columns()), code.rem(term, s.across()));
            Operand weight = code.add(times(filter, s.filterSize()), term);
            code.when(
                    inside(y, x, s.height(), s.width()),
                    () -> accumulate(
                            sum,
                            image(code.div(item, Operand.of(s.resultSize())), channel, y, x),
                            c.images().buffer(),
                            weight,
                            c.weights()));
        }

        /** A term is a filter of the group and a place of its kernel. */
        private void addToImage(Operand item, Operand term, Operand.Local sum) {
            ConvolutionShape s = c.shape();
            Operand element = code.rem(item, s.imageSize());
            Operand channel = code.div(element, Operand.of(s.height() * s.width()));
            Operand filter = code.add(
                    times(code.div(channel, Operand.of(s.groupChannels())), s.groupFilters()),
                    code.div(term, Operand.of(s.down() * s.across())));
            Operand place = code.rem(term, s.down() * s.across());
            Window2d.Axis vertical = s.window().vertical();
            Window2d.Axis horizontal = s.window().horizontal();
            Operand y = behind(
                    vertical,
                    code.rem(code.div(element, Operand.of(s.width())), s.height()),
                    code.div(place, Operand.of(s.across())));
            Operand x = behind(horizontal, code.rem(element, s.width()), code.rem(place, s.across()));
            Operand row = code.div(y, Operand.of(vertical.stride()));
            Operand column = code.div(x, Operand.of(horizontal.stride()));
            Operand window = code.and(
                    code.equal(code.rem(y, vertical.stride()), Operand.of(0)),
                    code.equal(code.rem(x, horizontal.stride()), Operand.of(0)));
            // What is behind by less than a stride would be rounded to the first window.
            Operand first = code.and(code.less(Operand.of(-1), y), code.less(Operand.of(-1), x));
            Operand weight = code.add(
                    times(
                            code.add(times(filter, s.groupChannels()), code.rem(channel, s.groupChannels())),
                            s.down() * s.across()),
                    place);
            code.when(
                    code.and(code.and(window, first), inside(row, column, s.rows(), s.columns())),
                    () -> accumulate(
                            sum,
                            result(code.div(item, Operand.of(s.imageSize())), filter, row, column),
                            c.result().buffer(),
                            weight,
                            c.weights()));
        }

        /** A term is a window of an image. */
        private void addToWeight(Operand item, Operand term, Operand.Local sum) {
            ConvolutionShape s = c.shape();
            Operand filter = code.div(item, Operand.of(s.filterSize()));
            Operand weight = code.rem(item, s.filterSize());
            Operand channel = code.add(
                    times(code.div(filter, Operand.of(s.groupFilters())), s.groupChannels()),
                    code.div(weight, Operand.of(s.down() * s.across())));
            Operand row = code.div(code.rem(term, s.positions()), Operand.of(s.columns()));
            Operand column = code.rem(term, s.columns());
            Operand y = seen(s.window().vertical(), row, code.rem(code.div(weight, Operand.of(s.across())), s.down()));
            Operand x = seen(s.window().horizontal(), column, code.rem(weight, s.across()));
            Operand batch = code.div(term, Operand.of(s.positions()));
            code.when(
                    inside(y, x, s.height(), s.width()),
                    () -> accumulate(
                            sum,
                            image(batch, channel, y, x),
                            c.images().buffer(),
                            result(batch, filter, row, column),
                            c.result().buffer()));
        }

        private void accumulate(Operand.Local sum, Operand first, int buffer, Operand second, int other) {
            Operand a = code.load(buffer, code.add(code.place(buffer, offset(buffer)), first));
            Operand b = code.load(other, code.add(code.place(other, offset(other)), second));
            code.assign(sum, code.add(sum, code.mul(a, b)));
        }

        private int offset(int buffer) {
            return buffer == c.images().buffer()
                    ? c.images().offset()
                    : buffer == c.result().buffer() ? c.result().offset() : 0;
        }

        /** An element of planes by its number in dense ones. */
        private Operand of(Launch.Planes planes, Operand item, int size) {
            Operand at = code.add(times(code.div(item, Operand.of(size)), planes.stride()), code.rem(item, size));
            return code.add(code.place(planes.buffer(), planes.offset()), at);
        }

        private Operand image(Operand batch, Operand channel, Operand y, Operand x) {
            ConvolutionShape s = c.shape();
            Operand row = code.add(times(channel, s.height()), y);
            return code.add(times(batch, c.images().stride()), code.add(times(row, s.width()), x));
        }

        private Operand result(Operand batch, Operand filter, Operand row, Operand column) {
            ConvolutionShape s = c.shape();
            Operand line = code.add(times(filter, s.rows()), row);
            return code.add(times(batch, c.result().stride()), code.add(times(line, s.columns()), column));
        }

        /** The element that a place of a window sees. */
        private Operand seen(Window2d.Axis axis, Operand position, Operand place) {
            return code.sub(
                    code.add(times(position, axis.stride()), times(place, axis.dilation())), Operand.of(axis.low()));
        }

        /** How far an element is behind a place of the first window. */
        private Operand behind(Window2d.Axis axis, Operand element, Operand place) {
            return code.sub(code.add(element, Operand.of(axis.low())), times(place, axis.dilation()));
        }

        private Operand inside(Operand y, Operand x, int height, int width) {
            return code.and(
                    code.and(code.less(Operand.of(-1), y), code.less(y, Operand.of(height))),
                    code.and(code.less(Operand.of(-1), x), code.less(x, Operand.of(width))));
        }

        private Operand times(Operand a, int b) {
            return code.mul(a, Operand.of(b));
        }
    }
}
