package org.kolotoc.backend.cpu.gemm;

import java.lang.foreign.Arena;
import org.kolotoc.backend.cpu.threads.Workers;

/**
 * Products, and then a vector added to each of their rows. A kernel that adds it afterwards has the same bits, whatever the way
 * of the product: a library that begins its sums with the vector, or takes another way where there is one, would not.
 */
final class BiasedGemm implements Gemm {
    /** A piece adds at least so many floats: some microseconds. */
    private static final int PIECE_FLOATS = 1 << 15;

    private final MatmulShape shape;
    private final Gemm product;
    private final long rows;
    private final long rowsPerPiece;
    private final int pieces;

    /** @param product the same without the vector */
    BiasedGemm(MatmulShape shape, Gemm product) {
        this.shape = shape;
        this.product = product;
        rows = shape.writes() ? (long) shape.m() * shape.outer() * shape.inner() : 0;
        long least = Math.ceilDiv(PIECE_FLOATS, Math.max(1, shape.n()));
        rowsPerPiece = Math.max(least, Math.ceilDiv(rows, Workers.MAX_PIECES));
        pieces = (int) Math.ceilDiv(rows, rowsPerPiece);
    }

    @Override
    public MatmulShape shape() {
        return shape;
    }

    @Override
    public long callBytes() {
        return product.callBytes();
    }

    @Override
    public long workspaceBytes() {
        return product.workspaceBytes();
    }

    @Override
    public long keptBytes(Constant constant) {
        return product.keptBytes(constant);
    }

    @Override
    public Call call(Arena arena) {
        return new Operands(product.call(arena));
    }

    @Override
    public Call call(Arena arena, Constant constant, long kept) {
        return new Operands(product.call(arena, constant, kept));
    }

    private final class Operands implements Call {
        private final Workers.Task task = this::runPiece;
        private final Call call;
        private long c;
        private long bias;

        Operands(Call call) {
            this.call = call;
        }

        @Override
        public void lend(long address) {
            call.lend(address);
        }

        @Override
        public void keep(long a, long b, Workers workers) {
            call.keep(a, b, workers);
        }

        @Override
        public void run(long a, long b, long c, long bias, Workers workers) {
            call.run(a, b, c, workers);
            this.c = c;
            this.bias = bias;
            workers.run(task, pieces);
        }

        private void runPiece(int piece) {
            MatmulShape s = shape;
            long end = Math.min(rows, (piece + 1) * rowsPerPiece);
            for (long row = piece * rowsPerPiece; row < end; row++) {
                long batch = row / s.m();
                long place = batch / s.inner() * s.c().outer()
                        + batch % s.inner() * s.c().inner()
                        + row % s.m() * s.c().row();
                VectorGemv.addLine(s.n(), 1, bias, c + 4 * place);
            }
        }
    }
}
