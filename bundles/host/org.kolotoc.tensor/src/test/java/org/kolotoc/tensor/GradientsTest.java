package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Every derivative against central differences in double precision. */
class GradientsTest {
    private static final double STEP = 1e-5;

    @TestFactory
    Stream<DynamicTest> everyOperationAgreesWithCentralDifferences() {
        return GradientCases.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> check(entry.getValue())));
    }

    @TestFactory
    Stream<DynamicTest> theGradientOfTheGradientAgreesToo() {
        return Stream.of(
                        "exp",
                        "tanh",
                        "mul",
                        "div",
                        "matmul",
                        "softmax",
                        "layer norm",
                        "gelu",
                        "sqrt",
                        "concat",
                        "gather",
                        "conv2d",
                        "conv2d gradients",
                        "transposed convolution",
                        "causal attention",
                        "scan",
                        "scan with gates",
                        "scan from the end",
                        "scan in a scan")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    GradientCases.Case first = GradientCases.all().get(name);
                    check(new GradientCases.Case(first.shape(), first.offset(), first.scale(), x -> {
                        Tensor y = first.function().apply(x);
                        Tensor gradient =
                                Gradients.of(y.mul(y).sum(), List.of(x)).getFirst();
                        return gradient.mul(GradientCases.other(x));
                    }));
                }));
    }

    /** Fails when somebody adds an operation and no case here uses it. */
    @Test
    void noOperationIsLeftOut() {
        Set<String> used = new HashSet<>();
        for (GradientCases.Case c : GradientCases.all().values()) {
            Tracer trace = new Tracer();
            trace.output("y", c.function().apply(trace.feed("x", DType.F32, c.shape())));
            trace.program().nodes().forEach(node -> used.add(node.op().label()));
        }
        Set<String> all = new TreeSet<>(List.of("feed", "reduce_sum", "reduce_max"));
        for (Class<?> type : Op.class.getPermittedSubclasses()) {
            String label =
                    type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toLowerCase();
            if (!Set.of("input", "unary", "binary", "compare", "reduce").contains(label)) {
                all.add(label);
            }
        }
        Stream.of(Op.UnaryKind.values(), Op.BinaryKind.values(), Op.CompareKind.values())
                .flatMap(Stream::of)
                .forEach(kind -> all.add(((Enum<?>) kind).name().toLowerCase()));
        all.removeAll(used);
        assertTrue(all.isEmpty(), () -> "operations without a gradient test: " + all);
    }

    @Test
    void maskedPositionsHaveExactlyNoGradient() {
        Tracer trace = new Tracer();
        Tensor scores = trace.feed("x", DType.F32, Shape.of(4, 4));
        Tensor mask = Functions.causalMask(trace, 4, 4);
        Tensor shares = Functions.softmax(mask.select(scores, scores.constant(-1e30)));
        Tensor loss = shares.mul(GradientCases.other(shares)).sum();
        double[] gradient = evaluate(trace, Gradients.of(loss, List.of(scores)).getFirst(), new double[16]);
        boolean some = false;
        for (int row = 0; row < 4; row++) {
            for (int column = 0; column < 4; column++) {
                if (column > row) {
                    assertEquals(0.0, gradient[row * 4 + column], "masked " + row + "," + column);
                } else {
                    some |= gradient[row * 4 + column] != 0;
                }
            }
        }
        assertTrue(some, "no gradient reached the unmasked positions either");
    }

    @Test
    void attentionAsOnePrimitiveIsAttentionSpelledOut() {
        for (int kind = 0; kind < 3; kind++) {
            Tracer trace = new Tracer();
            Tensor x = trace.feed("x", DType.F32, Shape.of(2, 5, 4));
            double[] at = new double[x.shape().size()];
            for (int i = 0; i < at.length; i++) {
                at[i] = new CounterRandom(6, "point").normal(i);
            }
            Tensor keys = x.mul(1.5).add(0.1);
            Tensor values = x.sin();
            AttentionMask mask = List.of(AttentionMask.NONE, AttentionMask.CAUSAL, GradientCases.ragged(x))
                    .get(kind);
            Tensor one = Functions.attention(x, keys, values, 0.5, mask);
            Tensor plain = Functions.softmaxAttention(x, keys, values, 0.5, mask);
            List<Tensor> wrt = List.of(x, keys, values);
            List<Tensor> ones = new ArrayList<>(Gradients.vjp(one, GradientCases.other(one), wrt));
            List<Tensor> plains = new ArrayList<>(Gradients.vjp(plain, GradientCases.other(plain), wrt));
            ones.add(one);
            plains.add(plain);
            for (int i = 0; i < ones.size(); i++) {
                double[] expected = evaluate(trace, plains.get(i), at);
                double[] actual = evaluate(trace, ones.get(i), at);
                for (int j = 0; j < expected.length; j++) {
                    assertEquals(expected[j], actual[j], 1e-12, mask + ", tensor " + i + " [" + j + "]");
                }
            }
        }
    }

    @Test
    void keysThatACausalQueryDoesNotSeeGetExactlyNoGradientFromIt() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(4, 2));
        Tensor y = Functions.attention(x, x.mul(2), x.mul(3), 1, true);
        // Only the second query counts: keys and values 2 and 3 are hidden from it.
        Tensor loss = y.slice(0, 1, 2).sum();
        double[] at = {0.3, -0.2, 0.5, 0.7, -0.4, 0.1, 0.9, -0.6};
        double[] gradient = evaluate(trace, Gradients.of(loss, List.of(x)).getFirst(), at);
        for (int i = 0; i < gradient.length; i++) {
            assertEquals(i < 4, gradient[i] != 0, "element " + i + " got " + gradient[i]);
        }
    }

    @Test
    void slicesThatTileATensorComeBackAsOneConcatenation() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2, 6));
        Tensor y = x.slice(1, 0, 2).exp().add(x.slice(1, 2, 4).mul(x.slice(1, 4, 6)));
        Tensor gradient = Gradients.of(y.sum(), List.of(x)).getFirst();
        assertEquals("concat", gradient.op().label());
    }

    @Test
    void whatIsMadeInASegmentIsMadeAgainForItsGradientAndGivesTheSame() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(3, 4));
        Tensor w = trace.state("w", DType.F32, Shape.of(4, 4));
        Tensor y = x;
        for (int i = 0; i < 3; i++) {
            try (Tracer.Scope _ = trace.segment("layer" + i);
                    Tracer.Scope _ = trace.segment("inside")) {
                y = Functions.dropout(y.matmul(w).tanh(), 0.3, GradientCases.key(x))
                        .add(y);
            }
        }
        assertEquals(3, trace.segments());
        Tensor loss = y.mul(y).sum();
        trace.output("kept", Gradients.of(loss, List.of(w)).getFirst());
        long products = count(trace, Op.MatMul.class);
        assertEquals(0, count(trace, Op.OptimizationBarrier.class));
        trace.output("again", Gradients.rematerializing(loss, List.of(w)).getFirst());
        assertEquals(3, count(trace, Op.OptimizationBarrier.class), "what enters each segment waits, weights excepted");
        // Each layer's product forward again; the last layer's backward products depend on its tanh, so all are new.
        assertTrue(count(trace, Op.MatMul.class) >= products + 3, trace.program()::listing);
        Map<String, double[]> results = run(trace.program(), Map.of("x", 0.3, "w", 0.2));
        assertArrayEquals(results.get("kept"), results.get("again"));
    }

    @Test
    void aFeedThatIsNamedInsideASegmentEntersIt() {
        Tracer trace = new Tracer();
        Tensor w = trace.state("w", DType.F32, Shape.of(4));
        Tensor y;
        try (Tracer.Scope _ = trace.segment("layer")) {
            Tensor x = trace.feed("x", DType.F32, Shape.of(4));
            y = x.exp().mul(w.tanh()).sin();
        }
        Tensor loss = y.sum();
        trace.output("kept", Gradients.of(loss, List.of(w)).getFirst());
        trace.output("again", Gradients.rematerializing(loss, List.of(w)).getFirst());
        assertEquals(1, count(trace, Op.OptimizationBarrier.class), "the feed waits, the weight does not");
        long exponentials = trace.program().nodes().stream()
                .filter(node -> node.op() instanceof Op.Unary(Op.UnaryKind kind) && kind == Op.UnaryKind.EXP)
                .count();
        assertEquals(2, exponentials, "forward and again");
        Map<String, double[]> results = run(trace.program(), Map.of("x", 0.3, "w", 0.2));
        assertArrayEquals(results.get("kept"), results.get("again"));
    }

    @Test
    void productsAndTheirGradientsTakeTheirOperandsInThePrecisionOfTheTrace() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(1, 1));
        Tensor w = trace.feed("w", DType.F32, Shape.of(1, 1));
        Tensor rounded;
        try (Tracer.Scope _ = trace.products(Op.Precision.BF16)) {
            rounded = x.matmul(w);
        }
        trace.output("rounded", rounded);
        trace.output("gradient", Gradients.of(rounded.sum(), List.of(w)).getFirst());
        trace.output("exact", x.matmul(w));
        // Eight bits: 1 + 1/256 lies between 1 and 1 + 1/128, and the even one is 1; 1 + 3/256 goes up to 1 + 1/64.
        for (double[] pair : new double[][] {{257, 256}, {259, 260}, {258, 258}, {-257.1, -258}}) {
            Map<String, double[]> results =
                    run(trace.program(), Map.of("x", pair[0] / 256 / Math.sin(1), "w", 1 / Math.sin(1)));
            assertEquals(pair[1] / 256, results.get("rounded")[0], 1e-12);
            assertEquals(pair[1] / 256, results.get("gradient")[0], 1e-12);
            assertEquals(pair[0] / 256, results.get("exact")[0], 1e-12);
        }
    }

    private static long count(Tracer trace, Class<? extends Op> op) {
        return trace.program().nodes().stream()
                .filter(node -> op.isInstance(node.op()))
                .count();
    }

    /** Outputs in double precision; element {@code i} of an input is {@code sin(i + 1)} times the number given for it. */
    private static Map<String, double[]> run(Program program, Map<String, Double> scales) {
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        program.inputs().forEach((name, leaf) -> {
            buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape()));
            double[] elements = ReferenceBackend.elements(buffers.get(name));
            for (int i = 0; i < elements.length; i++) {
                elements[i] = scales.get(name) * Math.sin(i + 1);
            }
        });
        program.outputs().forEach((name, value) -> buffers.put(name, backend.allocate(value.dtype(), value.shape())));
        backend.compile(program).bind(buffers).run();
        Map<String, double[]> results = new HashMap<>();
        program.outputs().keySet().forEach(name -> results.put(name, ReferenceBackend.elements(buffers.get(name))));
        return results;
    }

    @Test
    void whatTheLossDoesNotReachGetsZeros() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(3));
        Tensor unused = trace.feed("unused", DType.F32, Shape.of(2, 2));
        List<Tensor> gradients = Gradients.of(x.exp().sum(), List.of(x, unused));
        assertEquals(new Op.Constant(0), gradients.get(1).op());
        assertEquals(Shape.of(2, 2), gradients.get(1).shape());
    }

    private static void check(GradientCases.Case c) {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, c.shape());
        Tensor y = c.function().apply(x);
        Tensor loss = y.mul(GradientCases.other(y.shape().rank() == 0 ? y.reshape(1) : y)
                        .reshape(y.shape()))
                .sum();
        double[] at = new double[c.shape().size()];
        for (int i = 0; i < at.length; i++) {
            at[i] = c.offset() + c.scale() * new CounterRandom(5, "point").normal(i);
        }
        double[] analytic = evaluate(trace, Gradients.of(loss, List.of(x)).getFirst(), at);
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < at.length; i++) {
            double[] up = at.clone();
            double[] down = at.clone();
            up[i] += STEP;
            down[i] -= STEP;
            double numeric = (evaluate(trace, loss, up)[0] - evaluate(trace, loss, down)[0]) / (2 * STEP);
            if (Math.abs(numeric - analytic[i]) > 1e-6 * Math.max(1, Math.abs(numeric))) {
                faults.add(i + ": " + numeric + " by differences, " + analytic[i] + " by the rule");
            }
        }
        assertTrue(faults.isEmpty(), faults::toString);
    }

    /** The value of one tensor of a trace, in double precision. */
    private static double[] evaluate(Tracer trace, Tensor value, double[] x) {
        Map<String, Tensor> outputs = Map.of("value", value);
        Map<String, Tensor> inputs = new HashMap<>();
        collect(value, inputs, new HashSet<>());
        List<Tensor> nodes = new ArrayList<>();
        order(value, nodes, new HashSet<>());
        ReferenceBackend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        inputs.forEach((name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape())));
        buffers.put("value", backend.allocate(value.dtype(), value.shape()));
        if (buffers.containsKey("x")) {
            System.arraycopy(x, 0, ReferenceBackend.elements(buffers.get("x")), 0, x.length);
        }
        backend.compile(new Program(nodes, inputs, outputs, Map.of()))
                .bind(buffers)
                .run();
        return ReferenceBackend.elements(buffers.get("value"));
    }

    private static void collect(Tensor node, Map<String, Tensor> inputs, Set<Tensor> seen) {
        if (seen.add(node)) {
            if (node.op() instanceof Op.Input input) {
                inputs.put(input.name(), node);
            }
            node.operands().forEach(operand -> collect(operand, inputs, seen));
        }
    }

    private static void order(Tensor node, List<Tensor> nodes, Set<Tensor> seen) {
        if (seen.add(node)) {
            node.operands().forEach(operand -> order(operand, nodes, seen));
            nodes.add(node);
        }
    }
}
