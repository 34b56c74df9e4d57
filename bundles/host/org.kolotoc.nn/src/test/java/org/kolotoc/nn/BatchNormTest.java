package org.kolotoc.nn;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.ShapeError;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What it gives is compared with another library's in the suite of layers. */
class BatchNormTest {
    @Test
    void aChannelOfOneNumberIsRefused() {
        Tracer tracer = new Tracer();
        BatchNorm layer = new BatchNorm(3);
        Tensor x = tracer.feed("x", DType.F32, Shape.of(1, 3));
        ShapeError error = assertThrows(
                ShapeError.class, () -> layer.training(Run.states(tracer, layer.parameters()), x, (_, _) -> {}));
        assertTrue(error.getMessage().contains("larger batch"), error::getMessage);
        // A picture has more numbers in each channel.
        Tensor picture = tracer.feed("picture", DType.F32, Shape.of(1, 3, 2, 2));
        layer.training(name -> tracer.constant(1, DType.F32, Shape.of(layer.channels())), picture, (_, _) -> {});
    }
}
