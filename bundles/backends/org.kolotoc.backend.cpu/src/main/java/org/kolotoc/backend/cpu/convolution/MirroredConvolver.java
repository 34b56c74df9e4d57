package org.kolotoc.backend.cpu.convolution;

import static org.kolotoc.backend.cpu.convolution.Memory.ALL;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.kolotoc.compiler.ConvolutionShape;
import org.kolotoc.compiler.Launch.ConvolutionPart;
import org.kolotoc.tensor.Window2d;

/**
 * Convolution of stride 1 as the adjoint of another one, in which images and result change places and each kernel is turned by half
 * a turn: the result of the one are the images of the other. The library computes filters sixteen at a time; with few of them,
 * where pictures are made of many channels, that would be waste, and few channels are not.
 */
final class MirroredConvolver implements Convolver {
    private static final long LINE = 64;

    private final Convolution convolution;
    private final Convolver mirror;

    private MirroredConvolver(Convolution convolution, Convolver mirror) {
        this.convolution = convolution;
        this.mirror = mirror;
    }

    /** Nothing where it is slower than other ways, or there is no such adjoint. */
    static Optional<Convolver> of(Convolution convolution, Arena arena) {
        ConvolutionShape s = convolution.shape();
        if (s.groups() > 1 || s.filters() > OneDnnConvolver.FEW_CHANNELS || s.channels() <= s.filters()) {
            return Optional.empty();
        }
        return mirrored(s.window(), s)
                .map(window -> new ConvolutionShape(
                        s.batch(),
                        1,
                        s.filters(),
                        s.rows(),
                        s.columns(),
                        s.channels(),
                        s.height(),
                        s.width(),
                        s.down(),
                        s.across(),
                        window))
                .map(shape -> new Convolution(
                        part(convolution.part()), shape, convolution.resultStride(), convolution.imageStride()))
                .map(mirror -> new MirroredConvolver(convolution, Convolver.create(mirror, arena)));
    }

    /** Padding that leaves as many windows as there are elements; nothing where some would be negative, or steps are larger. */
    private static Optional<Window2d> mirrored(Window2d window, ConvolutionShape s) {
        Window2d.Axis v = window.vertical();
        Window2d.Axis h = window.horizontal();
        int down = (s.down() - 1) * v.dilation();
        int across = (s.across() - 1) * h.dilation();
        boolean fits = v.stride() == 1
                && h.stride() == 1
                && Math.max(v.low(), v.high()) <= down
                && Math.max(h.low(), h.high()) <= across;
        return fits
                ? Optional.of(new Window2d(
                        new Window2d.Axis(1, down - v.low(), down - v.high(), v.dilation()),
                        new Window2d.Axis(1, across - h.low(), across - h.high(), h.dilation())))
                : Optional.empty();
    }

    private static ConvolutionPart part(ConvolutionPart part) {
        return switch (part) {
            case RESULT -> ConvolutionPart.IMAGES;
            case IMAGES -> ConvolutionPart.RESULT;
            case WEIGHTS -> ConvolutionPart.WEIGHTS;
        };
    }

    @Override
    public long scratchBytes() {
        return mirror.scratchBytes();
    }

    @Override
    public long workspaceBytes() {
        return turnedBytes() + mirror.workspaceBytes();
    }

    /** Of the weights with filters and channels the other way round. */
    private long turnedBytes() {
        return Math.ceilDiv(4L * convolution.shape().weightsSize(), LINE) * LINE;
    }

    @Override
    public long callBytes(int threads) {
        return mirror.callBytes(threads);
    }

    @Override
    public Call call(int threads, Arena arena) {
        Call call = mirror.call(threads, arena);
        boolean writes = convolution.part() == ConvolutionPart.WEIGHTS;
        ConvolutionShape s = convolution.shape();
        return (images, weights, result, workspace, workers, scratch) -> {
            if (!writes) {
                turn(weights, workspace, s.filters(), s.channels());
            }
            call.run(result, workspace, images, workspace + turnedBytes(), workers, scratch);
            if (writes) {
                turn(workspace, weights, s.channels(), s.filters());
            }
        };
    }

    /** Kernels {@code [outer, inner, places]} become {@code [inner, outer, places]}, their last place first. */
    private void turn(long from, long to, int outer, int inner) {
        int places = convolution.shape().down() * convolution.shape().across();
        for (int i = 0; i < outer; i++) {
            for (int k = 0; k < inner; k++) {
                long kernel = from + 4L * places * (i * inner + k);
                long turned = to + 4L * places * (k * outer + i);
                for (int place = 0; place < places; place++) {
                    float weight = ALL.get(ValueLayout.JAVA_FLOAT, kernel + 4L * place);
                    ALL.set(ValueLayout.JAVA_FLOAT, turned + 4L * (places - 1 - place), weight);
                }
            }
        }
    }
}
