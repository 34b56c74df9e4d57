package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Plans of loops over time: as many launches however many steps, one loop for all results, memory that is used again. */
class LoopPlanTest {
    private static Program recurrent(int time, boolean gradient) {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(2, time, 3));
        Tensor w = trace.state("w", DType.F32, Shape.of(3, 3));
        Tensor h = trace.state("h", DType.F32, Shape.of(2, 3));
        Scan.Results all = Scan.over(List.of(h), List.of(x.transpose(1, 0, 2)), step -> {
            Tensor next =
                    step.carry(0).matmul(step.capture(w)).add(step.input(0)).tanh();
            return new Scan.Next(List.of(next), List.of(next));
        });
        Tensor outputs = all.outputs().getFirst().transpose(1, 0, 2);
        Tensor loss = outputs.sin().sum();
        trace.output("loss", loss);
        trace.output("outputs", outputs);
        trace.update(h, all.carries().getFirst());
        if (gradient) {
            trace.update(w, w.sub(Gradients.of(loss, List.of(w)).getFirst().mul(0.1)));
        }
        return trace.program();
    }

    @Test
    void plansAgreeWithTheReference() {
        for (int time : new int[] {1, 2, 6}) {
            CompilerTest.agree(recurrent(time, false));
            CompilerTest.agree(recurrent(time, true));
        }
    }

    @Test
    void launchesDoNotGrowWithTime() {
        assertEquals(kernels(recurrent(4, true)), kernels(recurrent(300, true)));
        assertTrue(kernels(recurrent(4, true).unrollScans()) > kernels(recurrent(4, true)));
    }

    private static int kernels(Program program) {
        Plan plan = Compiler.compile(program);
        int inside = plan.launches().stream()
                .filter(Launch.Loop.class::isInstance)
                .mapToInt(launch -> ((Launch.Loop) launch).body().launches().size())
                .sum();
        return plan.launches().size() + inside;
    }

    @Test
    void oneLoopGivesAllResults() {
        Plan plan = Compiler.compile(recurrent(5, true));
        assertEquals(
                2,
                CompilerTest.count(plan, Launch.Loop.class),
                () -> plan.launches().toString());
    }

    /** Of the step's own values there are those of one step. */
    @Test
    void memoryOfAStepIsUsedAgain() {
        long few = Compiler.compile(wide(8)).scratchBytes();
        long many = Compiler.compile(wide(80)).scratchBytes();
        assertEquals(few, many);
        assertTrue(few >= 2 * 4 * 64 * 64, () -> "two values of a step: " + few);
    }

    /** A body that needs a matrix, of which nothing is stacked. */
    private static Program wide(int time) {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(time, 64));
        Tensor h = trace.feed("h", DType.F32, Shape.of(64));
        trace.output(
                "last",
                Scan.over(List.of(h), List.of(x), step -> {
                            Tensor outer = step.carry(0)
                                    .reshape(64, 1)
                                    .matmul(step.input(0).reshape(1, 64))
                                    .tanh();
                            return new Scan.Next(List.of(outer.matmul(outer).sum(0)), List.of());
                        })
                        .carries()
                        .getFirst());
        return trace.program();
    }

    @Test
    void loopsInLoopsAndWithoutSequencesAgreeWithTheReference() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(3, 2, 2));
        Tensor w = trace.feed("w", DType.F32, Shape.of(2, 2));
        Scan.Results all = Scan.reversed(List.of(w), List.of(x), outer -> {
            Scan.Results inner = Scan.times(4, List.of(outer.input(0), outer.carry(0)), step -> {
                Tensor next = step.carry(0).matmul(step.carry(1)).sin();
                return new Scan.Next(List.of(step.carry(1), next), List.of(next.sum(0)));
            });
            return new Scan.Next(
                    List.of(inner.carries().getFirst()), List.of(inner.outputs().getFirst()));
        });
        Tensor loss = all.outputs().getFirst().mul(all.outputs().getFirst()).sum();
        trace.output("all", all.outputs().getFirst());
        trace.output("last", all.carries().getFirst());
        trace.output("gradient", Gradients.of(loss, List.of(x)).getFirst());
        trace.output("of weights", Gradients.of(loss, List.of(w)).getFirst());
        trace.output(
                "of weights again", Gradients.rematerializing(loss, List.of(w)).getFirst());
        CompilerTest.agree(trace.program());
    }

    /** What the explanation says of a loop: how often, and of which kernels. */
    @Test
    void theExplanationHasTheBody() {
        Program program = recurrent(7, false);
        String detail = Compiler.compile(program).explain(program, 0).kernels().stream()
                .filter(kernel -> kernel.kind().equals("loop"))
                .findFirst()
                .orElseThrow()
                .detail();
        assertTrue(detail.startsWith("7 steps of "), detail);
        assertTrue(detail.contains("matmul [2, 3] . [3, 3]"), detail);
    }
}
