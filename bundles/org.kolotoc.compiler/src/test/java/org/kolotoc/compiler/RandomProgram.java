package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Programs nobody would write, which is what finds the cases nobody thought of. */
final class RandomProgram {
    private final Random random;
    private final Tracer trace = new Tracer();
    private final List<Tensor> pool = new ArrayList<>();

    RandomProgram(int seed) {
        random = new Random(seed);
    }

    Program program() {
        for (int i = 0; i < 3; i++) {
            pool.add(trace.state("s" + i, DType.F32, shape()));
        }
        int length = 4 + random.nextInt(17);
        for (int i = 0; i < length; i++) {
            pool.add(next(pick()));
        }
        Tensor last = pool.getLast();
        trace.output("last", last);
        trace.output("other", pick());
        if (random.nextBoolean()) {
            Tensor loss = last.mul(last).sum();
            trace.output("gradient", Gradients.of(loss, List.of(pool.get(0))).getFirst());
        }
        for (int i = 0; i < 3; i++) {
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

    private Shape shape() {
        int rank = 1 + random.nextInt(3);
        int[] extents = new int[rank];
        for (int i = 0; i < rank; i++) {
            extents[i] = new int[] {1, 2, 3, 4, 6}[random.nextInt(5)];
        }
        return Shape.of(extents);
    }

    private Tensor pick() {
        return pool.get(random.nextInt(pool.size()));
    }

    private Tensor next(Tensor x) {
        int rank = x.shape().rank();
        switch (random.nextInt(16)) {
            case 0:
                return x.tanh();
            case 1:
                return x.mul(0.5).add(1);
            case 2, 3:
                for (Tensor y : pool.reversed()) {
                    if (y.shape().equals(x.shape()) && y != x) {
                        return x.sub(y);
                    }
                }
                return x.neg();
            case 4:
                return rank == 0 ? x.exp() : Functions.softmax(x);
            case 5:
                return rank == 0 ? x : x.sum(random.nextInt(rank));
            case 6:
                return rank == 0 ? x : x.maximum(random.nextInt(rank));
            case 7:
                return rank < 2 ? x : x.transpose(rotation(rank));
            case 8:
                return rank < 1 || x.shape().extent(-1) < 2
                        ? x
                        : x.slice(-1, 1, x.shape().extent(-1));
            case 9:
                return rank == 0 || x.shape().size() > 200
                        ? x
                        : Tensor.concat(random.nextInt(rank), List.of(x, x.mul(2)));
            case 10:
                return rank == 0 || x.shape().size() > 200 ? x : x.pad(random.nextInt(rank), 1, 2, -1);
            case 11:
                return x.shape().size() % 2 == 0 && random.nextBoolean() ? x.reshape(2, -1) : x.reshape(-1);
            case 12:
                return rank < 2 ? x : product(x);
            case 13:
                return rank == 0 ? x : x.sub(Functions.meanKeeping(x, random.nextInt(rank)));
            case 14:
                return rank == 0 || x.shape().size() > 200 ? x : x.broadcast(prepended(x.shape(), 2));
            case 15:
                return x.after(pick());
            default:
                return rank == 0
                        ? x
                        : trace.iota(x.shape(), rank - 1)
                                .lt(trace.constant(2, DType.I32))
                                .select(x, x.mul(3));
        }
    }

    private Tensor product(Tensor x) {
        if (random.nextBoolean()) {
            return x.matmul(x.transposeLast());
        }
        Tensor bounded = x.tanh();
        return Functions.attention(bounded, bounded.mul(2), x, 0.4, random.nextBoolean());
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
