package org.kolotoc.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** A loop over time: what it gives, what it keeps for its gradient, and what it refuses. */
class ScanTest {
    /** {@code h' = tanh(h w + x)} of two rows. */
    private static Scan.Results recurrent(Tracer trace, int time) {
        Tensor x = trace.feed("x", DType.F32, Shape.of(time, 2, 3));
        Tensor w = trace.feed("w", DType.F32, Shape.of(3, 3));
        Tensor h = trace.feed("h", DType.F32, Shape.of(2, 3));
        return Scan.over(List.of(h), List.of(x), step -> {
            Tensor next =
                    step.carry(0).matmul(step.capture(w)).add(step.input(0)).tanh();
            return new Scan.Next(List.of(next), List.of(next));
        });
    }

    private static Map<String, double[]> run(Program program) {
        try (Backend backend = new ReferenceBackend(ReferenceBackend.Precision.DOUBLE)) {
            Map<String, Buffer> buffers = new HashMap<>();
            Map<String, Tensor> leaves = new HashMap<>(program.inputs());
            leaves.putAll(program.outputs());
            leaves.forEach((name, leaf) -> buffers.put(name, backend.allocate(leaf.dtype(), leaf.shape())));
            program.inputs().forEach((name, input) -> {
                double[] elements = ReferenceBackend.elements(buffers.get(name));
                for (int i = 0; i < elements.length; i++) {
                    double number = new CounterRandom(3, name).normal(i);
                    elements[i] = input.dtype() == DType.F32 ? number : Math.rint(number);
                }
            });
            backend.compile(program).bind(buffers).run();
            Map<String, double[]> results = new HashMap<>();
            program.outputs().keySet().forEach(name -> results.put(name, ReferenceBackend.elements(buffers.get(name))));
            return results;
        }
    }

    @Test
    void stepsFollowEachOtherAsIfTheyWereSpelledOut() {
        for (int time : new int[] {1, 5}) {
            Tracer trace = new Tracer();
            Scan.Results all = recurrent(trace, time);
            Tensor loss = all.outputs()
                    .getFirst()
                    .sin()
                    .sum()
                    .add(all.carries().getFirst().sum());
            trace.output("all", all.outputs().getFirst());
            trace.output("last", all.carries().getFirst());
            Program program = trace.program();
            List<Tensor> leaves = List.copyOf(program.inputs().values());
            List<Tensor> gradients = Gradients.of(loss, leaves);
            for (int i = 0; i < leaves.size(); i++) {
                trace.output("gradient " + i, gradients.get(i));
            }
            Program looped = trace.program();
            Program spelled = looped.unrollScans();
            assertTrue(looped.nodes().stream().anyMatch(node -> node.op() instanceof Op.Scan));
            assertTrue(spelled.nodes().stream().noneMatch(node -> node.op() instanceof Op.Scan));
            Map<String, double[]> expected = run(spelled);
            run(looped).forEach((name, actual) -> assertArrayEquals(expected.get(name), actual, 1e-12, name));
        }
    }

    @Test
    void theProgramDoesNotGrowWithTime() {
        assertEquals(nodes(4, false), nodes(400, false));
        assertEquals(nodes(4, true), nodes(400, true));
    }

    private static int nodes(int time, boolean recomputing) {
        Tracer trace = new Tracer();
        Tensor loss = recurrent(trace, time).outputs().getFirst().sum();
        List<Tensor> leaves = List.copyOf(trace.program().inputs().values());
        trace.output(
                "gradient",
                (recomputing ? Gradients.rematerializing(loss, leaves) : Gradients.of(loss, leaves)).get(1));
        return trace.program().nodes().size();
    }

    /** One loop forward, one back, whichever results the loss is made of. */
    @Test
    void aLoopBackServesAllResults() {
        Tracer trace = new Tracer();
        Scan.Results all = recurrent(trace, 4);
        Tensor loss = all.outputs()
                .getFirst()
                .sum()
                .add(all.carries().getFirst().sin().sum());
        List<Tensor> leaves = List.copyOf(trace.program().inputs().values());
        trace.output("gradient", Gradients.of(loss, leaves).getFirst());
        long loops = trace.program().nodes().stream()
                .filter(node -> node.op() instanceof Op.Scan)
                .map(node -> ((Op.Scan) node.op()).loop())
                .distinct()
                .count();
        assertEquals(2, loops);
    }

    /** What is stacked for the gradient: carries; beside them the products, unless a step is made again. */
    @Test
    void recomputationKeepsTheCarriesAlone() {
        assertEquals(1, kept(true));
        assertEquals(2, kept(false));
    }

    private static long kept(boolean recomputing) {
        Tracer trace = new Tracer();
        Tensor loss = recurrent(trace, 4).carries().getFirst().sum();
        List<Tensor> leaves = List.of(trace.program().inputs().get("w"));
        List<Tensor> gradients = recomputing ? Gradients.rematerializing(loss, leaves) : Gradients.of(loss, leaves);
        trace.output("loss", loss);
        trace.output("gradient", gradients.getFirst());
        Loop forward = trace.program().nodes().stream()
                .filter(node -> node.op() instanceof Op.Scan)
                .map(node -> ((Op.Scan) node.op()).loop())
                .findFirst()
                .orElseThrow();
        return trace.program().nodes().stream()
                .filter(node -> node.op() instanceof Op.Scan(Loop loop, Loop.Part.Stacked _) && loop == forward)
                .count();
    }

    @TestFactory
    Stream<DynamicTest> aStepThatIsMadeAgainHasTheSameGradient() {
        return ScanCases.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    Tracer trace = new Tracer();
                    Tensor x = trace.feed("x", DType.F32, entry.getValue().shape());
                    Tensor loss;
                    try (Tracer.Scope _ = trace.segment("all")) {
                        loss = entry.getValue()
                                .function()
                                .apply(x.mul(0.6))
                                .sin()
                                .sum();
                    }
                    trace.output("kept", Gradients.of(loss, List.of(x)).getFirst());
                    trace.output(
                            "again", Gradients.rematerializing(loss, List.of(x)).getFirst());
                    Program program = trace.program();
                    Map<String, double[]> results = run(program);
                    assertArrayEquals(results.get("kept"), results.get("again"), 1e-12);
                    Map<String, double[]> spelled = run(program.unrollScans());
                    assertArrayEquals(spelled.get("kept"), results.get("kept"), 1e-12);
                    assertTrue(Arrays.stream(results.get("kept")).anyMatch(number -> Math.abs(number) > 1e-3));
                }));
    }

    @Test
    void listingsHaveTheBody() {
        Tracer trace = new Tracer();
        Scan.Results all = recurrent(trace, 7);
        trace.output("all", all.outputs().getFirst());
        trace.output("last", all.carries().getFirst());
        String listing = trace.program().listing();
        assertTrue(listing.contains("7 steps of"), listing);
        assertEquals(1, listing.split("mat_mul", -1).length - 1, listing);
        assertTrue(listing.contains("update carry 0 = "), listing);
    }

    @Test
    void whatDoesNotFitIsNamed() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(4, 2));
        Tensor y = trace.feed("y", DType.F32, Shape.of(5, 2));
        Tensor h = trace.feed("h", DType.F32, Shape.of(2));
        refused(
                "scan: carry 0 is f32 [2], the body made it f32 [1, 2]",
                () -> Scan.over(
                        List.of(h),
                        List.of(x),
                        step -> new Scan.Next(List.of(step.carry(0).reshape(1, 2)), List.of())));
        refused(
                "sequences are [time, ...] of one time, got [[4, 2], [5, 2]]",
                () -> Scan.over(List.of(h), List.of(x, y), step -> new Scan.Next(step.carries(), List.of())));
        refused(
                "the body got 1 carries and gave 0",
                () -> Scan.over(List.of(h), List.of(x), step -> new Scan.Next(List.of(), List.of())));
        refused(
                "belongs to another trace; the body of a scan takes it by capture",
                () -> Scan.over(
                        List.of(h),
                        List.of(x),
                        step -> new Scan.Next(List.of(step.carry(0).add(h)), List.of())));
        refused("0 steps", () -> Scan.times(0, List.of(h), step -> new Scan.Next(step.carries(), List.of())));
    }

    private static void refused(String message, Runnable scan) {
        String said = assertThrows(ShapeError.class, scan::run).getMessage();
        assertTrue(said.contains(message), said);
    }
}
