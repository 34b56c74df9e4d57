package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.HashMap;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Matrix products by oneDNN. C is cut into pieces of some hundred rows and columns of one outer batch; equal pieces
 * share a compiled primitive, and each piece of a call has arguments of its own, pointed elsewhere only when an address
 * changes.
 */
final class OneDnnGemm implements Gemm {

    private static final ThreadLocal<MemorySegment> SCRATCH =
            ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(64 * 1024, 64));

    private final MatmulShape shape;
    private final Piece[] pieces;
    /** Products that are pieces of their own: the library makes no batch of two operands that both stay the same. */
    private final int apart;

    /** How A and B are stored. */
    private final int type;

    /** @throws IllegalArgumentException if k is 0, which oneDNN takes for nothing to do, or 1, see {@link #pays} */
    OneDnnGemm(MatmulShape shape, Tiling tiling, Arena arena) {
        this(shape, tiling, false, arena);
    }

    /** @param bf16 whether A and B are stored in bfloat16 */
    OneDnnGemm(MatmulShape shape, Tiling tiling, boolean bf16, Arena arena) {
        if (shape.k() < 2) {
            throw new IllegalArgumentException("k: " + shape.k() + ", expected at least 2 for oneDNN");
        }
        if (shape.epilogue() != Epilogue.NONE) {
            throw new IllegalArgumentException("epilogue: " + shape.epilogue() + ", expected NONE for oneDNN");
        }
        this.shape = shape;
        type = bf16 ? OneDnn.TYPE_BF16 : OneDnn.TYPE_F32;
        long bytes = bf16 ? 2 : 4;
        int rowParts = Math.min(tiling.rows(), Math.max(1, shape.m()));
        int columnParts = Math.min(tiling.columns(), Math.max(1, shape.n()));
        apart = shape.a().inner() == 0 && shape.b().inner() == 0 ? shape.inner() : 1;
        pieces = new Piece[shape.writes() ? Math.multiplyExact(shape.outer() * apart, rowParts * columnParts) : 0];
        var kinds = new HashMap<Long, Kind>();
        for (int i = 0; i < pieces.length; i++) {
            long outer = i / (rowParts * columnParts) / apart;
            long inner = i / (rowParts * columnParts) % apart;
            int r = i / columnParts % rowParts;
            int q = i % columnParts;
            int row = Tiling.bound(shape.m(), r, rowParts);
            int rows = Tiling.bound(shape.m(), r + 1, rowParts) - row;
            int column = Tiling.bound(shape.n(), q, columnParts);
            int columns = Tiling.bound(shape.n(), q + 1, columnParts) - column;
            pieces[i] = new Piece(
                    kinds.computeIfAbsent((long) rows << 32 | columns, _ -> kind(rows, columns, arena)),
                    bytes * (outer * shape.a().outer() + row * shape.a().row()),
                    bytes * (outer * shape.b().outer() + column * shape.b().column()),
                    4
                            * (outer * shape.c().outer()
                                    + inner * shape.c().inner()
                                    + row * shape.c().row()
                                    + column));
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

    /** Pieces of one size: the descriptions of their operands, 0 for none, and the primitive compiled for them. */
    private record Kind(long src, long weights, long dst, long scratchpad, OneDnn.Primitive primitive) {}

    private Kind kind(int rows, int columns, Arena arena) {
        long src = description(rows, shape.k(), shape.a(), type, arena);
        long weights = description(shape.k(), columns, shape.b(), type, arena);
        long dst = description(rows, columns, shape.c(), OneDnn.TYPE_F32, arena);
        OneDnn.Primitive primitive = OneDnn.matmul(src, weights, dst, shape.accumulate(), arena);
        long scratchpad =
                primitive.scratchpadBytes() == 0 ? 0 : OneDnn.scratchpadDescription(primitive.scratchpadBytes(), arena);
        return new Kind(src, weights, dst, scratchpad, primitive);
    }

    private long description(long rows, long columns, Strides s, int type, Arena arena) {
        // A dimension of one element has no stride to speak of, but the library compares all of them.
        long row = rows > 1 ? s.row() : Math.max(s.row(), columns * s.column());
        long column = columns > 1 ? s.column() : rows > 1 ? Math.min(1, s.row()) : 1;
        if (shape.inner() == apart) {
            return OneDnn.description(new long[] {rows, columns}, new long[] {row, column}, type, arena);
        }
        if (s.inner() == 0) { // the library repeats what has size 1
            long whole = Math.max(rows * row, columns * column);
            return OneDnn.description(new long[] {1, rows, columns}, new long[] {whole, row, column}, type, arena);
        }
        return OneDnn.description(
                new long[] {shape.inner(), rows, columns}, new long[] {s.inner(), row, column}, type, arena);
    }

    @Override
    public long callBytes() {
        return (long) pieces.length * Arguments.BYTES;
    }

    /** A part of C: what it is computed by, and how far its first elements lie behind those of the operands. */
    private record Piece(Kind kind, long a, long b, long c) {}

    @Override
    public Call call(Arena arena) {
        return new Operands(arena);
    }

    private final class Operands implements Call {
        private final Workers.Task task = this::runPiece;
        private final Arguments[] arguments = new Arguments[pieces.length];
        private long a;
        private long b;
        private long c;

        Operands(Arena arena) {
            for (int i = 0; i < pieces.length; i++) {
                arguments[i] = new Arguments(pieces[i].kind(), arena);
            }
        }

        @Override
        public void run(long a, long b, long c, long bias, Workers workers) {
            this.a = a;
            this.b = b;
            this.c = c;
            workers.run(task, pieces.length);
        }

        private void runPiece(int number) {
            Piece piece = pieces[number];
            arguments[number].run(a + piece.a(), b + piece.b(), c + piece.c());
        }
    }

    private static long scratch(long bytes) {
        var memory = SCRATCH.get();
        if (memory.byteSize() < bytes) {
            memory = Arena.ofAuto().allocate(bytes, 64);
            SCRATCH.set(memory);
        }
        return memory.address();
    }

    /** What a primitive is run with. */
    private static final class Arguments {
        /** Of four entries {int operand; long memory}. */
        static final long BYTES = 4 * 16;

        private final OneDnn.Primitive primitive;
        private final MemorySegment entries;
        private final long src;
        private final long weights;
        private final long dst;
        private final long scratchpad;
        private int count;
        private long srcAt;
        private long weightsAt;
        private long dstAt;
        private long scratchpadAt;

        Arguments(Kind kind, Arena arena) {
            primitive = kind.primitive();
            entries = arena.allocate(BYTES, 16);
            src = argument(OneDnn.ARG_SRC, kind.src(), arena);
            weights = argument(OneDnn.ARG_WEIGHTS, kind.weights(), arena);
            dst = argument(OneDnn.ARG_DST, kind.dst(), arena);
            scratchpad = argument(OneDnn.ARG_SCRATCHPAD, kind.scratchpad(), arena);
        }

        private long argument(int operand, long description, Arena arena) {
            if (description == 0) {
                return 0;
            }
            long memory = OneDnn.memory(description, arena);
            entries.set(ValueLayout.JAVA_INT, 16L * count, operand);
            entries.set(ValueLayout.JAVA_LONG, 16L * count + 8, memory);
            count++;
            return memory;
        }

        void run(long a, long b, long c) {
            if (srcAt != a) {
                OneDnn.point(src, srcAt = a);
            }
            if (weightsAt != b) {
                OneDnn.point(weights, weightsAt = b);
            }
            if (dstAt != c) {
                OneDnn.point(dst, dstAt = c);
            }
            if (scratchpad != 0) {
                long at = scratch(primitive.scratchpadBytes());
                if (scratchpadAt != at) {
                    OneDnn.point(scratchpad, scratchpadAt = at);
                }
            }
            OneDnn.execute(primitive.handle(), count, entries.address());
        }
    }
}
