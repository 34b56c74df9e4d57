package org.kolotoc.backend.tornado.kernels;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;

/**
 * A matrix product that the device's own library computes.
 *
 * @param call by names what the library is told: {@code m}, {@code n}, {@code k}, {@code outer} and {@code inner} batches,
 *     {@code accumulate} (0 or 1), {@code dropped} bits of each operand, {@code workspace} in bytes; of each matrix {@code a}, {@code b},
 *     {@code c}: which argument it lies in, and as {@code a.offset} ... its first element there, {@code a.line} from one
 *     line to the next, {@code a.transposed} whether its columns are the lines (0 or 1), {@code a.outer} and
 *     {@code a.inner} from one batch to the next
 */
public record LibraryProduct(String name, List<DeviceMemory> arguments, Map<String, Integer> call)
        implements DeviceTask {
    /** Memory that the library may use for itself, for each plan. */
    public static final int WORKSPACE = 32 << 20;

    /** Bytes that it takes for itself in a plan of these tasks. */
    public static long workspace(List<DeviceTask> tasks) {
        return tasks.stream().anyMatch(LibraryProduct.class::isInstance) ? WORKSPACE : 0;
    }

    /** Whether the library does a product: it has no word for two strides, nor for lines that overlap. */
    static boolean does(Launch.Product p) {
        return p.k() > 0
                && isLines(p.a(), p.m(), p.k())
                && isLines(p.b(), p.k(), p.n())
                && p.c().column() == 1
                && isLines(p.c(), p.m(), p.n());
    }

    private static boolean isLines(Matrix matrix, int rows, int columns) {
        return matrix.column() == 1
                ? matrix.row() >= columns || rows == 1
                : matrix.row() == 1 && (matrix.column() >= rows || columns == 1);
    }

    /** @param accumulate whether the result already holds what the product is added to */
    static LibraryProduct of(Launch.Product p, Placement placement, boolean accumulate) {
        List<DeviceMemory> arguments = Stream.of(p.a(), p.b(), p.c())
                .map(matrix -> placement.memory(matrix.buffer()))
                .distinct()
                .toList();
        Map<String, Integer> call = new TreeMap<>(Map.of(
                "m", p.m(),
                "n", p.n(),
                "k", p.k(),
                "outer", p.batch().get(0),
                "inner", p.batch().get(1),
                "accumulate", accumulate ? 1 : 0,
                "dropped", p.precision().dropped(),
                "workspace", WORKSPACE));
        describe(call, "a", p.a(), p.m(), p.k(), placement, arguments);
        describe(call, "b", p.b(), p.k(), p.n(), placement, arguments);
        describe(call, "c", p.c(), p.m(), p.n(), placement, arguments);
        return new LibraryProduct(KernelClass.identifier(p.name()), arguments, Collections.unmodifiableMap(call));
    }

    private static void describe(
            Map<String, Integer> call,
            String name,
            Matrix matrix,
            int rows,
            int columns,
            Placement placement,
            List<DeviceMemory> arguments) {
        boolean transposed = matrix.column() != 1;
        call.put(name, arguments.indexOf(placement.memory(matrix.buffer())));
        call.put(name + ".offset", placement.offset(matrix.buffer()) + matrix.offset());
        call.put(name + ".line", transposed ? Math.max(matrix.column(), rows) : Math.max(matrix.row(), columns));
        call.put(name + ".transposed", transposed ? 1 : 0);
        call.put(name + ".outer", matrix.batchStrides().get(0));
        call.put(name + ".inner", matrix.batchStrides().get(1));
    }
}
