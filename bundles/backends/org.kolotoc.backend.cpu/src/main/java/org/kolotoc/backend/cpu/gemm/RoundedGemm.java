package org.kolotoc.backend.cpu.gemm;

import static org.kolotoc.backend.cpu.gemm.Microkernels.ALL;
import static org.kolotoc.backend.cpu.gemm.Microkernels.ORDER;
import static org.kolotoc.backend.cpu.gemm.Microkernels.SPECIES;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.tensor.Op;

/**
 * Products of operands rounded to bfloat16 or TF32: both are rounded into the workspace, line by line, and multiplied from
 * there, bfloat16 as such where the processor can, else as floats that hold the rounded values. Products of two such values
 * are exact in single precision, so both ways differ in the order of the sums only.
 */
final class RoundedGemm implements Gemm {

    private static final VectorSpecies<Integer> INTS = SPECIES.withLanes(int.class);
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(SPECIES.vectorBitSize() / 2));
    private static final int LANES = Microkernels.LANES;
    /** A piece rounds about so many floats. */
    private static final int PIECE_FLOATS = 1 << 16;

    private static final long ALIGNMENT = 64;

    private final MatmulShape shape;
    private final Gemm product;
    private final boolean narrow;
    /** The last bits of each float that are rounded away. */
    private final int dropped;

    private final Operand a;
    private final Operand b;

    RoundedGemm(MatmulShape shape, Arena arena) {
        this(
                shape,
                shape.compute() == Compute.BF16 && OneDnn.available() && OneDnn.multipliesBf16() && shape.k() > 1,
                arena);
    }

    /** @param narrow whether oneDNN multiplies bfloat16, else floats are multiplied */
    RoundedGemm(MatmulShape shape, boolean narrow, Arena arena) {
        this.shape = shape;
        this.narrow = narrow;
        this.dropped = dropped(shape.compute());
        a = new Operand(shape.a(), shape.m(), shape.k(), shape.turnsA());
        b = new Operand(shape.b(), shape.k(), shape.n(), shape.turnsB());
        var inner = shape.with(Compute.F32).withA(a.rounded).withB(b.rounded);
        product = narrow ? new OneDnnGemm(inner, Tiling.of(inner), true, arena) : Gemm.create(inner, arena);
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
        return a.bytes + b.bytes;
    }

    @Override
    public long keptBytes(Constant constant) {
        return (constant.a() ? a.bytes : 0) + (constant.b() ? b.bytes : 0);
    }

    @Override
    public Call call(Arena arena) {
        return call(arena, new Constant(false, false), 0);
    }

    @Override
    public Call call(Arena arena, Constant constant, long kept) {
        return new Operands(product.call(arena), constant, kept);
    }

    private final class Operands implements Call {
        private final Workers.Task task = this::roundPiece;
        private final Call call;
        private final Constant constant;
        private long aSource;
        private long bSource;
        private long aTarget;
        private long bTarget;
        /** Which of the operands are rounded now. */
        private boolean roundsA;

        private boolean roundsB;

        Operands(Call call, Constant constant, long kept) {
            this.call = call;
            this.constant = constant;
            aTarget = kept;
            bTarget = kept + (constant.a() ? a.bytes : 0);
        }

        @Override
        public void lend(long address) {
            aTarget = constant.a() ? aTarget : address;
            bTarget = constant.b() ? bTarget : address + a.bytes;
        }

        @Override
        public void keep(long a, long b, Workers workers) {
            round(a, b, constant.a(), constant.b(), workers);
        }

        @Override
        public void run(long a, long b, long c, long bias, Workers workers) {
            if (aTarget == 0) {
                throw new IllegalStateException("no memory was lent for the rounded operands");
            }
            round(a, b, !constant.a(), !constant.b(), workers);
            call.run(aTarget, bTarget, c, bias, workers);
        }

        private void round(long from, long other, boolean ofA, boolean ofB, Workers workers) {
            aSource = from;
            bSource = other;
            roundsA = ofA;
            roundsB = ofB;
            if (shape.writes() && (ofA || ofB)) {
                workers.run(task, (ofA ? a.pieces : 0) + (ofB ? b.pieces : 0));
            }
        }

        private void roundPiece(int piece) {
            int ofA = roundsA ? a.pieces : 0;
            if (piece < ofA) {
                a.round(piece, aSource, aTarget);
            } else {
                b.round(piece - ofA, bSource, bTarget);
            }
        }
    }

    /** One operand: its lines, which are what lies without a gap, and how its rounded copy lies. */
    private final class Operand {
        private final Strides strides;
        private final long stride;
        private final int lines;
        private final int length;
        private final int outer;
        private final int inner;
        private final int linesPerPiece;
        private final int pieces;
        private final Strides rounded;
        private final long bytes;

        Operand(Strides s, int rows, int columns, boolean turned) {
            strides = s;
            lines = turned ? columns : rows;
            length = turned ? rows : columns;
            stride = turned ? s.column() : s.row();
            outer = s.outer() == 0 ? 1 : shape.outer();
            inner = s.inner() == 0 ? 1 : shape.inner();
            long matrix = (long) rows * columns;
            rounded = new Strides(
                    turned ? 1 : columns,
                    turned ? rows : 1,
                    s.outer() == 0 ? 0 : inner * matrix,
                    s.inner() == 0 ? 0 : matrix);
            linesPerPiece = Math.max(1, PIECE_FLOATS / Math.max(1, length));
            pieces = Math.multiplyExact(
                    Math.multiplyExact(outer, inner), lines / linesPerPiece + (lines % linesPerPiece > 0 ? 1 : 0));
            bytes = ((narrow ? 2L : 4L) * outer * inner * matrix + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
        }

        void round(int piece, long source, long target) {
            int perMatrix = (lines + linesPerPiece - 1) / linesPerPiece;
            int matrix = piece / perMatrix;
            long from = source + 4 * (matrix / inner * strides.outer() + matrix % inner * strides.inner());
            int first = piece % perMatrix * linesPerPiece;
            int end = Math.min(lines, first + linesPerPiece);
            for (int line = first; line < end; line++) {
                long to = ((long) matrix * lines + line) * length;
                if (narrow) {
                    shorten(from + 4 * line * stride, length, target + 2 * to);
                } else {
                    blunt(from + 4 * line * stride, length, target + 4 * to, dropped);
                }
            }
        }
    }

    private static void shorten(long from, int length, long to) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            rounded(IntVector.fromMemorySegment(INTS, ALL, from + 4L * i, ORDER), Short.SIZE)
                    .lanewise(VectorOperators.LSHR, Short.SIZE)
                    .convertShape(VectorOperators.I2S, SHORTS, 0)
                    .reinterpretAsShorts()
                    .intoMemorySegment(ALL, to + 2L * i, ORDER);
        }
        for (; i < length; i++) {
            ALL.set(ValueLayout.JAVA_SHORT, to + 2L * i, (short)
                    (rounded(ALL.get(ValueLayout.JAVA_INT, from + 4L * i), Short.SIZE) >>> Short.SIZE));
        }
    }

    private static void blunt(long from, int length, long to, int dropped) {
        int i = 0;
        for (; i <= length - LANES; i += LANES) {
            rounded(IntVector.fromMemorySegment(INTS, ALL, from + 4L * i, ORDER), dropped)
                    .intoMemorySegment(ALL, to + 4L * i, ORDER);
        }
        for (; i < length; i++) {
            ALL.set(ValueLayout.JAVA_INT, to + 4L * i, rounded(ALL.get(ValueLayout.JAVA_INT, from + 4L * i), dropped));
        }
    }

    static int dropped(Compute compute) {
        return switch (compute) {
            case F32 -> throw new IllegalArgumentException("single precision rounds no operand");
            case BF16 -> Op.Precision.BF16.dropped();
            case TF32 -> Op.Precision.TF32.dropped();
        };
    }

    private static IntVector rounded(IntVector bits, int dropped) {
        IntVector odd = bits.lanewise(VectorOperators.LSHR, dropped).and(1);
        VectorMask<Integer> nan = bits.and(0x7fffffff).compare(VectorOperators.GT, 0x7f800000);
        return bits.add(odd)
                .add((1 << dropped - 1) - 1)
                .blend(bits.or(0x400000), nan)
                .and(-1 << dropped);
    }

    /** The bits of the nearest float whose last ones are 0, the even one of two; a NaN stays one. */
    static int rounded(int bits, int dropped) {
        if ((bits & 0x7fffffff) > 0x7f800000) {
            return (bits | 0x400000) & -1 << dropped;
        }
        return bits + (1 << dropped - 1) - 1 + (bits >>> dropped & 1) & -1 << dropped;
    }
}
