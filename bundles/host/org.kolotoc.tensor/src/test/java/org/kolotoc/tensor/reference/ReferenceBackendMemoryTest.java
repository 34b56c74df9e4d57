package org.kolotoc.tensor.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Where the heap ends, a message begins. */
class ReferenceBackendMemoryTest {
    private static final Shape LARGE = Shape.of(Integer.MAX_VALUE);
    private final ReferenceBackend backend = new ReferenceBackend();

    @Test
    void aBufferThatDoesNotFitIsTold() {
        String message = assertThrows(DeviceFailure.class, () -> backend.allocate(DType.I32, LARGE))
                .getMessage();
        assertTrue(message.contains("i32 [2147483647]") && message.contains("17179869176 bytes"), message);
    }

    @Test
    void aValueThatDoesNotFitIsToldWithItsLineAndNothingIsWritten() {
        Tracer trace = new Tracer();
        Tensor x = trace.state("x", DType.F32, Shape.of(1));
        trace.update(x, x.add(1));
        try (Tracer.Scope _ = trace.scope("block3")) {
            trace.output("y", x.broadcast(LARGE).sum());
        }
        Buffer state = backend.allocate(DType.F32, Shape.of(1));
        Buffer y = backend.allocate(DType.F32, Shape.scalar());
        String message = assertThrows(
                        DeviceFailure.class,
                        () -> backend.compile(trace.program())
                                .bind(Map.of("x", state, "y", y))
                                .run())
                .getMessage();
        assertTrue(message.contains("broadcast f32 [2147483647]"), message);
        assertTrue(message.contains("in block3 at ReferenceBackendMemoryTest.java:"), message);
        assertEquals(0, ReferenceBackend.elements(state)[0]);
    }
}
