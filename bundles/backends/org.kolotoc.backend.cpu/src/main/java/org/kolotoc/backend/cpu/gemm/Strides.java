package org.kolotoc.backend.cpu.gemm;

/**
 * Where the elements of a batch of matrices lie: element (i, j) of matrix (o, p) is
 * {@code o * outer + p * inner + i * row + j * column} floats behind the matrix's address.
 *
 * @param row floats from one row to the next
 * @param column floats from one column to the next
 * @param outer floats from one matrix to the next along the outer batch dimension; 0 repeats the matrix
 * @param inner floats from one matrix to the next along the inner batch dimension; 0 repeats the matrix
 */
public record Strides(long row, long column, long outer, long inner) {

    /** @throws IllegalArgumentException if a stride is negative */
    public Strides {
        if (row < 0 || column < 0 || outer < 0 || inner < 0) {
            throw new IllegalArgumentException("strides (row " + row + ", column " + column + ", outer " + outer
                    + ", inner " + inner + "), expected none below 0");
        }
    }

    /** One matrix whose rows follow each other without a gap. */
    public static Strides rowMajor(long columns) {
        return new Strides(columns, 1, 0, 0);
    }

    /** The same storage read as its transpose. */
    public Strides transposed() {
        return new Strides(column, row, outer, inner);
    }

    /** The same matrices, with these distances between them. */
    public Strides batched(long outerStride, long innerStride) {
        return new Strides(row, column, outerStride, innerStride);
    }
}
