package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What operations give, by numbers that a reader can check. */
class OperationMeaningTest {
    private static final double NAN = Double.NaN;
    private static final double INFINITY = Double.POSITIVE_INFINITY;

    private final Tracer trace = new Tracer();
    private final Map<String, double[]> feeds = new HashMap<>();

    private Tensor feed(String name, DType dtype, Shape shape, double... elements) {
        feeds.put(name, elements);
        return trace.feed(name, dtype, shape);
    }

    private Tensor x(Shape shape, double... elements) {
        return feed("x", DType.F32, shape, elements);
    }

    private Tensor indices(Shape shape, double... elements) {
        return feed("indices", DType.I32, shape, elements);
    }

    private static void refused(String what, Function<Tracer, Tensor> wrong) {
        String message =
                assertThrows(ShapeError.class, () -> wrong.apply(new Tracer())).getMessage();
        assertTrue(message.contains(what), message);
    }

    private void gives(Tensor value, double... expected) {
        String name = "value" + value.id();
        trace.output(name, value);
        Program program = trace.program();
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        program.inputs().forEach((input, leaf) -> {
            buffers.put(input, backend.allocate(leaf.dtype(), leaf.shape()));
            double[] elements = feeds.get(input);
            System.arraycopy(
                    elements,
                    0,
                    ReferenceBackend.elements(buffers.get(input)),
                    0,
                    leaf.shape().size());
        });
        program.outputs().forEach((output, node) -> buffers.put(output, backend.allocate(node.dtype(), node.shape())));
        backend.compile(program).bind(buffers).run();
        assertArrayEquals(expected, ReferenceBackend.elements(buffers.get(name)), 1e-12);
    }

    @Test
    void eachRowIsReadAtAStartOfItsOwnAsFarAsItFits() {
        Tensor x = x(Shape.of(3, 4), 0, 1, 2, 3, 10, 11, 12, 13, 20, 21, 22, 23);
        Tensor starts = indices(Shape.of(3), 1, -5, 9);
        gives(x.dynamicSlice(1, starts, 2), 1, 2, 10, 11, 22, 23);
    }

    @Test
    void eachRowIsAppendedToAtAPositionOfItsOwn() {
        Tensor cache = x(Shape.of(2, 3, 2), 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);
        Tensor line = feed("line", DType.F32, Shape.of(2, 1, 2), 1, 2, 3, 4);
        gives(cache.dynamicUpdate(1, line, indices(Shape.of(2), 2, 0)), 0, 0, 0, 0, 1, 2, 3, 4, 0, 0, 0, 0);
    }

    @Test
    void startsOfRowsThatAreNoneAreRefused() {
        refused("dynamic_slice: a window of 1 at a start of shape [2]", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(3, 4));
            return x.dynamicSlice(1, t.iota(Shape.of(2), 0), 1);
        });
        refused("one for each row of the first axis where the window is not along that", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(3, 4));
            return x.dynamicSlice(0, t.iota(Shape.of(3), 0), 1);
        });
        refused("dynamic_update: [3, 1] at a start of shape [3, 1]", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(3, 4));
            return x.dynamicUpdate(1, x.slice(1, 0, 1), t.iota(Shape.of(3, 1), 0));
        });
    }
}
