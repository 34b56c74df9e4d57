package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Matrix products by oneDNN. C is cut into pieces of some hundred rows and columns of one outer batch; equal pieces
 * share a compiled primitive, and each piece has arguments of its own, pointed elsewhere only when an address changes.
 */
final class OneDnnGemm implements Gemm {

    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(64 * 1024, 64));

    private final MatmulShape shape;
    private final Piece[] pieces;
    private final Workers.Task task = this::runPiece;
    private final Arena arena = Arena.ofShared();
    /** What frees the native objects, last made first. */
    private final Deque<Runnable> releases = new ArrayDeque<>();

    /** How A and B are stored. */
    private final int type;

    private final long bytes;

    private boolean closed;
    private long a;
    private long b;
    private long c;
    private long bias;

    OneDnnGemm(MatmulShape shape) {
        this(shape, Cut.of(shape));
    }

    /** @throws IllegalArgumentException if k is 0, which oneDNN takes for nothing to do, or 1, see {@link #pays} */
    OneDnnGemm(MatmulShape shape, Cut cut) {
        this(shape, cut, false);
    }

    /** @param bf16 whether A and B are stored in bfloat16 */
    OneDnnGemm(MatmulShape shape, Cut cut, boolean bf16) {
        if (shape.k() < 2) {
            throw new IllegalArgumentException("k: " + shape.k() + ", expected at least 2 for oneDNN");
        }
        this.shape = shape;
        type = bf16 ? OneDnn.TYPE_BF16 : OneDnn.TYPE_F32;
        bytes = bf16 ? 2 : 4;
        int rowParts = Math.min(cut.rows(), Math.max(1, shape.m()));
        int columnParts = Math.min(cut.columns(), Math.max(1, shape.n()));
        pieces = new Piece[shape.writes() ? Math.multiplyExact(shape.outer(), rowParts * columnParts) : 0];
        var kinds = new HashMap<Long, Kind>();
        try {
            for (int i = 0; i < pieces.length; i++) {
                int outer = i / (rowParts * columnParts);
                int r = i / columnParts % rowParts;
                int q = i % columnParts;
                int row = Cut.bound(shape.m(), r, rowParts);
                int rows = Cut.bound(shape.m(), r + 1, rowParts) - row;
                int column = Cut.bound(shape.n(), q, columnParts);
                int columns = Cut.bound(shape.n(), q + 1, columnParts) - column;
                var kind = kinds.computeIfAbsent((long) rows << 32 | columns, _ -> new Kind(rows, columns));
                pieces[i] = new Piece(kind, outer, row, column);
            }
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    /**
     * Whether oneDNN is the way: always but for two rows times a matrix that can be read in place, where it is slower, and
     * for sums of one term, of which it gets batches wrong (3.13: results depend on what lies behind A).
     */
    static boolean pays(MatmulShape shape) {
        return shape.k() > 1 && (shape.m() != 2 || shape.b().column() != 1);
    }

    @Override
    public MatmulShape shape() {
        return shape;
    }

    @Override
    public void run(long a, long b, long c, long bias, Workers workers) {
        if (closed) {
            throw new IllegalStateException("these products are closed");
        }
        this.a = a;
        this.b = b;
        this.c = c;
        this.bias = bias;
        workers.run(task, pieces.length);
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            releases.forEach(Runnable::run);
            releases.clear();
            arena.close();
        }
    }

    private void runPiece(int number) {
        pieces[number].run();
    }

    private static long scratch(long bytes) {
        var memory = SCRATCH.get();
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, 64);
            SCRATCH.set(memory);
        }
        return memory.address();
    }

    private long description(long rows, long columns, Strides s, int type) {
        // A dimension of one element has no stride to speak of, but the library compares all of them.
        long row = rows > 1 ? s.row() : Math.max(s.row(), columns * s.column());
        long column = columns > 1 ? s.column() : rows > 1 ? Math.min(1, s.row()) : 1;
        long description;
        if (shape.inner() == 1) {
            description = OneDnn.description(new long[] {rows, columns}, new long[] {row, column}, type);
        } else if (s.inner() == 0) { // the library repeats what has size 1
            long whole = Math.max(rows * row, columns * column);
            description = OneDnn.description(new long[] {1, rows, columns}, new long[] {whole, row, column}, type);
        } else {
            description = OneDnn.description(
                    new long[] {shape.inner(), rows, columns}, new long[] {s.inner(), row, column}, type);
        }
        releases.push(() -> OneDnn.destroyDescription(description));
        return description;
    }

    /** Pieces of one size: the descriptions of their operands and the primitive compiled for them. */
    private final class Kind {
        final long src;
        final long weights;
        final long biases;
        final long dst;
        final long scratchpad;
        final OneDnn.Primitive primitive;

        Kind(int rows, int columns) {
            src = description(rows, shape.k(), shape.a(), type);
            weights = description(shape.k(), columns, shape.b(), type);
            dst = description(rows, columns, shape.c(), OneDnn.TYPE_F32);
            biases = shape.epilogue() == Epilogue.BIAS
                    ? description(1, columns, new Strides(columns, 1, 0, 0), OneDnn.TYPE_F32)
                    : 0;
            primitive = OneDnn.matmul(src, weights, biases, dst, shape.accumulate());
            releases.push(() -> OneDnn.destroyPrimitive(primitive.handle()));
            scratchpad =
                    primitive.scratchpadBytes() == 0 ? 0 : OneDnn.scratchpadDescription(primitive.scratchpadBytes());
            if (scratchpad != 0) {
                releases.push(() -> OneDnn.destroyDescription(scratchpad));
            }
        }
    }

    /** A part of C, and the arguments with which it is computed. */
    private final class Piece {
        private final OneDnn.Primitive primitive;
        private final long aOffset;
        private final long bOffset;
        private final long cOffset;
        private final long biasOffset;
        private final MemorySegment arguments;
        private final long src;
        private final long weights;
        private final long dst;
        private final long biases;
        private final long scratchpad;
        private int count;
        private long srcAt;
        private long weightsAt;
        private long dstAt;
        private long biasesAt;
        private long scratchpadAt;

        Piece(Kind kind, int outer, int row, int column) {
            primitive = kind.primitive;
            aOffset = bytes * (outer * shape.a().outer() + row * shape.a().row());
            bOffset = bytes * (outer * shape.b().outer() + column * shape.b().column());
            cOffset = 4 * (outer * shape.c().outer() + row * shape.c().row() + column);
            biasOffset = 4L * column;
            arguments = arena.allocate(5 * 16, 16);
            src = argument(OneDnn.ARG_SRC, kind.src);
            weights = argument(OneDnn.ARG_WEIGHTS, kind.weights);
            dst = argument(OneDnn.ARG_DST, kind.dst);
            biases = argument(OneDnn.ARG_BIAS, kind.biases);
            scratchpad = argument(OneDnn.ARG_SCRATCHPAD, kind.scratchpad);
        }

        private long argument(int operand, long description) {
            if (description == 0) {
                return 0;
            }
            long memory = OneDnn.memory(description);
            releases.push(() -> OneDnn.destroyMemory(memory));
            arguments.set(ValueLayout.JAVA_INT, 16L * count, operand);
            arguments.set(ValueLayout.JAVA_LONG, 16L * count + 8, memory);
            count++;
            return memory;
        }

        void run() {
            if (srcAt != a + aOffset) {
                OneDnn.point(src, srcAt = a + aOffset);
            }
            if (weightsAt != b + bOffset) {
                OneDnn.point(weights, weightsAt = b + bOffset);
            }
            if (dstAt != c + cOffset) {
                OneDnn.point(dst, dstAt = c + cOffset);
            }
            if (biases != 0 && biasesAt != bias + biasOffset) {
                OneDnn.point(biases, biasesAt = bias + biasOffset);
            }
            if (scratchpad != 0) {
                long at = scratch(primitive.scratchpadBytes());
                if (scratchpadAt != at) {
                    OneDnn.point(scratchpad, scratchpadAt = at);
                }
            }
            OneDnn.execute(primitive.handle(), count, arguments.address());
        }
    }
}
