package org.kolotoc.launcher.tornado;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Our row-major products as calls of a library that counts columns first, against one written by its documentation. */
@SuppressWarnings("restricted")
class CublasProductsTest {
    private static final MemorySegment HANDLE = MemorySegment.ofAddress(0x77);
    private static int calls;
    private static int computation;

    /** {@code cublasGemmStridedBatchedEx}: {@code C = alpha op(A) op(B) + beta C}, columns first. */
    @SuppressWarnings("unused")
    private static int product(
            MemorySegment handle,
            int transposeA,
            int transposeB,
            int m,
            int n,
            int k,
            MemorySegment alpha,
            MemorySegment a,
            int typeA,
            int lineA,
            long strideA,
            MemorySegment b,
            int typeB,
            int lineB,
            long strideB,
            MemorySegment beta,
            MemorySegment c,
            int typeC,
            int lineC,
            long strideC,
            int batches,
            int compute,
            int algorithm) {
        calls++;
        computation = compute;
        if (!handle.equals(HANDLE) || lineA < (transposeA == 0 ? m : k) || lineC < m || typeA + typeB + typeC != 0) {
            return 7;
        }
        for (long batch = 0; batch < batches; batch++) {
            for (int i = 0; i < m; i++) {
                for (int j = 0; j < n; j++) {
                    float sum = 0;
                    for (int l = 0; l < k; l++) {
                        sum += at(a, batch * strideA + (transposeA == 0 ? i + (long) l * lineA : l + (long) i * lineA))
                                * at(
                                        b,
                                        batch * strideB
                                                + (transposeB == 0 ? l + (long) j * lineB : j + (long) l * lineB));
                    }
                    long place = batch * strideC + i + (long) j * lineC;
                    float before = at(beta, 0) == 0 ? 0 : at(beta, 0) * at(c, place);
                    c.reinterpret(Long.MAX_VALUE).setAtIndex(JAVA_FLOAT, place, at(alpha, 0) * sum + before);
                }
            }
        }
        return 0;
    }

    private static float at(MemorySegment memory, long index) {
        return memory.reinterpret(Long.MAX_VALUE).getAtIndex(JAVA_FLOAT, index);
    }

    private static CublasProducts products() throws ReflectiveOperationException {
        MethodType type = Arrays.stream(CublasProductsTest.class.getDeclaredMethods())
                .filter(method -> method.getName().equals("product"))
                .map(method -> MethodType.methodType(int.class, method.getParameterTypes()))
                .findFirst()
                .orElseThrow();
        MethodHandle product = MethodHandles.lookup().findStatic(CublasProductsTest.class, "product", type);
        return new CublasProducts(new Cublas(null, null, null, null, product, null, null, null));
    }

    /** A call on arrays 0 and 1: a and c in the first, b in the second, everything a little inside. */
    private static Map<String, Integer> call(int m, int n, int k, int outer, int inner, boolean turnA, boolean turnB) {
        Map<String, Integer> call = new HashMap<>(Map.of(
                "m", m, "n", n, "k", k, "outer", outer, "inner", inner, "accumulate", 0, "dropped", 0, "a", 0, "b", 1));
        call.put("c", 0);
        matrix(call, "a", 3, m, k, turnA);
        matrix(call, "b", 5, k, n, turnB);
        matrix(call, "c", 2000, m, n, false);
        return call;
    }

    private static void matrix(
            Map<String, Integer> call, String name, int offset, int rows, int columns, boolean turn) {
        int line = (turn ? rows : columns) + 1;
        call.put(name + ".offset", offset);
        call.put(name + ".line", line);
        call.put(name + ".transposed", turn ? 1 : 0);
        call.put(name + ".inner", line * (turn ? columns : rows));
        call.put(name + ".outer", line * (turn ? columns : rows) * call.get("inner"));
    }

    private static int index(Map<String, Integer> call, String name, int outer, int inner, int row, int column) {
        boolean turn = call.get(name + ".transposed") == 1;
        int line = call.get(name + ".line");
        return call.get(name + ".offset")
                + outer * call.get(name + ".outer")
                + inner * call.get(name + ".inner")
                + (turn ? column * line + row : row * line + column);
    }

    private static float[] expected(Map<String, Integer> call, float[] first, float[] second) {
        float[] expected = first.clone();
        for (int outer = 0; outer < call.get("outer"); outer++) {
            for (int inner = 0; inner < call.get("inner"); inner++) {
                for (int i = 0; i < call.get("m"); i++) {
                    for (int j = 0; j < call.get("n"); j++) {
                        int place = index(call, "c", outer, inner, i, j);
                        float sum = 0;
                        for (int k = 0; k < call.get("k"); k++) {
                            sum += first[index(call, "a", outer, inner, i, k)]
                                    * second[index(call, "b", outer, inner, k, j)];
                        }
                        expected[place] = call.get("accumulate") == 1 ? first[place] + sum : sum;
                    }
                }
            }
        }
        return expected;
    }

    private static void assertProduct(Map<String, Integer> call) throws ReflectiveOperationException {
        float[] first = new float[4000];
        float[] second = new float[2000];
        for (int i = 0; i < first.length; i++) {
            first[i] = i * 31 % 17 - 8;
            second[i / 2] = i * 13 % 11 - 5;
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment one = arena.allocateFrom(JAVA_FLOAT, first);
            MemorySegment two = arena.allocateFrom(JAVA_FLOAT, second);
            products().multiply(HANDLE, call, array -> (array == 0 ? one : two).address());
            assertArrayEquals(expected(call, first, second), one.toArray(JAVA_FLOAT), call.toString());
        }
    }

    @Test
    void rowsAreItsColumnsInEveryLayout() throws ReflectiveOperationException {
        for (boolean turnA : new boolean[] {false, true}) {
            for (boolean turnB : new boolean[] {false, true}) {
                assertProduct(call(5, 7, 3, 1, 1, turnA, turnB));
                assertProduct(call(1, 7, 3, 1, 1, turnA, turnB));
                assertProduct(call(5, 1, 1, 1, 1, turnA, turnB));
                assertProduct(call(4, 6, 5, 2, 3, turnA, turnB));
                assertProduct(call(4, 6, 5, 3, 2, turnA, turnB));
            }
        }
    }

    @Test
    void theLongerAxisOfBatchesIsOneCall() throws ReflectiveOperationException {
        calls = 0;
        assertProduct(call(2, 3, 4, 5, 2, false, true));
        assertEquals(2, calls);
        assertProduct(call(2, 3, 4, 2, 5, false, true));
        assertEquals(4, calls);
    }

    @Test
    void aProductIsAddedToWhatIsThere() throws ReflectiveOperationException {
        Map<String, Integer> call = call(5, 7, 3, 1, 1, false, false);
        call.put("accumulate", 1);
        assertProduct(call);
        assertEquals(68, computation);
        call.put("dropped", 16);
        assertProduct(call);
        assertEquals(75, computation);
        call.put("dropped", 13);
        assertProduct(call);
        assertEquals(77, computation);
        call.put("dropped", 12);
        assertThrows(IllegalArgumentException.class, () -> assertProduct(call));
    }

    @Test
    void anErrorIsNamed() {
        Map<String, Integer> call = call(5, 7, 3, 1, 1, false, false);
        call.put("c.line", 2);
        String message = assertThrows(IllegalStateException.class, () -> assertProduct(call))
                .getMessage();
        assertTrue(message.contains("cublasGemmStridedBatchedEx") && message.contains("error 7"), message);
    }
}
