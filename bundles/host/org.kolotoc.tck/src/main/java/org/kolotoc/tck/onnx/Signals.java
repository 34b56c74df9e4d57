package org.kolotoc.tck.onnx;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Windows of signals and Fourier transforms, as products with sines and cosines. */
final class Signals {
    static final Map<String, Operator> ROWS = Map.of(
            "HannWindow", Operator.of(c -> cosines(c, 0.5, -0.5, 0)),
            "HammingWindow", Operator.of(c -> cosines(c, 25.0 / 46, -21.0 / 46, 0)),
            "BlackmanWindow", Operator.of(c -> cosines(c, 0.42, -0.5, 0.08)),
            "DFT", Operator.of(Signals::fourier),
            "STFT", Operator.of(Signals::shortTime));

    private Signals() {}

    private static Tensor cosines(Call c, double constant, double once, double twice) throws NotCovered {
        int size = (int) c.scalar(0);
        c.mayName("output_datatype");
        int period = c.integer("periodic", 1) == 1 ? size : size - 1;
        Tensor angle = c.trace.iota(Shape.of(size), 0).cast(DType.F32).mul(2 * Math.PI / period);
        return angle.cos().mul(once).add(angle.mul(2).cos().mul(twice)).add(constant);
    }

    private static Tensor fourier(Call c) throws NotCovered {
        Tensor x = c.floats(0);
        int rank = x.shape().rank();
        int axis = x.shape().axis(c.has(2) ? (int) c.scalar(2) : c.integer("axis", rank - 2));
        int last = rank - 1;
        boolean onesided = c.flag("onesided");
        boolean inverse = c.flag("inverse");
        boolean real = x.shape().extent(last) == 1;
        int given = x.shape().extent(axis);
        int length = c.has(1) ? (int) c.scalar(1) : inverse && onesided ? 2 * (given - 1) : given;
        if (length != given && !(inverse && onesided)) {
            throw new NotCovered("another length than the signal's");
        }
        Tensor re = x.slice(last, 0, 1);
        Tensor im = real ? null : x.slice(last, 1, 2);
        if (inverse && onesided) {
            re = mirrored(re, axis, length, false);
            im = mirrored(im, axis, length, true);
        }
        int bins = onesided && !inverse ? length / 2 + 1 : length;
        List<Tensor> parts = transformed(re, im, axis, bins, inverse);
        return inverse && onesided ? parts.getFirst() : Tensor.concat(last, parts);
    }

    /** The whole spectrum of a real signal, of which the second half is the first one's conjugate. */
    private static Tensor mirrored(Tensor half, int axis, int length, boolean imaginary) {
        int given = half.shape().extent(axis);
        int[] back = IntStream.range(given, length).map(k -> length - k).toArray();
        Tensor second = Moves.pick(half, axis, back);
        return Tensor.concat(axis, List.of(half, imaginary ? second.neg() : second));
    }

    /** Real and imaginary part of the transform along an axis; {@code im} is null for a real signal. */
    private static List<Tensor> transformed(Tensor re, Tensor im, int axis, int bins, boolean inverse) {
        int length = re.shape().extent(axis);
        Tensor turns = turns(re.tracer(), length, bins);
        Tensor cos = sine(turns.abs().neg().add(0.25));
        Tensor sin = inverse ? sine(turns) : sine(turns).neg();
        Tensor real = along(re, axis, cos);
        Tensor imaginary = along(re, axis, sin);
        if (im != null) {
            real = real.sub(along(im, axis, sin));
            imaginary = imaginary.add(along(im, axis, cos));
        }
        double scale = inverse ? 1.0 / length : 1;
        return List.of(real.mul(scale), imaginary.mul(scale));
    }

    private static Tensor along(Tensor x, int axis, Tensor matrix) {
        return Reductions.onLast(x, axis, last -> Sampling.onRows(last, matrix));
    }

    /** {@code n k / length} for each element n and bin k, less whole turns: {@code [length, bins]}, at most a half. */
    private static Tensor turns(Tracer trace, int length, int bins) {
        Shape shape = Shape.of(length, bins);
        Tensor product = trace.iota(shape, 0).mul(trace.iota(shape, 1)).cast(DType.F32);
        Tensor whole = product.div(length).add(0.5).floor();
        return product.sub(whole.mul(length)).div(length);
    }

    /** The sine of turns from minus a half to a half; taken within a quarter, where it loses nothing near 0. */
    private static Tensor sine(Tensor turns) {
        Tensor mirrored = turns.sign().mul(0.5).sub(turns);
        return turns.abs()
                .gt(turns.constant(0.25))
                .select(mirrored, turns)
                .mul(2 * Math.PI)
                .sin();
    }

    private static Tensor shortTime(Call c) throws NotCovered {
        Tensor signal = c.floats(0);
        int step = (int) c.scalar(1);
        int length = c.has(3) ? (int) c.scalar(3) : c.x(2).shape().extent(0);
        int[] e = signal.shape().extents();
        if (e.length == 3 && e[2] != 1) {
            throw new NotCovered("a complex signal");
        }
        Tensor flat = signal.reshape(e[0], e[1]);
        List<Tensor> frames = new ArrayList<>();
        for (int at = 0; at + length <= e[1]; at += step) {
            frames.add(flat.slice(1, at, at + length).reshape(e[0], 1, length));
        }
        Tensor all = Tensor.concat(1, frames);
        Tensor weighted = c.has(2) ? all.mul(c.x(2)) : all;
        int bins = c.integer("onesided", 1) == 1 ? length / 2 + 1 : length;
        Shape one = Shape.of(e[0], frames.size(), bins, 1);
        List<Tensor> parts = transformed(weighted, null, 2, bins, false);
        return Tensor.concat(3, List.of(parts.get(0).reshape(one), parts.get(1).reshape(one)));
    }
}
