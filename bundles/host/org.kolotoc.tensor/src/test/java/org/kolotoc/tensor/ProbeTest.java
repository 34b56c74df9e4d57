package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Values from within a program as outputs of another. */
class ProbeTest {
    private final Tracer trace = new Tracer();
    private final Tensor x = trace.feed("x", DType.F32, Shape.of(3));
    private final Tensor hidden = x.exp();
    private final Tensor unused = x.sin();

    private Program program() {
        Tensor w = trace.state("w", DType.F32, Shape.of(3));
        trace.update(w, w.add(hidden));
        trace.output("y", hidden.sum());
        return trace.program();
    }

    @Test
    void aProgramGivesInnerValuesBesideItsOutputs() {
        Program program = program();
        Program probed = program.withOutputs(Map.of("hidden", hidden, "fed", x));
        assertEquals(program.updates(), probed.updates());
        assertFalse(program.outputs().containsKey("hidden"));
        ReferenceBackend backend = new ReferenceBackend();
        Map<String, Buffer> buffers = new HashMap<>();
        probed.inputs().forEach((name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape())));
        probed.outputs().forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        buffers.get("x").write(new float[] {0, 1, 2});
        backend.compile(probed).bind(buffers).run();
        float[] inner = new float[3];
        buffers.get("hidden").read(inner);
        assertArrayEquals(new float[] {1, (float) Math.E, (float) Math.exp(2)}, inner, 1e-6f);
        buffers.get("w").read(inner);
        assertArrayEquals(new float[] {1, (float) Math.E, (float) Math.exp(2)}, inner, 1e-6f);
        buffers.get("fed").read(inner);
        assertArrayEquals(new float[] {0, 1, 2}, inner);
    }

    @Test
    void whatIsNoNodeOrHasANameAlreadyIsRefused() {
        Program program = program();
        assertTrue(message(program, "probe", unused).contains("'probe': " + unused + " is no node of the program"));
        assertTrue(message(program, "y", hidden).contains("'y': the program has that name already"));
        assertTrue(message(program, "w", hidden).contains("'w': the program has that name already"));
    }

    private static String message(Program program, String name, Tensor value) {
        return assertThrows(IllegalArgumentException.class, () -> program.withOutputs(Map.of(name, value)))
                .getMessage();
    }
}
