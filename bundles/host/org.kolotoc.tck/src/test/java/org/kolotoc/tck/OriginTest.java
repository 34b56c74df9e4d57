package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.nn.Clipping;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.ShapeError;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Seen from outside: what a plugin asked for has the plugin's line, whoever was called on the way. */
class OriginTest {
    private final Tracer trace = new Tracer();
    private final Tensor x = trace.feed("x", DType.F32, Shape.of(3));

    @Test
    void whatJavaCallsBackHasTheLineOfWhoAskedForIt() {
        Tensor mapped = Optional.of(x).map(Tensor::exp).orElseThrow();
        Tensor summed = Stream.of(mapped, x).reduce(Tensor::add).orElseThrow();
        Tensor clipped = Clipping.globalNorm(List.of(summed), 1).gradients().getFirst();
        for (Tensor node : List.of(mapped, summed, clipped)) {
            String file = node.origin().source().replaceAll(":\\d+$", "");
            assertEquals("OriginTest.java", file, node.toString());
        }
    }

    @Test
    void soHasWhatWasRefused() {
        for (org.junit.jupiter.api.function.Executable wrong : List.<org.junit.jupiter.api.function.Executable>of(
                () -> Shape.of(1 << 16, 1 << 16),
                () -> Shape.of(-1),
                () -> Shape.of(2).extent(1),
                () -> x.reshape(2, 2),
                () -> trace.constant(0.5, DType.I32))) {
            String message = assertThrows(ShapeError.class, wrong).getMessage();
            assertTrue(message.contains(" at OriginTest.java:"), message);
        }
    }
}
