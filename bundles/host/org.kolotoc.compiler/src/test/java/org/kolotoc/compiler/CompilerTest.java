package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.tck.RandomProgram;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

class CompilerTest {

    /** Runs a program on the reference and its plan on the plan interpreter; everything must agree. */
    static Plan agree(Program program) {
        return agree(program, KernelLimit.NONE);
    }

    /** With kernels no larger than a limit. Compiled once more it is the same plan. */
    static Plan agree(Program program, KernelLimit limit) {
        Plan plan = Compiler.compile(program, limit);
        assertEquals(plan, Compiler.compile(program, limit), program::listing);
        ReferenceBackend reference = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE);
        Map<String, Buffer> buffers = new HashMap<>();
        Map<String, double[]> bound = new HashMap<>();
        Random random = new Random(7);
        program.inputs().forEach((name, tensor) -> {
            Buffer buffer = reference.allocate(tensor.dtype(), tensor.shape());
            double[] elements = ReferenceBackend.elements(buffer);
            for (int i = 0; i < elements.length; i++) {
                elements[i] = tensor.dtype() == DType.F32 ? random.nextGaussian() : random.nextInt(4);
            }
            buffers.put(name, buffer);
            bound.put(name, elements.clone());
        });
        program.outputs().forEach((name, tensor) -> {
            buffers.put(name, reference.allocate(tensor.dtype(), tensor.shape()));
            bound.put(name, new double[tensor.shape().size()]);
        });
        reference.compile(program).bind(buffers).run();
        new PlanInterpreter(plan, bound).run();
        bound.forEach((name, actual) -> {
            double[] expected = ReferenceBackend.elements(buffers.get(name));
            for (int i = 0; i < actual.length; i++) {
                double tolerance = 1e-6 * Math.max(1, Math.abs(expected[i]));
                int at = i;
                assertEquals(expected[i], actual[i], tolerance, () -> name + "[" + at + "]\n" + program.listing());
            }
        });
        return plan;
    }

    /** Number of fused kernels. */
    static long fused(Plan plan) {
        return count(plan, Launch.Fused.class);
    }

    static long count(Plan plan, Class<? extends Launch> kind) {
        return plan.launches().stream().filter(kind::isInstance).count();
    }

    @Test
    void everyLaunchKnowsWhereItComesFrom() {
        Tracer tracer = new Tracer();
        Tensor x = tracer.feed("x", DType.F32, Shape.of(6, 8));
        Tensor weights = tracer.state("w", DType.F32, Shape.of(8, 5));
        try (Tracer.Scope _ = tracer.scope("block0")) {
            tracer.output("y", x.matmul(weights).tanh().sum(1));
        }
        Plan plan = Compiler.compile(tracer.program());
        assertTrue(plan.launches().size() > 1, plan.launches()::toString);
        for (Launch launch : plan.launches()) {
            assertEquals("block0", plan.origins().get(launch.name()).layer(), launch.name());
            assertTrue(plan.origins().get(launch.name()).source().startsWith("CompilerTest.java:"), launch.name());
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void randomProgramsAgreeWithTheReference(int block) {
        for (int seed = block * 150; seed < (block + 1) * 150; seed++) {
            agree(RandomProgram.of(seed));
        }
    }

    @Test
    void softmaxIsOneKernel() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(6, 5));
        trace.output("y", Functions.softmax(x));
        Plan plan = agree(trace.program());
        assertEquals(1, plan.launches().size(), () -> plan.launches().toString());
    }

    @Test
    void layerNormIsOneKernelForwardAndTwoBackward() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(3, 4, 8));
        Tensor scale = trace.state("scale", DType.F32, Shape.of(8));
        Tensor shift = trace.state("shift", DType.F32, Shape.of(8));
        trace.output("y", Functions.layerNorm(x, scale, shift, 1e-5));
        assertEquals(1, agree(trace.program()).launches().size());
        Tensor g = trace.feed("g", DType.F32, Shape.of(3, 4, 8));
        List<Tensor> gradients = Gradients.vjp(Functions.layerNorm(x, scale, shift, 1e-5), g, List.of(x, scale, shift));
        trace.output("dx", gradients.get(0));
        trace.output("dscale", gradients.get(1));
        trace.output("dshift", gradients.get(2));
        Plan plan = agree(trace.program());
        assertTrue(plan.launches().size() <= 3, () -> plan.launches().toString());
    }

    @Test
    void crossEntropyWithItsGradientIsOneRowKernel() {
        Tracer trace = new Tracer();
        Tensor logits = trace.feed("logits", DType.F32, Shape.of(6, 7));
        Tensor targets = trace.feed("targets", DType.I32, Shape.of(6));
        Tensor loss = Functions.mean(Functions.crossEntropy(logits, targets));
        trace.output("loss", loss);
        trace.output("gradient", Gradients.of(loss, List.of(logits)).getFirst());
        Plan plan = agree(trace.program());
        assertTrue(fused(plan) <= 2, () -> plan.launches().toString());
    }

    @Test
    void theGradientOfATiedTableIsOneProductInItsOwnOrderWithTheScatterAddedToIt() {
        Tracer trace = new Tracer();
        Tensor table = trace.state("table", DType.F32, Shape.of(7, 4));
        Tensor tokens = trace.feed("tokens", DType.I32, Shape.of(2, 3));
        Tensor x = table.gather(tokens).tanh();
        Tensor logits = x.matmul(table.matrixTranspose());
        Tensor loss = logits.mul(logits).sum();
        Tensor gradient = Gradients.of(loss, List.of(table)).getFirst();
        trace.update(table, table.sub(gradient.mul(0.1)));
        Plan plan = agree(trace.program());
        Launch.ScatterRows scatter = plan.launches().stream()
                .filter(Launch.ScatterRows.class::isInstance)
                .map(Launch.ScatterRows.class::cast)
                .findFirst()
                .orElseThrow();
        assertFalse(scatter.clear());
        assertTrue(plan.launches().stream()
                .anyMatch(launch -> launch instanceof Launch.Product product
                        && product.c().buffer() == scatter.out()
                        && product.m() == 7
                        && product.n() == 4));
    }

    @Test
    void aVectorIsAddedByTheProductOnlyWhereNoKernelWouldDoIt() {
        Tracer trace = new Tracer();
        Tensor a = trace.feed("a", DType.F32, Shape.of(2, 5, 3));
        Tensor w = trace.state("w", DType.F32, Shape.of(3, 4));
        Tensor v = trace.state("v", DType.F32, Shape.of(4));
        Tensor sum = a.matmul(w).add(v);
        trace.output("plain", a.mul(2).matmul(w).add(v));
        trace.output("twice", sum.matmul(sum.matrixTranspose()));
        trace.output("kernel", a.mul(3).matmul(w).add(v).tanh());
        Tensor column = trace.state("column", DType.F32, Shape.of(5, 1));
        Tensor other = a.mul(4).matmul(w).add(column);
        trace.output("columns", other.matmul(other.matrixTranspose()));
        Plan plan = agree(trace.program());
        long biased = plan.launches().stream()
                .filter(l -> l instanceof Launch.Product product && product.hasBias())
                .count();
        assertEquals(1, biased);
    }

    /** The first is an output, so a kernel adds the vector; the one for the backward pass is read by products alone. */
    @Test
    void whatIsComputedAgainIsWrittenAsTheFirstTime() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(4, 6));
        Tensor w = trace.state("w", DType.F32, Shape.of(6, 5));
        Tensor v = trace.state("v", DType.F32, Shape.of(5, 3));
        Tensor b = trace.state("b", DType.F32, Shape.of(5));
        Tensor y;
        try (Tracer.Scope _ = trace.segment("layer")) {
            Tensor sum = x.tanh().matmul(w).add(b);
            trace.output("sum", sum);
            y = sum.matmul(v);
        }
        trace.output(
                "gradient",
                Gradients.rematerializing(y.mul(y).sum(), List.of(v)).getFirst());
        List<Boolean> biased = agree(trace.program()).launches().stream()
                .filter(launch -> launch instanceof Launch.Product product && product.k() == 6)
                .map(launch -> ((Launch.Product) launch).hasBias())
                .toList();
        assertEquals(List.of(false, false), biased);
    }

    @Test
    void aKernelMovesWhatItReadsOnceAndWhatItWrites() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(8, 100));
        Tensor row = trace.feed("row", DType.F32, Shape.of(100));
        Tensor column = trace.feed("column", DType.F32, Shape.of(8, 1));
        trace.output("y", x.mul(row).add(column).sum(1));
        List<Launch> launches = agree(trace.program()).launches();
        assertEquals(1, launches.size());
        assertEquals((800 + 100 + 8 + 8) * DType.BYTES, ((Launch.Fused) launches.getFirst()).bytes());
    }

    /** A pass for what needs no reduction, one for what needs one, and so on; one a row is what all reductions give. */
    @Test
    void passesFollowTheReductionsBelow() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(8, 100));
        Tensor centred = x.sub(x.sum(-1).reshape(8, 1).mul(0.01));
        trace.output("y", centred.div(centred.mul(centred).sum(-1).reshape(8, 1).sqrt()));
        Launch.Fused fused = (Launch.Fused) agree(trace.program()).launches().getFirst();
        UniformityAnalysis analysis = new UniformityAnalysis(fused.body());
        assertEquals(2, analysis.last());
        List<Integer> levels = new ArrayList<>();
        for (int i = 0; i < fused.body().size(); i++) {
            switch (fused.body().get(i)) {
                case Instruction.RowReduce _ -> {
                    assertFalse(analysis.isVarying(i));
                    levels.add(analysis.level(i));
                }
                case Instruction.Store _ -> {
                    assertTrue(analysis.isVarying(i));
                    levels.add(analysis.level(i));
                }
                default -> {}
            }
        }
        assertEquals(List.of(1, 2, 2), levels);
    }

    /** The first is read elsewhere too, so it has rows of its own; the one for the backward pass is but a part of another. */
    @Test
    void whatIsComputedAgainLiesAsTheFirstTime() {
        List<Integer> again = new ArrayList<>();
        for (boolean readElsewhere : List.of(true, false)) {
            Tracer trace = new Tracer();
            Tensor x = trace.feed("x", DType.F32, Shape.of(4, 6));
            Tensor w = trace.state("w", DType.F32, Shape.of(6, 5));
            Tensor v = trace.state("v", DType.F32, Shape.of(8, 3));
            Tensor y;
            try (Tracer.Scope _ = trace.segment("layer")) {
                Tensor part = x.tanh().matmul(w);
                if (readElsewhere) {
                    trace.output("norm", part.mul(2));
                }
                y = Tensor.concat(1, List.of(part, x.slice(1, 0, 3))).matmul(v);
            }
            trace.output(
                    "gradient",
                    Gradients.rematerializing(y.mul(y).sum(), List.of(v)).getFirst());
            List<Integer> rows = agree(trace.program()).launches().stream()
                    .filter(launch -> launch instanceof Launch.Product product && product.k() == 6)
                    .map(launch -> ((Launch.Product) launch).c().row())
                    .toList();
            assertEquals(2, rows.size(), "it is computed again");
            assertEquals(rows.getFirst(), rows.getLast(), rows::toString);
            again.add(rows.getLast());
        }
        assertEquals(List.of(5, 8), again, "where nobody else reads it, it is written into the other");
    }

    @Test
    void aScatterThatIsReadElsewhereKeepsABufferOfItsOwn() {
        Tracer trace = new Tracer();
        Tensor a = trace.feed("a", DType.F32, Shape.of(5, 3));
        Tensor b = trace.feed("b", DType.F32, Shape.of(3, 4));
        Tensor index = trace.feed("index", DType.I32, Shape.of(6));
        Tensor rows = trace.feed("rows", DType.F32, Shape.of(6, 4));
        Tensor scattered = rows.scatterAdd(index, 5);
        Tensor product = a.matmul(b);
        trace.output("sum", product.add(scattered));
        trace.output("scattered", scattered);
        trace.output("alone", a.mul(2).matmul(b).add(rows.mul(3).scatterAdd(index, 5)));
        Tensor read = a.mul(5).matmul(b);
        trace.output("product", read);
        trace.output("more", rows.mul(4).scatterAdd(index, 5).add(read));
        agree(trace.program());
    }

    @Test
    void whatGoesAlongAnAxisReadsWhatFusedKernelsStored() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(3, 4, 5));
        Tensor sums = x.mul(2).transpose(0, 2, 1).cumulativeSum(1);
        Functions.Ordered top = Functions.topK(sums, 2);
        trace.output("top", top.values().exp());
        trace.output("where", top.indices());
        trace.output("dx", Gradients.of(top.values().sin().sum(), List.of(x)).getFirst());
        Plan plan = agree(trace.program());
        assertEquals(2, count(plan, Launch.Scan.class), "forward and back");
        assertEquals(1, count(plan, Launch.Order.class));
        assertEquals(1, count(plan, Launch.GatherAlong.class));
        assertEquals(1, count(plan, Launch.ScatterAlong.class));
    }

    @Test
    void scratchOfTheSameLifeDoesNotOverlapAndOtherwiseIsShared() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(16, 16));
        Tensor y = x;
        for (int i = 0; i < 6; i++) {
            y = y.matmul(x).mul(0.1);
        }
        trace.output("y", y);
        Plan plan = agree(trace.program());
        assertTrue(
                plan.scratchBytes() * 2 <= plan.unsharedBytes(), plan.scratchBytes() + " of " + plan.unsharedBytes());
    }

    /** As what a norm sends back of its gradient, which a product makes: to its gain, to its bias, and to rows. */
    @Test
    void reductionsOfOneProductShareAKernel() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(6, 5));
        Tensor gradient = x.matmul(trace.feed("w", DType.F32, Shape.of(5, 5)));
        trace.output("bias", gradient.sum(0));
        trace.output("gain", gradient.mul(x).sum(0));
        trace.output("rows", gradient.mul(x).sum(1));
        assertEquals(1, fused(agree(trace.program())));
        KernelLimit apart = new KernelLimit() {
            @Override
            public int most() {
                return Integer.MAX_VALUE;
            }

            @Override
            public int size(Instruction instruction) {
                return 0;
            }

            @Override
            public boolean sharesReductions() {
                return false;
            }
        };
        assertEquals(2, fused(agree(trace.program(), apart)), "what gain and rows are sums of is computed once");
    }

    /** What waits for the sum of a value cannot be in its kernel. */
    @Test
    void reductionsThatWaitForEachOtherShareNone() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(6, 5));
        Tensor gradient = x.matmul(trace.feed("w", DType.F32, Shape.of(5, 5)));
        Tensor columns = gradient.sum(0);
        trace.output("columns", columns);
        trace.output("rows", gradient.mul(columns).sum(1));
        assertEquals(2, fused(agree(trace.program())));
    }
}
