package org.kolotoc.backend.tornado.kernels;

import java.util.Map;

/** What a device's library makes of a call, in the order of the C interface's documentation, one number at a time. */
final class SimulatedLibrary {
    private final Map<String, Integer> call;
    private final int dropped;

    SimulatedLibrary(LibraryProduct product) {
        this.call = product.call();
        this.dropped = call.get("dropped");
    }

    /** A matrix of one batch: its elements, where it begins, and the distances between rows and columns. */
    private record Part(float[] elements, int first, int row, int column) {
        float get(int i, int j) {
            return elements[at(i, j)];
        }

        int at(int i, int j) {
            return first + i * row + j * column;
        }
    }

    /** @param arrays in the order of the product's arguments */
    void run(Object[] arrays) {
        int m = call.get("m");
        int n = call.get("n");
        int depth = call.get("k");
        boolean accumulates = call.get("accumulate") == 1;
        for (int outer = 0; outer < call.get("outer"); outer++) {
            for (int inner = 0; inner < call.get("inner"); inner++) {
                Part a = part(arrays, "a", outer, inner);
                Part b = part(arrays, "b", outer, inner);
                Part c = part(arrays, "c", outer, inner);
                for (int i = 0; i < m; i++) {
                    for (int j = 0; j < n; j++) {
                        float sum = 0;
                        for (int k = 0; k < depth; k++) {
                            sum += taken(a.get(i, k)) * taken(b.get(k, j));
                        }
                        // What is accumulated comes last: a product with a bias is one to which it is added.
                        c.elements()[c.at(i, j)] = accumulates ? sum + c.get(i, j) : sum;
                    }
                }
            }
        }
    }

    private Part part(Object[] arrays, String matrix, int outer, int inner) {
        boolean transposed = call.get(matrix + ".transposed") == 1;
        int line = call.get(matrix + ".line");
        int first = call.get(matrix + ".offset")
                + outer * call.get(matrix + ".outer")
                + inner * call.get(matrix + ".inner");
        float[] elements = ((SimulatedFloats) arrays[call.get(matrix)]).elements;
        return new Part(elements, first, transposed ? 1 : line, transposed ? line : 1);
    }

    private float taken(float value) {
        if (dropped == 0 || Float.isNaN(value)) {
            return value;
        }
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat(bits + (1 << dropped - 1) - 1 + (bits >>> dropped & 1) & -1 << dropped);
    }
}
