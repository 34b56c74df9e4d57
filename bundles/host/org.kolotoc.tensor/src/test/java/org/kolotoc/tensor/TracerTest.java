package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.kolotoc.tensor.reference.ReferenceBackend;

class TracerTest {
    private final Tracer trace = new Tracer();

    private final Tensor x = trace.feed("x", DType.F32, Shape.of(2, 3));

    private final Tensor w = trace.state("w", DType.F32, Shape.of(4, 5));

    private static String message(Executable wrong) {
        return assertThrows(ShapeError.class, wrong).getMessage();
    }

    @Test
    void anErrorNamesTheOperationTheShapesTheLayerAndTheLine() {
        try (var _ = trace.scope("block0");
                var _ = trace.scope("mlp")) {
            String message = message(() -> x.matmul(w));
            assertTrue(message.contains("matmul"), message);
            assertTrue(message.contains("[2, 3] and [4, 5]"), message);
            assertTrue(message.contains("in block0.mlp"), message);
        }
    }

    @Test
    void everyWrongShapeIsRefused() {
        Stream.<Executable>of(
                        () -> x.add(w),
                        () -> x.reshape(5),
                        () -> x.reshape(-1, 4),
                        () -> x.transpose(0, 0),
                        () -> x.slice(1, 2, 4),
                        () -> x.slice(1, 2, 1),
                        () -> x.pad(0, -1, 0, 0),
                        () -> x.broadcast(Shape.of(2, 4)),
                        () -> Tensor.concat(0, List.of(x, w)),
                        () -> x.sum(2),
                        () -> x.gather(x),
                        () -> x.exp().lt(x.constant(1)).exp(),
                        () -> x.and(x),
                        () -> x.select(x, x),
                        () -> x.dynamicSlice(1, trace.constant(0, DType.I32), 4),
                        () -> x.dynamicUpdate(1, w, trace.constant(0, DType.I32)),
                        () -> x.scatterAdd(trace.iota(Shape.of(3), 0), 4),
                        () -> trace.uniform(x, Shape.of(2)),
                        () -> trace.update(x, x),
                        () -> trace.update(w, x),
                        () -> trace.feed("x", DType.I32, Shape.of(2, 3)),
                        () -> x.add(new Tracer().constant(1)),
                        () -> Gradients.of(x, List.of(x)),
                        () -> Functions.dropout(x, 1, trace.iota(Shape.of(2), 0)),
                        () -> Shape.of(-1),
                        () -> Shape.of(1 << 20, 1 << 20))
                .forEach(wrong -> assertFalse(message(wrong).isBlank()));
    }

    @Test
    void whatIsNoValueOfTheTypeIsRefusedWithTheLine() {
        Tensor a = trace.feed("a", DType.I32, Shape.of(2, 3));
        Tensor c = trace.feed("c", DType.BOOL, Shape.of(2, 3));
        Map<String, Executable> wrong = new LinkedHashMap<>();
        wrong.put("constant: 0.5 is no i32", () -> trace.constant(0.5, DType.I32));
        wrong.put("constant: -0.25 is no i32", () -> a.mul(-0.25));
        wrong.put("constant: 2.147483648E9 is no i32", () -> a.maximum(0x1p31));
        wrong.put("constant: -2.147483649E9 is no i32", () -> a.constant(-0x1p31 - 1));
        wrong.put("constant: NaN is no i32", () -> a.add(Double.NaN));
        wrong.put("constant: Infinity is no i32", () -> a.sub(Double.POSITIVE_INFINITY));
        wrong.put("constant: 2.0 is no bool", () -> trace.constant(2, DType.BOOL));
        wrong.put("constant: -1.0 is no bool", () -> c.constant(-1));
        wrong.put("constant: NaN is no bool", () -> c.constant(Double.NaN));
        wrong.put("constant: 1.0E300 is no f32", () -> x.mul(1e300));
        wrong.put("constant: -3.4028236E38 is no f32", () -> x.div(-3.4028236e38));
        wrong.put("pad: 1.5 is no i32", () -> a.pad(1, 0, 1, 1.5));
        wrong.put("pad: 7.0 is no bool", () -> c.pad(0, 1, 0, 7));
        wrong.put("pad: 4.0E38 is no f32", () -> x.pad(0, 0, 0, 4e38));
        wrong.put("attention: the scale NaN", () -> Functions.attention(x, x, x, Double.NaN, true));
        wrong.put("attention: the scale 1.0E39", () -> Functions.attention(x, x, x, 1e39, false));
        wrong.put("dropout: rate NaN", () -> Functions.dropout(x, Double.NaN, trace.iota(Shape.of(2), 0)));
        try (var _ = trace.scope("block0")) {
            wrong.forEach((beginning, trial) -> {
                String message = message(trial);
                assertTrue(message.startsWith(beginning), message);
                assertTrue(message.contains(" in block0"), message);
            });
        }
    }

    @Test
    void numbersAtTheEndsOfTheirTypesAreValues() {
        for (double f32 : new double[] {
            Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Float.MAX_VALUE, -0.0, 1e-300, 0.1
        }) {
            assertEquals(new Op.Constant(f32), trace.constant(f32).op());
        }
        for (double i32 : new double[] {Integer.MIN_VALUE, -1, 0, Integer.MAX_VALUE}) {
            assertEquals(new Op.Constant(i32), trace.constant(i32, DType.I32).op());
        }
        // Whole numbers and truth values have one zero.
        assertEquals(new Op.Constant(0), trace.constant(-0.0, DType.I32).op());
        assertEquals(new Op.Constant(0), trace.constant(-0.0, DType.BOOL).op());
        assertSame(trace.constant(0, DType.I32), trace.constant(-0.0, DType.I32));
    }

    @Test
    void sizesThatDoNotFitAreRefusedWithTheOperationItsShapesAndTheLine() {
        int many = 1 << 16;
        Tensor column = trace.feed("column", DType.F32, Shape.of(many, 1));
        Tensor row = trace.feed("row", DType.F32, Shape.of(1, many));
        Tensor half = trace.feed("half", DType.F32, Shape.of(1 << 30));
        Tensor index = trace.feed("index", DType.I32, Shape.of(many));
        Tensor stack = trace.feed("stack", DType.F32, Shape.of(many, 1, 2, 2));
        Tensor keys = trace.feed("keys", DType.F32, Shape.of(3, 1));
        Tensor values = trace.feed("values", DType.F32, Shape.of(3, many));
        Map<String, Executable> wrong = new LinkedHashMap<>();
        wrong.put("add: [65536, 1] and [1, 65536] give [65536, 65536]", () -> column.add(row));
        wrong.put("eq: [65536, 1] and [1, 65536]", () -> column.eq(row));
        wrong.put(
                "select: [65536, 1] and [1, 65536] and []",
                () -> column.eq(column).select(row, row.constant(1)));
        wrong.put("matmul: [65536, 1] and [1, 65536]", () -> column.matmul(row));
        wrong.put("matmul: [65536, 1, 2, 2] and [1, 65536, 2, 2]", () -> stack.matmul(stack.transpose(1, 0, 2, 3)));
        wrong.put(
                "pad: [65536, 1] give [65536, 4294967295]",
                () -> column.pad(1, Integer.MAX_VALUE, Integer.MAX_VALUE, 0));
        wrong.put("concat: [1073741824] and [1073741824]", () -> Tensor.concat(0, List.of(half, half)));
        wrong.put("gather: [4, 65536] and [65536]", () -> stack.reshape(4, many).gather(index));
        wrong.put("scatter_add: [65536] and [65536, 1, 2, 2]", () -> stack.scatterAdd(index, Integer.MAX_VALUE));
        wrong.put("attention: [65536, 1] and [3, 1]", () -> Functions.attention(column, keys, values, 1, false));
        wrong.put("one_hot: [65536] and [65536]", () -> Functions.oneHot(index, many));
        wrong.put("reshape: [65536, 1] give [65536, 65536]", () -> column.reshape(many, many));
        wrong.put("reshape: [65536, 1] does not divide", () -> column.reshape(-1, many, many, many, many));
        wrong.put("reshape: [65536, 1] give [-3, 65536], which has a negative", () -> column.reshape(-3, many));
        wrong.put("shape [65536, 65536] has more than 2^31-1 elements", () -> Shape.of(many, many));
        wrong.put("shape [65536, 32768] has more than 2^31-1 elements", () -> Shape.of(many, 1 << 15));
        wrong.put("shape [0, 65536, 65536] has more than", () -> Shape.of(0, many, many));
        wrong.put("shape [65536, 65536, 0] has more than", () -> Shape.of(many, many, 0));
        wrong.put("shape [2, -1] has a negative extent", () -> Shape.of(2, -1));
        wrong.forEach((beginning, trial) -> {
            String message = message(trial);
            assertTrue(message.startsWith(beginning), message);
            assertTrue(message.contains(" at "), message);
        });
    }

    @Test
    void axesThatDoNotExistAreRefusedWithTheOperationAndTheLine() {
        Tensor start = trace.constant(0, DType.I32);
        Map<String, Executable> wrong = new LinkedHashMap<>();
        wrong.put("slice: axis 2", () -> x.slice(2, 0, 1));
        wrong.put("pad: axis -3", () -> x.pad(-3, 0, 1, 0));
        wrong.put("concat: axis 5", () -> Tensor.concat(5, List.of(x, x)));
        wrong.put("dynamic_slice: axis 2", () -> x.dynamicSlice(2, start, 1));
        wrong.put("dynamic_update: axis 2", () -> x.dynamicUpdate(2, x, start));
        wrong.put("reduce_sum: axis 3", () -> x.sum(0, 3));
        wrong.put("reduce_max: axis -4", () -> x.maxKeepDims(-4));
        wrong.put("transpose: axis -1", () -> start.matrixTranspose());
        wrong.put("iota: axis 1", () -> trace.iota(Shape.of(3), 1));
        try (var _ = trace.scope("block0")) {
            wrong.forEach((beginning, trial) -> {
                String message = message(trial);
                assertTrue(message.startsWith(beginning + " does not exist in shape ["), message);
                assertTrue(message.contains(" in block0 at "), message);
            });
        }
    }

    /** An input and an output of one name would be one buffer. */
    @Test
    void inputsAndOutputsHaveNamesOfTheirOwn() {
        trace.output("y", x.exp());
        Map<String, Executable> wrong = Map.of(
                "input 'y'", () -> trace.feed("y", DType.F32, Shape.of(2, 3)),
                "output 'x'", () -> trace.output("x", x.sin()),
                "output 'w'", () -> trace.output("w", x.sin()),
                "input 'x'", () -> trace.state("x", DType.F32, Shape.of(2, 3)),
                "output 'y'", () -> trace.output("y", x.sin()));
        wrong.forEach((beginning, trial) -> {
            String message = message(trial);
            assertTrue(message.startsWith(beginning), message);
        });
        assertThrows(ShapeError.class, () -> trace.state("y", DType.F32, Shape.of(2, 3)));
    }

    @Test
    void elementwiseOperandsBroadcast() {
        Tensor column = trace.feed("column", DType.F32, Shape.of(2, 1));
        Tensor row = trace.feed("row", DType.F32, Shape.of(3));
        assertEquals(Shape.of(2, 3), column.add(row).shape());
        assertEquals(
                Shape.of(7, 2, 3),
                trace.feed("deep", DType.F32, Shape.of(7, 1, 3)).mul(x).shape());
        assertEquals(Shape.of(2, 3), x.add(1).shape());
    }

    @Test
    void equalNodesAreOneNode() {
        assertSame(x.mul(2).exp(), x.mul(2).exp());
    }

    @Test
    void randomNumbersOfTwoCallsDiffer() {
        Tensor key = trace.iota(Shape.of(2), 0);
        assertFalse(trace.uniform(key, Shape.of(3)) == trace.uniform(key, Shape.of(3)));
    }

    private String line(String part) {
        return trace.program()
                .listing()
                .lines()
                .filter(l -> l.contains(part))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void theNextValueOfAStateIsWhatItsUpdateMadeIt() {
        Tensor slow = trace.state("slow", DType.F32, Shape.of(4, 5));
        assertSame(w, trace.next(w), "before it is updated");
        trace.update(w, w.mul(0.5));
        Tensor average = slow.mul(0.9).add(trace.next(w).mul(0.1));
        assertSame(slow, trace.next(slow), "the update of another");
        trace.update(slow, average);
        assertSame(average, trace.next(slow));
        trace.output("apart", trace.next(w).sub(trace.next(slow)));
        assertEquals(
                "mul(%" + w.id() + ",",
                line("%" + trace.next(w).id() + " =").replaceAll(".*= ", "").replaceAll(" .*", ""));
    }

    @Test
    void gradientsFlowThroughTheNextValueOfAState() {
        Tensor target = trace.feed("target", DType.F32, Shape.of(4, 5));
        trace.update(w, w.mul(w));
        Tensor loss = trace.next(w).mul(target).sum();
        trace.output("to", Gradients.of(loss, List.of(trace.next(w))).getFirst());
        trace.output("through", Gradients.of(loss, List.of(w)).getFirst());
        Map<String, Float> inputs = Map.of("w", 3f, "target", 7f, "x", 0f);
        assertEquals(7, run(trace.program(), inputs, "to"));
        assertEquals(2 * 3 * 7, run(trace.program(), inputs, "through"));
    }

    /** The first element of an output, where all elements of each input are the same. */
    private static float run(Program program, Map<String, Float> inputs, String output) {
        ReferenceBackend backend = new ReferenceBackend();
        Map<String, Buffer> buffers = new LinkedHashMap<>();
        program.inputs().forEach((name, leaf) -> {
            Buffer buffer = backend.allocate(leaf.dtype(), leaf.shape());
            float[] values = new float[leaf.shape().size()];
            java.util.Arrays.fill(values, inputs.get(name));
            buffer.write(values);
            buffers.put(name, buffer);
        });
        program.outputs().forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        backend.compile(program).bind(buffers).run();
        float[] values = new float[buffers.get(output).shape().size()];
        buffers.get(output).read(values);
        return values[0];
    }

    @Test
    void onlyAStateOfTheTraceHasANextValue() {
        String message = message(() -> trace.next(x));
        assertTrue(message.startsWith("next: " + x + " is not a state"), message);
        Tensor foreign = new Tracer().state("w", DType.F32, Shape.of(4, 5));
        assertTrue(message(() -> trace.next(foreign)).contains("belongs to another trace"));
        assertTrue(message(() -> trace.update(foreign, w)).contains("belongs to another trace"));
    }

    @Test
    void whatNothingNeedsIsNotInTheProgram() {
        Tensor unused = x.exp();
        trace.output("y", x.sin());
        assertFalse(trace.program().nodes().contains(unused));
        assertTrue(trace.program().inputs().containsKey("w"));
    }

    @Test
    void theListingHasALineForEachNodeWithTheLineThatMadeIt() {
        trace.output("y", x.sin());
        String listing = trace.program().listing();
        assertTrue(listing.contains("sin(%0) : f32 [2, 3]"), listing);
        assertTrue(listing.contains("TracerTest.java:") || listing.contains("//"), listing);
        assertTrue(listing.contains("output y"), listing);
    }

    @Test
    void aStateIsUpdatedOnceAndAnOutputNamedOnce() {
        trace.update(w, w.mul(2));
        assertThrows(ShapeError.class, () -> trace.update(w, w));
        trace.output("y", x);
        assertThrows(ShapeError.class, () -> trace.output("y", x));
        assertThrows(ShapeError.class, () -> trace.output("w", x));
    }

    @Test
    void aParameterStartsTheSameWhateverElseThereIs() {
        float[] alone = new float[5];
        float[] longer = new float[9];
        new Initializer.Normal(0.1).fill(alone, 3, "block0.weight");
        new Initializer.Normal(0.1).fill(longer, 3, "block0.weight");
        for (int i = 0; i < alone.length; i++) {
            assertEquals(alone[i], longer[i]);
        }
        float[] other = new float[5];
        new Initializer.Normal(0.1).fill(other, 3, "block1.weight");
        assertTrue(alone[0] != other[0]);
    }

    @Test
    void aParameterOfWholeNumbersBeginsWithThemExactly() {
        int exact = (1 << 24) + 1;
        Buffer buffer = new ReferenceBackend().allocate(DType.I32, Shape.of(3));
        new Parameter("count", DType.I32, Shape.of(3), new Initializer.Constant(exact))
                .initializer()
                .fill(buffer, 3, "count");
        int[] written = new int[3];
        buffer.read(written);
        assertArrayEquals(new int[] {exact, exact, exact}, written);
        for (DType dtype : List.of(DType.I32, DType.BOOL)) {
            String message = assertThrows(
                            IllegalArgumentException.class,
                            () -> new Parameter("count", dtype, Shape.of(3), new Initializer.Constant(0.5)))
                    .getMessage();
            assertEquals("parameter 'count' begins with 0.5, which is no " + dtype.label(), message);
        }
    }

    @Test
    void aLargeParameterIsWrittenInPartsAsItWouldBeAtOnce() {
        int size = Initializer.PART + 17;
        float[] whole = new float[size];
        Initializer normal = new Initializer.Normal(0.1);
        normal.fill(whole, 3, "table");
        Buffer buffer = new ReferenceBackend().allocate(DType.F32, Shape.of(size));
        normal.fill(buffer, 3, "table");
        float[] written = new float[size];
        buffer.read(written);
        assertArrayEquals(whole, written);
        assertThrows(IllegalArgumentException.class, () -> buffer.write(size - 1, new float[2]));
        assertThrows(IllegalArgumentException.class, () -> buffer.write(-1, new float[1]));
        assertThrows(IllegalArgumentException.class, () -> buffer.write(0, new int[1]));
    }
}
