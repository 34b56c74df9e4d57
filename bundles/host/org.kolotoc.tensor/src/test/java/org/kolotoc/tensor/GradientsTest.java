package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Every derivative against central differences in double precision. */
class GradientsTest {
    private static final double STEP = 1e-5;

    /** A function of one tensor, at points where it is smooth. */
    private record Case(Shape shape, double offset, double scale, UnaryOperator<Tensor> function) {
        Case(UnaryOperator<Tensor> function) {
            this(Shape.of(2, 3), 0, 1, function);
        }
    }

    private static Tensor other(Tensor x) {
        // Another tensor of the same shape that does not depend on x.
        return x.tracer()
                .iota(x.shape(), x.shape().rank() - 1)
                .cast(DType.F32)
                .mul(0.37)
                .add(0.81);
    }

    /** Queries, keys and values that all depend on {@code x}, four keys to three queries. */
    private static Tensor attention(Tensor x, boolean causal) {
        return attention(x, causal ? AttentionMask.CAUSAL : AttentionMask.NONE);
    }

    private static Tensor attention(Tensor x, AttentionMask mask) {
        Tensor keys = Tensor.concat(1, List.of(x.sin(), x.slice(1, 0, 1).mul(0.7)));
        Tensor values = Tensor.concat(-1, List.of(keys.mul(keys), keys.slice(2, 0, 1)));
        return Functions.attention(x, keys, values, 0.8, mask);
    }

    private static Map<String, Case> cases() {
        Map<String, Case> cases = new LinkedHashMap<>();
        Case positive = new Case(Shape.of(2, 3), 2, 0.3, x -> x);
        for (Op.UnaryKind kind : Op.UnaryKind.values()) {
            switch (kind) {
                case NEG -> cases.put("neg", new Case(Tensor::neg));
                case ABS ->
                    cases.put(
                            "abs",
                            new Case(Shape.of(2, 3), 2, 0.3, x -> x.sub(4).abs()));
                case SIGN ->
                    cases.put(
                            "sign",
                            new Case(Shape.of(2, 3), 2, 0.3, x -> x.sign().mul(x)));
                case EXP -> cases.put("exp", new Case(Tensor::exp));
                case LOG -> cases.put("log", new Case(positive.shape(), 2, 0.3, Tensor::log));
                case SQRT -> cases.put("sqrt", new Case(positive.shape(), 2, 0.3, Tensor::sqrt));
                case RSQRT -> cases.put("rsqrt", new Case(positive.shape(), 2, 0.3, Tensor::rsqrt));
                case TANH -> cases.put("tanh", new Case(Tensor::tanh));
                case ERF -> cases.put("erf", new Case(Tensor::erf));
                case SIN -> cases.put("sin", new Case(Tensor::sin));
                case COS -> cases.put("cos", new Case(Tensor::cos));
                case FLOOR ->
                    cases.put(
                            "floor",
                            new Case(Shape.of(2, 3), 0.5, 0.1, x -> x.floor().add(x)));
                case NOT ->
                    cases.put(
                            "not",
                            new Case(x -> other(x).lt(x.constant(1)).not().select(x, x.mul(2))));
            }
        }
        for (Op.BinaryKind kind : Op.BinaryKind.values()) {
            switch (kind) {
                case ADD -> cases.put("add", new Case(x -> x.add(other(x)).mul(x)));
                case SUB -> cases.put("sub", new Case(x -> other(x).sub(x).mul(x)));
                case MUL -> cases.put("mul", new Case(x -> x.mul(x).mul(other(x))));
                case DIV ->
                    cases.put(
                            "div",
                            new Case(
                                    positive.shape(),
                                    2,
                                    0.3,
                                    x -> other(x).div(x).div(x.exp())));
                case MAXIMUM ->
                    cases.put("max", new Case(x -> x.maximum(other(x).sub(0.9)).mul(x)));
                case MINIMUM ->
                    cases.put("min", new Case(x -> x.minimum(other(x).sub(0.9)).mul(x)));
                case POW ->
                    cases.put(
                            "pow",
                            new Case(
                                    positive.shape(),
                                    2,
                                    0.3,
                                    x -> x.pow(other(x)).add(other(x).pow(x))));
                case AND ->
                    cases.put(
                            "and",
                            new Case(x -> other(x).lt(x.constant(1))
                                    .and(other(x).gt(x.constant(0)))
                                    .select(x.exp(), x)));
                case OR ->
                    cases.put(
                            "or",
                            new Case(x -> other(x).lt(x.constant(1))
                                    .or(other(x).gt(x.constant(9)))
                                    .select(x.exp(), x)));
            }
        }
        for (Op.CompareKind kind : Op.CompareKind.values()) {
            cases.put(
                    "compare " + kind,
                    new Case(x -> x.tracer()
                            .append(new Op.Compare(kind), List.of(other(x), other(x).mul(1.0)))
                            .select(x.exp(), x.sin())));
        }
        cases.put("reduce sum", new Case(x -> x.sum(0).mul(x.sum(0))));
        cases.put("reduce max", new Case(x -> x.max(1).exp()));
        cases.put("select", new Case(x -> other(x).lt(x.constant(1)).select(x.exp(), x.sin())));
        cases.put("cast", new Case(x -> x.mul(other(x).cast(DType.I32).cast(DType.F32))));
        cases.put(
                "broadcast",
                new Case(
                        Shape.of(2, 1),
                        0,
                        1,
                        x -> x.broadcast(Shape.of(3, 2, 4)).exp()));
        cases.put("reshape", new Case(x -> x.reshape(3, 2).exp()));
        cases.put("transpose", new Case(x -> x.transpose(1, 0).matmul(x)));
        cases.put("slice", new Case(x -> x.slice(1, 1, 3).exp()));
        cases.put("pad", new Case(x -> x.pad(1, 2, 1, 0.5).exp()));
        cases.put(
                "concat",
                new Case(x -> Tensor.concat(1, List.of(x.exp(), x, x.sin())).mul(3)));
        cases.put(
                "three slices of one tensor",
                new Case(x -> Tensor.concat(
                        1, List.of(x.slice(1, 2, 3), x.slice(1, 0, 1).exp(), x.slice(1, 1, 2)))));
        cases.put(
                "dynamic slice",
                new Case(x ->
                        x.dynamicSlice(1, x.tracer().constant(1, DType.I32), 2).exp()));
        cases.put(
                "dynamic update",
                new Case(x -> x.exp()
                        .dynamicUpdate(1, x.slice(1, 0, 1).sin(), x.tracer().constant(1, DType.I32))));
        cases.put(
                "dynamic slice of each row",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.dynamicSlice(1, starts(x), 2)
                                .exp()
                                .matmul(x.slice(1, 0, 2).matrixTranspose())));
        cases.put(
                "dynamic update of each row",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.exp().dynamicUpdate(1, x.slice(1, 0, 2).sin(), starts(x))));
        cases.put("gather", new Case(x -> x.gather(indices(x)).exp()));
        cases.put(
                "scatter add",
                new Case(Shape.of(4, 2), 0, 1, x -> x.scatterAdd(indices(x), 3).exp()));
        cases.put(
                "gather along",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.gatherAlong(1, picked(x, 5)).exp()));
        cases.put(
                "scatter add along",
                new Case(
                        Shape.of(3, 4),
                        0,
                        1,
                        x -> x.scatterAddAlong(0, picked(x, 4), 2).exp()));
        cases.put("cumulative sum", new Case(x -> x.cumulativeSum(1).exp()));
        cases.put(
                "cumulative sum reversed",
                new Case(Shape.of(4, 2), 0, 1, x -> x.cumulativeSum(0, true).exp()));
        cases.put(
                "sorted",
                new Case(
                        Shape.of(2, 5),
                        0,
                        1,
                        x -> Functions.sort(x, true).values().exp()));
        cases.put(
                "top",
                new Case(
                        Shape.of(2, 5), 0, 1, x -> Functions.topK(x, 2).values().exp()));
        cases.put("log sum exp", new Case(x -> Functions.logSumExp(x.mul(3), 0).mul(x.exp())));
        cases.put("matmul", new Case(x -> x.matmul(x.matrixTranspose()).matmul(x)));
        cases.put("batched matmul", new Case(Shape.of(2, 3, 2), 0, 1, x -> x.matmul(x.matrixTranspose())));
        for (boolean causal : new boolean[] {false, true}) {
            String which = causal ? "causal attention" : "attention";
            cases.put(which, new Case(Shape.of(2, 3, 2), 0, 1, x -> attention(x, causal)));
            cases.put(which + " gradient", new Case(Shape.of(2, 3, 2), 0, 1, x -> {
                Tensor y = attention(x, causal);
                return Gradients.vjp(y, other(y).mul(y), List.of(x)).getFirst();
            }));
        }
        cases.put(
                "attention from starts within lengths",
                new Case(Shape.of(2, 3, 2), 0, 1, x -> attention(x, ragged(x))));
        cases.put("attention from starts within lengths gradient", new Case(Shape.of(2, 3, 2), 0, 1, x -> {
            Tensor y = attention(x, ragged(x));
            return Gradients.vjp(y, other(y).mul(y), List.of(x)).getFirst();
        }));
        cases.put(
                "stop gradient",
                new Case(x -> x.stopGradient().sub(x.stopGradient()).add(x.exp())));
        cases.put("uniform", new Case(x -> x.mul(x.tracer().uniform(key(x), x.shape(), 3))));
        cases.put("normal", new Case(x -> x.mul(x.tracer().normal(key(x), x.shape(), 3))));
        cases.put("softmax", new Case(x -> Functions.softmax(x).mul(other(x))));
        cases.put("log softmax", new Case(x -> Functions.logSoftmax(x).mul(other(x))));
        cases.put("sigmoid", new Case(Functions::sigmoid));
        cases.put("gelu", new Case(Functions::gelu));
        cases.put("gelu exact", new Case(Functions::geluExact));
        cases.put("silu", new Case(Functions::silu));
        cases.put("softplus", new Case(Shape.of(2, 3), 3, 0.3, Functions::softplus));
        cases.put(
                "relu",
                new Case(Shape.of(2, 3), 3, 0.3, x -> Functions.relu(x.sub(2.7)).mul(x)));
        cases.put(
                "layer norm",
                new Case(x -> Functions.layerNorm(
                                x,
                                other(x).slice(0, 0, 1).reshape(3),
                                other(x).slice(0, 1, 2).reshape(3),
                                1e-3)
                        .mul(other(x))));
        cases.put(
                "rms norm",
                new Case(x -> Functions.rmsNorm(x, other(x).slice(0, 0, 1).reshape(3), 1e-3)
                        .mul(other(x))));
        cases.put(
                "cross entropy",
                new Case(x -> Functions.crossEntropy(x, x.tracer().iota(Shape.of(2), 0))));
        cases.put("barrier", new Case(x -> x.optimizationBarrier(x.exp()).tanh().optimizationBarrier(x)));
        cases.put("dropout", new Case(x -> Functions.dropout(x, 0.4, key(x)).exp()));
        return cases;
    }

    private static Tensor key(Tensor x) {
        return x.tracer().iota(Shape.of(2), 0);
    }

    /** The first query of the first row sees nothing, the third of the second row three of four keys, not all four. */
    private static AttentionMask ragged(Tensor x) {
        Tensor row = x.tracer().iota(Shape.of(2), 0);
        return AttentionMask.causalFrom(row.mul(2).sub(1)).within(row.add(2));
    }

    /** 2, 0, 1000: the third row is clamped to the end. */
    private static Tensor starts(Tensor x) {
        Tensor row = x.tracer().iota(Shape.of(x.shape().extent(0)), 0);
        return row.eq(row.constant(2))
                .select(row.constant(1000), row.eq(row.constant(0)).select(row.constant(2), row.constant(0)));
    }

    /** 0, 1, 2, 0, 1, ...: some twice. */
    private static Tensor picked(Tensor x, int count) {
        Tensor number = x.tracer().iota(Shape.of(3, count), 1).add(x.tracer().iota(Shape.of(3, count), 0));
        return number.lt(number.constant(3)).select(number, number.sub(3));
    }

    private static Tensor indices(Tensor x) {
        // 0, 1, 2, 3: row 2 and 3 are outside a tensor of two rows.
        return x.tracer().iota(Shape.of(4), 0);
    }

    @TestFactory
    Stream<DynamicTest> everyOperationAgreesWithCentralDifferences() {
        return cases().entrySet().stream()
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
                        "causal attention")
                .map(name -> DynamicTest.dynamicTest(name, () -> {
                    Case first = cases().get(name);
                    check(new Case(first.shape(), first.offset(), first.scale(), x -> {
                        Tensor y = first.function().apply(x);
                        Tensor gradient =
                                Gradients.of(y.mul(y).sum(), List.of(x)).getFirst();
                        return gradient.mul(other(x));
                    }));
                }));
    }

    /** Fails when somebody adds an operation and no case here uses it. */
    @Test
    void noOperationIsLeftOut() {
        Set<String> used = new HashSet<>();
        for (Case c : cases().values()) {
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
        Tensor loss = shares.mul(other(shares)).sum();
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
            AttentionMask mask =
                    List.of(AttentionMask.NONE, AttentionMask.CAUSAL, ragged(x)).get(kind);
            Tensor one = Functions.attention(x, keys, values, 0.5, mask);
            Tensor plain = Functions.softmaxAttention(x, keys, values, 0.5, mask);
            List<Tensor> wrt = List.of(x, keys, values);
            List<Tensor> ones = new ArrayList<>(Gradients.vjp(one, other(one), wrt));
            List<Tensor> plains = new ArrayList<>(Gradients.vjp(plain, other(plain), wrt));
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
                y = Functions.dropout(y.matmul(w).tanh(), 0.3, key(x)).add(y);
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

    private static void check(Case c) {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, c.shape());
        Tensor y = c.function().apply(x);
        Tensor loss = y.mul(other(y.shape().rank() == 0 ? y.reshape(1) : y).reshape(y.shape()))
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
