package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.Convolutions;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.Window2d;

/** Programs nobody would write, which is what finds the cases nobody thought of. The same seed gives the same program. */
public final class RandomProgram {
    private static final int STATES = 3;
    /** Elements of a tensor that is not made larger any more. */
    private static final int LARGE = 200;

    private final Random random;
    private final Tracer trace = new Tracer();
    private final List<Tensor> pool = new ArrayList<>();

    private RandomProgram(int seed) {
        random = new Random(seed);
        for (int i = 0; i < STATES; i++) {
            pool.add(trace.state("s" + i, DType.F32, shape()));
        }
    }

    /** States {@code s0}, {@code s1}, {@code s2} of {@code f32}, feeds of any type, outputs, updates, sometimes a gradient. */
    public static Program of(int seed) {
        RandomProgram program = new RandomProgram(seed);
        program.steps(4 + program.random.nextInt(17));
        return program.finished();
    }

    /**
     * A training step in segments: outputs are the loss and the gradients of all states, updates their next content.
     *
     * @param recomputing whether the backward pass computes segments again
     */
    static Program inSegments(int seed, boolean recomputing) {
        RandomProgram program = new RandomProgram(seed);
        int segments = 1 + program.random.nextInt(4);
        for (int i = 0; i < segments; i++) {
            try (Tracer.Scope _ = program.trace.segment("segment" + i)) {
                program.steps(2 + program.random.nextInt(9));
            }
        }
        return program.trained(recomputing);
    }

    private void steps(int count) {
        for (int i = 0; i < count; i++) {
            pool.add(next(pick()));
        }
    }

    private Program finished() {
        Tensor last = pool.getLast();
        trace.output("last", last);
        trace.output("other", pick());
        if (random.nextBoolean()) {
            Tensor loss = last.mul(last).sum();
            trace.output("gradient", Gradients.of(loss, List.of(pool.get(0))).getFirst());
        }
        for (int i = 0; i < STATES; i++) {
            Tensor state = pool.get(i);
            for (Tensor candidate : pool.reversed()) {
                if (candidate.shape().equals(state.shape()) && candidate != state && random.nextBoolean()) {
                    trace.update(state, candidate);
                    break;
                }
            }
        }
        return trace.program();
    }

    private Program trained(boolean recomputing) {
        Tensor loss = trace.constant(0);
        for (Tensor value : pool.reversed().subList(0, Math.min(4, pool.size()))) {
            Tensor bounded = value.tanh();
            loss = loss.add(Functions.mean(bounded.mul(bounded)));
        }
        List<Tensor> states = pool.subList(0, STATES);
        List<Tensor> gradients = recomputing ? Gradients.rematerializing(loss, states) : Gradients.of(loss, states);
        trace.output("loss", loss);
        for (int i = 0; i < STATES; i++) {
            trace.output("gradient" + i, gradients.get(i));
            trace.update(states.get(i), states.get(i).sub(gradients.get(i).mul(0.1)));
        }
        return trace.program();
    }

    private Shape shape() {
        int rank = 1 + random.nextInt(3);
        int[] extents = new int[rank];
        for (int i = 0; i < rank; i++) {
            extents[i] = new int[] {1, 2, 3, 4, 6, 19}[random.nextInt(6)];
        }
        return Shape.of(extents);
    }

    private Tensor pick() {
        return pool.get(random.nextInt(pool.size()));
    }

    private Tensor next(Tensor x) {
        int rank = x.shape().rank();
        boolean large = x.shape().size() > LARGE;
        return switch (random.nextInt(30)) {
            case 0, 1 -> elementary(x);
            case 2 -> x.mul(0.5).add(1);
            case 3, 4 -> ofTwo(x);
            case 5 -> rank == 0 ? x.exp() : Functions.softmax(x);
            case 6 -> rank == 0 ? x : x.sum(random.nextInt(rank));
            case 7 -> rank == 0 ? x : x.max(random.nextInt(rank));
            case 8 -> rank < 2 ? x : x.transpose(rotation(rank));
            case 9 ->
                rank < 1 || x.shape().extent(-1) < 2
                        ? x
                        : x.slice(-1, 1, x.shape().extent(-1));
            case 10 -> rank == 0 || large ? x : Tensor.concat(random.nextInt(rank), List.of(x, x.mul(2)));
            case 11 -> rank == 0 || large ? x : x.pad(random.nextInt(rank), 1, 2, -1);
            case 12 -> x.shape().size() % 2 == 0 && random.nextBoolean() ? x.reshape(2, -1) : x.reshape(-1);
            case 13, 14 -> rank < 2 ? x : product(x);
            case 15 -> rank == 0 ? x : x.sub(Functions.meanKeepDims(x, random.nextInt(rank)));
            case 16 -> rank == 0 || large ? x : x.broadcast(prepended(x.shape(), 2));
            case 17 -> x.optimizationBarrier(pick());
            case 18 -> rank == 0 || x.shape().extent(0) == 0 ? x : rows(x);
            case 19 -> rank == 0 ? x : window(x, random.nextInt(rank));
            case 20 -> rank == 0 ? x : along(x, random.nextInt(rank));
            case 21 -> rank == 0 ? x : sums(x, random.nextInt(rank));
            case 22 -> rank == 0 ? x : order(x);
            case 23 -> rank < 2 ? x : einsum(x);
            case 24 -> x.add(trace.normal(key(), x.shape()).mul(0.3));
            case 25 -> literal(x);
            case 26 -> truth(x.shape()).select(x, x.neg());
            case 27 -> whole(x.shape()).cast(DType.F32).mul(0.1).add(x);
            case 28 -> rank == 0 || x.shape().size() == 0 ? x : convolved(x);
            default -> rank == 0 || x.shape().extent(0) == 0 ? x : random.nextInt(4) == 0 ? looped(x) : masked(x);
        };
    }

    private Tensor elementary(Tensor x) {
        return switch (random.nextInt(12)) {
            case 0 -> x.tanh();
            case 1 -> x.neg().abs().neg().exp();
            case 2 -> x.abs().add(0.5).log();
            case 3 -> x.mul(x).add(0.1).rsqrt();
            case 4 -> x.abs().add(0.01).sqrt();
            case 5 -> Functions.geluExact(x);
            case 6 -> Functions.gelu(x);
            case 7 -> Functions.silu(x);
            case 8 -> x.sin().add(x.cos());
            case 9 -> x.abs().add(0.3).pow(1.7);
            case 10 -> x.sub(x.stopGradient().maximum(-2).minimum(2));
            default -> x.div(x.abs().add(1));
        };
    }

    private Tensor ofTwo(Tensor x) {
        for (Tensor y : pool.reversed()) {
            if (y.shape().equals(x.shape()) && y != x) {
                return random.nextBoolean() ? x.sub(y) : x.mul(y.tanh());
            }
        }
        return x.neg();
    }

    private Tensor product(Tensor x) {
        return switch (random.nextInt(x.shape().rank() < 3 ? 3 : 8)) {
            case 0 -> x.matmul(x.matrixTranspose());
            case 1 -> {
                Tensor weights = x.tanh().matrixTranspose();
                Tensor row = x.reshape(-1, x.shape().extent(-2)).sum(0);
                yield x.matmul(weights).add(row);
            }
            default -> {
                Tensor bounded = x.tanh();
                yield Functions.attention(bounded, bounded.mul(2), x, 0.4, mask(x.shape()));
            }
        };
    }

    /** Of one small image with weights that depend on it; or what a gradient of that is. */
    private Tensor convolved(Tensor x) {
        int width = x.shape().extent(-1);
        Tensor image = x.tanh().reshape(1, 1, -1, width);
        int down = Math.min(2, image.shape().extent(2));
        int across = Math.min(3, width);
        Tensor kernel = image.slice(2, 0, down).slice(3, 0, across);
        Tensor weights = Tensor.concat(0, List.of(kernel, kernel.neg().mul(0.5)));
        Window2d window = Window2d.of(1 + random.nextInt(2)).padded(random.nextInt(2));
        Tensor y = Convolutions.conv2d(image, weights, window);
        return switch (random.nextInt(4)) {
            case 0 -> Gradients.vjp(y, y.tanh(), List.of(weights)).getFirst();
            case 1 -> Gradients.vjp(y, y.tanh(), List.of(image)).getFirst().reshape(x.shape());
            default -> y;
        };
    }

    /** What is hidden is the same for all rows, or, where there are rows of matrices, for each another. */
    private AttentionMask mask(Shape shape) {
        AttentionMask mask = random.nextBoolean() ? AttentionMask.CAUSAL : AttentionMask.NONE;
        if (shape.rank() < 3) {
            return mask;
        }
        int rows = shape.extent(0);
        return switch (random.nextInt(4)) {
            case 0 -> mask;
            case 1 -> mask.within(trace.feed("lengths" + rows, DType.I32, Shape.of(rows)));
            case 2 -> AttentionMask.causalFrom(trace.feed("starts" + rows, DType.I32, Shape.of(rows)));
            default ->
                AttentionMask.causalFrom(trace.feed("starts" + rows, DType.I32, Shape.of(rows)))
                        .within(trace.feed("lengths" + rows, DType.I32, Shape.of(rows)));
        };
    }

    /** A window read, or written back changed, from a start that is fed: one, or one for each row. */
    private Tensor window(Tensor x, int axis) {
        int extent = x.shape().extent(axis);
        int rows = x.shape().extent(0);
        Tensor start = axis > 0 && random.nextBoolean()
                ? trace.feed("starts" + rows, DType.I32, Shape.of(rows))
                : trace.feed("start", DType.I32, Shape.scalar());
        Tensor window = x.dynamicSlice(axis, start, (extent + 1) / 2);
        return random.nextBoolean() ? window : x.dynamicUpdate(axis, window.tanh(), start);
    }

    /** Elements taken along an axis, and added where they belong, by indices that are fed. */
    private Tensor along(Tensor x, int axis) {
        Tensor index = trace.feed("along" + x.shape(), DType.I32, x.shape());
        Tensor taken = x.gatherAlong(axis, index);
        return random.nextBoolean()
                ? taken
                : taken.tanh()
                        .scatterAddAlong(axis, index, x.shape().extent(axis))
                        .add(x);
    }

    private Tensor sums(Tensor x, int axis) {
        return random.nextBoolean()
                ? x.cumulativeSum(axis, random.nextBoolean())
                        .div(Math.max(1, x.shape().extent(axis)))
                : Functions.logSumExp(x, axis);
    }

    private Tensor order(Tensor x) {
        return random.nextBoolean()
                ? Functions.sort(x, random.nextBoolean()).values()
                : Functions.topK(x, (x.shape().extent(-1) + 1) / 2).values();
    }

    private Tensor einsum(Tensor x) {
        Tensor bounded = x.tanh();
        String axes = "abcdefgh".substring(0, x.shape().rank());
        String outer = axes.substring(0, axes.length() - 1);
        return switch (random.nextInt(3)) {
            case 0 -> Functions.einsum(axes + "," + axes + "->" + outer, bounded, x);
            case 1 -> Functions.einsum(axes + "->" + new StringBuilder(axes).reverse(), x);
            default ->
                Functions.einsum(
                        "z" + outer.substring(1) + "y," + axes + "->z" + axes.charAt(0), bounded, x.sub(bounded));
        };
    }

    private Tensor literal(Tensor x) {
        float[] values = new float[x.shape().size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextInt(17) / 8f - 1;
        }
        Tensor literal = trace.constant(values, x.shape());
        return random.nextBoolean() ? x.add(literal) : x.mul(literal);
    }

    /** Truth values that follow from whole numbers, so that no rounding decides. */
    private Tensor truth(Shape shape) {
        Tensor number = whole(shape);
        Tensor other = whole(shape);
        return switch (random.nextInt(7)) {
            case 0 -> number.eq(other);
            case 1 -> number.ne(other);
            case 2 -> number.le(other);
            case 3 -> number.lt(other).not();
            case 4 -> number.lt(other).and(number.ge(trace.constant(0, DType.I32)));
            case 5 -> number.gt(other).or(number.cast(DType.BOOL));
            default -> trace.feed("truth" + shape, DType.BOOL, shape);
        };
    }

    /** Whole numbers, exact on any backend. */
    private Tensor whole(Shape shape) {
        Tensor uniform = trace.uniform(key(), shape);
        return switch (random.nextInt(4)) {
            case 0 -> uniform.mul(8).floor().cast(DType.I32);
            case 1 -> uniform.sub(0.5).sign().cast(DType.I32);
            case 2 -> trace.feed("along" + shape, DType.I32, shape).mul(3);
            default ->
                shape.rank() == 0 ? trace.constant(2, DType.I32) : trace.iota(shape, random.nextInt(shape.rank()));
        };
    }

    private Tensor key() {
        return trace.feed("key", DType.I32, Shape.of(2));
    }

    /** Rows taken, and added where they belong, by indices that the caller feeds. */
    private Tensor rows(Tensor x) {
        int rows = x.shape().extent(0);
        Tensor index = trace.feed("index" + rows, DType.I32, Shape.of(rows));
        Tensor taken = x.gather(index);
        return random.nextBoolean()
                ? taken
                : taken.tanh().scatterAdd(index, rows).add(x);
    }

    private Tensor masked(Tensor x) {
        return switch (random.nextInt(3)) {
            case 0 -> Functions.dropout(x, 0.3, key());
            case 1 -> x.gt(trace.constant(0)).select(x, x.mul(0.2));
            default ->
                trace.iota(x.shape(), x.shape().rank() - 1)
                        .lt(trace.constant(2, DType.I32))
                        .select(x, x.mul(3));
        };
    }

    /** Rows one after the other, each with what those before left, and with what all share. */
    private Tensor looped(Tensor x) {
        Tensor first = x.slice(0, 0, 1).sum(0).tanh();
        Tensor flat = first.reshape(1, -1);
        boolean multiplies = flat.shape().size() <= 40 && random.nextBoolean();
        Tensor shared = multiplies ? flat.matrixTranspose().matmul(flat).sin() : first.sin();
        int kind = random.nextInt(2);
        Scan.Body body = step -> {
            Tensor row = step.input(0);
            Tensor own = step.capture(shared);
            Tensor carry = step.carry(0);
            Tensor read = multiplies ? carry.reshape(1, -1).matmul(own).reshape(carry.shape()) : carry.mul(own);
            Tensor next = kind == 0
                    ? read.add(row).tanh()
                    : Functions.silu(read.mul(0.5).sub(row));
            return new Scan.Next(List.of(next), List.of(next, carry.mul(row.tanh())));
        };
        Scan.Results all = random.nextBoolean()
                ? Scan.over(List.of(first), List.of(x), body)
                : Scan.reversed(List.of(first), List.of(x), body);
        return switch (random.nextInt(3)) {
            case 0 -> all.outputs().getFirst();
            case 1 -> all.outputs().getLast();
            default -> x.add(all.carries().getFirst());
        };
    }

    private int[] rotation(int rank) {
        int by = 1 + random.nextInt(rank - 1);
        int[] permutation = new int[rank];
        for (int i = 0; i < rank; i++) {
            permutation[i] = (i + by) % rank;
        }
        return permutation;
    }

    private static Shape prepended(Shape shape, int extent) {
        int[] extents = new int[shape.rank() + 1];
        extents[0] = extent;
        System.arraycopy(shape.extents(), 0, extents, 1, shape.rank());
        return Shape.of(extents);
    }
}
