package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** What operations give, by numbers that a reader can check. */
class OperationMeaningTest {
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

    /** Equal scores: a query takes the mean of what it sees. */
    @Test
    void aQuerySeesKeysUpToItsOwnPositionAndTheLengthOfItsRow() {
        Tensor values = x(Shape.of(3, 4, 1), 2, 4, 12, 30, 2, 4, 12, 30, 2, 4, 12, 30);
        Tensor keys = trace.constant(0, DType.F32, Shape.of(3, 4, 2));
        Tensor queries = trace.constant(0, DType.F32, Shape.of(3, 2, 2));
        Tensor starts = indices(Shape.of(3), 1, -1, 2_000_000_000);
        AttentionMask mask = AttentionMask.causalFrom(starts);
        gives(Functions.attention(queries, keys, values, 1, mask), 3, 6, 0, 2, 12, 12);
        Tensor lengths = feed("lengths", DType.I32, Shape.of(3), 2, 9, 0);
        gives(Functions.attention(queries, keys, values, 1, mask.within(lengths)), 3, 3, 0, 2, 0, 0);
        gives(Functions.attention(queries, keys, values, 1, AttentionMask.NONE.within(lengths)), 3, 3, 12, 12, 0, 0);
        gives(Functions.attention(queries, keys, values, 1, AttentionMask.CAUSAL.within(lengths)), 2, 3, 2, 3, 0, 0);
    }

    @Test
    void whatAQueryDoesNotSeeIsSentExactlyNothing() {
        Tensor values = x(Shape.of(2, 3, 1), 1, 2, 3, 4, 5, 6);
        Tensor queries = values.slice(1, 0, 1);
        Tensor y =
                Functions.attention(queries, values, values, 1, AttentionMask.NONE.within(indices(Shape.of(2), 0, 2)));
        Tensor gradient = Gradients.of(y.mul(y).sum(), List.of(values)).getFirst();
        Tensor zero = gradient.constant(0);
        gives(gradient.eq(zero), 1, 1, 1, 0, 0, 1);
    }

    @Test
    void masksThatFitNoRowsAreRefused() {
        refused("attention: starts or lengths [3] do not fit queries [2, 4, 4]", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 4, 4));
            return Functions.attention(x, x, x, 1, AttentionMask.NONE.within(t.iota(Shape.of(3), 0)));
        });
        refused("do not fit queries [4, 4]; they take [rows]", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(4, 4));
            return Functions.attention(x, x, x, 1, AttentionMask.causalFrom(t.iota(Shape.of(4), 0)));
        });
        refused("attention: takes operands of one type of (i32), got (f32)", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 4, 4));
            return Functions.attention(
                    x, x, x, 1, AttentionMask.NONE.within(t.constant(1).broadcast(Shape.of(2))));
        });
        assertThrows(IllegalArgumentException.class, () -> new Op.Mask(false, true, false));
    }

    @Test
    void elementsAreTakenAndAddedAlongAnAxis() {
        Tensor x = x(Shape.of(2, 3), 1, 2, 3, 10, 20, 30);
        Tensor columns = indices(Shape.of(2, 2), 2, 0, 1, 7);
        gives(x.gatherAlong(1, columns), 3, 1, 20, 0);
        Tensor rows = feed("rows", DType.I32, Shape.of(1, 3), 1, 0, -1);
        gives(x.gatherAlong(0, rows), 10, 2, 0);
        Tensor to = feed("to", DType.I32, Shape.of(2, 3), 1, 1, 0, 3, 0, 0);
        gives(x.scatterAddAlong(1, to, 2), 3, 3, 50, 0);
    }

    @Test
    void sumsGrowAlongAnAxisFromEitherEnd() {
        Tensor x = x(Shape.of(2, 3), 1, 2, 3, 10, 20, 30);
        gives(x.cumulativeSum(1), 1, 3, 6, 10, 30, 60);
        gives(x.cumulativeSum(0, true), 11, 22, 33, 10, 20, 30);
        Tensor whole = indices(Shape.of(3), Integer.MAX_VALUE, 1, 1);
        gives(whole.cumulativeSum(0), Integer.MAX_VALUE, Integer.MIN_VALUE, Integer.MIN_VALUE + 1);
    }

    @Test
    void equalElementsStayInOrderAndNaNIsAboveAllNumbers() {
        double nan = Double.NaN;
        Tensor x = x(Shape.of(2, 4), 2, 1, 2, 1, nan, 5, Double.POSITIVE_INFINITY, nan);
        gives(x.argSort(4, false), 1, 3, 0, 2, 1, 2, 0, 3);
        gives(x.argSort(4, true), 0, 2, 1, 3, 0, 3, 2, 1);
        gives(Functions.topK(x, 1).values(), 2, nan);
        Tensor zeros = feed("zeros", DType.F32, Shape.of(3), 0.0, -0.0, 0.0);
        gives(zeros.argSort(3, false), 0, 1, 2);
        gives(zeros.argSort(3, true), 0, 1, 2);
    }

    @Test
    void aLogarithmOfASumOverflowsOnlyWithItsResult() {
        double infinite = Double.POSITIVE_INFINITY;
        Tensor x = x(Shape.of(3, 2), 1000, 1000, -2000, -2000, -infinite, -infinite);
        gives(Functions.logSumExp(x, 1), 1000 + Math.log(2), -2000 + Math.log(2), -infinite);
        gives(Functions.logSumExpKeepDims(x.slice(0, 0, 1), -2), 1000, 1000);
        gives(Functions.logSumExp(feed("y", DType.F32, Shape.of(2), infinite, 3), 0), infinite);
    }

    @Test
    void whatGoesAlongNoAxisIsRefused() {
        refused("gather_along: indices [3, 2] differ from [2, 3] beside axis 1", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 3));
            return x.gatherAlong(1, t.iota(Shape.of(3, 2), 0));
        });
        refused("gather_along: axis 2 does not exist", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 3));
            return x.gatherAlong(2, t.iota(Shape.of(2, 3), 0));
        });
        refused("scatter_add_along: takes operands of one shape", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 3));
            return x.scatterAddAlong(1, t.iota(Shape.of(2, 2), 0), 3);
        });
        refused("arg_sort: there are no 4 elements in a row of [2, 3]", t -> {
            Tensor x = t.feed("x", DType.F32, Shape.of(2, 3));
            return Functions.topK(x, 4).values();
        });
        refused(
                "cumulative_sum: axis -3",
                t -> t.feed("x", DType.F32, Shape.of(2, 3)).cumulativeSum(-3));
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
