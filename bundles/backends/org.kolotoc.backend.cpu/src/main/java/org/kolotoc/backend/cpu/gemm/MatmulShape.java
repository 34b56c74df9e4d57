package org.kolotoc.backend.cpu.gemm;

import java.util.Objects;

/**
 * A batch of matrix products, {@code C = A·B}, {@code C = A·B + bias} or {@code C = C + A·B}, with everything fixed but
 * the addresses: A is [outer, inner, m, k], B is [outer, inner, k, n], C is [outer, inner, m, n].
 *
 * <p>Of the row and the column stride of A one must be 1, likewise of B (a dimension of size 1 or 0 frees its stride);
 * the column stride of C must be 1. The products of a batch may share A or B (stride 0) but not C.
 *
 * @param m rows of A and C
 * @param n columns of B and C
 * @param k columns of A, rows of B; 0 gives a product of zeros
 * @param outer size of the outer batch dimension, 1 where there is none
 * @param inner size of the inner batch dimension (attention: the heads), 1 where there is none
 * @param a where A's elements lie
 * @param b where B's elements lie
 * @param c where C's elements lie
 * @param accumulate whether the product is added to what C holds
 * @param epilogue what is done to the product before it is stored; {@link Epilogue#NONE} with {@code accumulate}
 * @param compute the precision in which it is formed
 */
public record MatmulShape(
        int m,
        int n,
        int k,
        int outer,
        int inner,
        Strides a,
        Strides b,
        Strides c,
        boolean accumulate,
        Epilogue epilogue,
        Compute compute) {

    /** @throws IllegalArgumentException naming the size or stride that breaks the rules above */
    public MatmulShape {
        Objects.requireNonNull(epilogue, "epilogue");
        Objects.requireNonNull(compute, "compute");
        if (m < 0 || n < 0 || k < 0 || outer < 0 || inner < 0) {
            throw new IllegalArgumentException("sizes (m " + m + ", n " + n + ", k " + k + ", outer " + outer
                    + ", inner " + inner + "), expected none below 0");
        }
        requireUnitStride("A", a, m, k);
        requireUnitStride("B", b, k, n);
        if (c.column() != 1 && n > 1) {
            throw new IllegalArgumentException("column stride of C: " + c.column() + ", expected 1");
        }
        if (m > 1 && c.row() < n) {
            throw new IllegalArgumentException("row stride of C: " + c.row() + ", expected at least n = " + n);
        }
        if (outer > 1 && c.outer() == 0 || inner > 1 && c.inner() == 0) {
            throw new IllegalArgumentException("batch strides of C: outer " + c.outer() + ", inner " + c.inner()
                    + ", expected none 0 where the batch has more than one product");
        }
        if (accumulate && epilogue != Epilogue.NONE) {
            throw new IllegalArgumentException("epilogue " + epilogue + " of an accumulating product, expected NONE");
        }
    }

    /** A batch of products in single precision. */
    public MatmulShape(
            int m,
            int n,
            int k,
            int outer,
            int inner,
            Strides a,
            Strides b,
            Strides c,
            boolean accumulate,
            Epilogue epilogue) {
        this(m, n, k, outer, inner, a, b, c, accumulate, epilogue, Compute.F32);
    }

    /** One product of matrices whose rows follow each other without a gap. */
    public static MatmulShape of(int m, int n, int k) {
        return new MatmulShape(
                m, n, k, 1, 1, Strides.rowMajor(k), Strides.rowMajor(n), Strides.rowMajor(n), false, Epilogue.NONE);
    }

    /** The same product, A's elements lying elsewhere. */
    public MatmulShape withA(Strides strides) {
        return new MatmulShape(m, n, k, outer, inner, strides, b, c, accumulate, epilogue, compute);
    }

    /** The same product, B's elements lying elsewhere. */
    public MatmulShape withB(Strides strides) {
        return new MatmulShape(m, n, k, outer, inner, a, strides, c, accumulate, epilogue, compute);
    }

    /** The same product, C's elements lying elsewhere. */
    public MatmulShape withC(Strides strides) {
        return new MatmulShape(m, n, k, outer, inner, a, b, strides, accumulate, epilogue, compute);
    }

    /** The same product {@code outerSize * innerSize} times; {@code strides} says how far apart the operands lie. */
    public MatmulShape batched(int outerSize, int innerSize, Strides aStrides, Strides bStrides, Strides cStrides) {
        return new MatmulShape(
                m, n, k, outerSize, innerSize, aStrides, bStrides, cStrides, accumulate, epilogue, compute);
    }

    /** The same product, added to what C holds. */
    public MatmulShape accumulating() {
        return new MatmulShape(m, n, k, outer, inner, a, b, c, true, epilogue, compute);
    }

    /** The same product with this epilogue. */
    public MatmulShape with(Epilogue other) {
        return new MatmulShape(m, n, k, outer, inner, a, b, c, accumulate, other, compute);
    }

    /** The same product, formed in this precision. */
    public MatmulShape with(Compute other) {
        return new MatmulShape(m, n, k, outer, inner, a, b, c, accumulate, epilogue, other);
    }

    /** Multiplications and additions of one run. */
    public long flops() {
        return 2L * m * n * k * outer * inner;
    }

    /** Whether A lies column by column. */
    boolean turnsA() {
        return a.column() != 1 && k > 1;
    }

    /** Whether B lies column by column. */
    boolean turnsB() {
        return b.column() != 1 && n > 1;
    }

    /** Whether a run writes anything. */
    boolean writes() {
        return m > 0 && n > 0 && outer > 0 && inner > 0;
    }

    private static void requireUnitStride(String name, Strides s, int rows, int columns) {
        if (s.row() != 1 && s.column() != 1 && rows > 1 && columns > 1) {
            throw new IllegalArgumentException("strides of " + name + ": row " + s.row() + ", column " + s.column()
                    + ", expected one of them to be 1");
        }
    }
}
