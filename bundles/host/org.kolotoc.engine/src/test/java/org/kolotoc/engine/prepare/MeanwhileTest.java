package org.kolotoc.engine.prepare;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.engine.state.LiveState;
import org.kolotoc.engine.state.Meanwhile;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Parameter;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What is prepared while the steps of a run go on may be compiled, but neither run nor fed. */
final class MeanwhileTest {
    private final ReferenceBackend backend = new ReferenceBackend();

    private static void refused(Runnable work) {
        Meanwhile meanwhile = new Meanwhile();
        assertThrows(
                IllegalStateException.class,
                () -> meanwhile.call(() -> {
                    work.run();
                    return "done";
                }));
        assertTrue(meanwhile.touched(), "it is to be done again");
    }

    @Test
    void aProgramIsPreparedButDoesNotRun() {
        try (LiveState state = new LiveState(backend, 1)) {
            Parameter weight = Parameter.of("weight", Initializer.ZEROS, 1);
            state.declare("model", List.of(weight));
            Tracer tracer = new Tracer();
            Tensor traced = tracer.state("weight", weight.dtype(), weight.shape());
            tracer.update(traced, traced.add(1));
            try (Prepared program = new Meanwhile()
                    .call(() -> new Prepared(
                            "train", tracer.program(), backend, state, name -> "model/" + name, new Work()))) {
                refused(program::run);
                float[] values = new float[1];
                state.buffer("model/weight").read(values);
                assertEquals(0, values[0]);
                program.run();
                state.buffer("model/weight").read(values);
                assertEquals(1, values[0]);
            }
        }
    }

    @Test
    void aFeedIsNotFilled() {
        Tensor value = new Tracer().constant(1);
        try (LateBuffer buffer = LateBuffer.of(value, backend)) {
            float[] values = new float[value.shape().size()];
            refused(() -> buffer.write(values));
            refused(() -> buffer.read(values));
            buffer.write(values);
        }
    }
}
