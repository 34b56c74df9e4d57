package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Tensors that a program brings with it. */
class LiteralTest {
    private final Tracer trace = new Tracer();
    private final Tensor x = trace.feed("x", DType.F32, Shape.of(2, 3));

    private static String message(Executable wrong) {
        return assertThrows(ShapeError.class, wrong).getMessage();
    }

    private String line() {
        return trace.program()
                .listing()
                .lines()
                .filter(l -> l.contains("literal()"))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aLiteralIsListedByTheHashOfItsElements() {
        float[] values = {1, 2, -0.0f, 4, 5, 6};
        Tensor literal = trace.constant(values, Shape.of(2, 3));
        trace.output("sum", literal.add(x));
        String line = line();
        assertTrue(line.matches(".*: f32 \\[2, 3\\] +// elements=sha256:[0-9a-f]{32} .*"), line);

        values[2] = 0;
        assertEquals(-0.0, ((Op.Literal) literal.op()).elements().at(2), "it was copied");
        Tensor another = trace.constant(values, Shape.of(2, 3));
        assertFalse(literal.op().equals(another.op()), "zeros of either sign");
        assertFalse(line.contains(another.op().toString()), another.op().toString());
        values[2] = -0.0f;
        assertSame(literal, trace.constant(values, Shape.of(2, 3)));
        assertEquals(literal.op(), trace.constant(values, Shape.of(6)).op());

        int[] bits = new int[6];
        for (int i = 0; i < bits.length; i++) {
            bits[i] = Float.floatToRawIntBits(values[i]);
        }
        Tensor whole = trace.constant(bits, Shape.of(6));
        assertFalse(literal.op().equals(whole.op()), "the same bits as whole numbers");
        bits[0] = 7;
        assertEquals(
                Float.floatToRawIntBits(1), ((Op.Literal) whole.op()).elements().at(0), "they were copied");
    }

    @Test
    void aLiteralOfOneValueIsAConstant() {
        assertSame(trace.constant(2.5, DType.F32, Shape.of(2)), trace.constant(new float[] {2.5f, 2.5f}, Shape.of(2)));
        assertSame(trace.constant(-7, DType.I32), trace.constant(new int[] {-7}, Shape.scalar()));
        assertEquals(
                new Op.Constant(0), trace.constant(new float[0], Shape.of(0, 3)).op());
        assertEquals(DType.I32, trace.constant(new int[0], Shape.of(0)).dtype());
    }

    @Test
    void aLiteralHasAsManyElementsAsItsShape() {
        try (var _ = trace.scope("table")) {
            String message = message(() -> trace.constant(new float[5], Shape.of(2, 3)));
            assertTrue(message.startsWith("constant: 5 elements are not the 6 of shape [2, 3]"), message);
            assertTrue(message.contains(" in table"), message);
            assertTrue(message(() -> trace.constant(new int[1], Shape.of(0))).contains("not the 0 of"));
        }
    }
}
