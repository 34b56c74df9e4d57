package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.kolotoc.compiler.CompilerTest.agree;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Scan;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What the program says first comes first, in every process: nothing in a plan depends on where an object lies in memory. */
class PlanOrderTest {
    private static final int STATES = 12;

    private static List<String> names(String prefix) {
        return IntStream.range(0, STATES).mapToObj(i -> prefix + i).toList();
    }

    /** As clipped gradients do: one number, and as soon as it is there, all states may be written. */
    @Test
    void statesAreWrittenInTheOrderOfTheProgram() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(70, 3));
        Tensor norm = x.mul(x).sum();
        for (int i = 0; i < STATES; i++) {
            Tensor state = trace.state("s" + i, DType.F32, Shape.of(5 + i));
            trace.update(state, state.div(norm));
        }
        assertEquals(names("s"), written(agree(trace.program())));
    }

    /** The states that fused kernels store to, in the order in which they do. */
    private static List<String> written(Plan plan) {
        List<String> written = new ArrayList<>();
        for (Launch launch : plan.launches()) {
            for (Instruction line : ((Launch.Fused) launch).body()) {
                if (line instanceof Instruction.Store store
                        && plan.buffers().get(store.buffer()) instanceof Plan.Buffer.Bound bound) {
                    written.add(bound.name());
                }
            }
        }
        return written;
    }

    /** One kernel reads the old content of all states, after the products that are the new one. */
    @Test
    void updatesThatHaveToWaitKeepTheOrderOfTheProgram() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(4, 3));
        Tensor sum = trace.constant(0, DType.F32, Shape.of(4, 5));
        List<Tensor> states = new ArrayList<>();
        for (int i = 0; i < STATES; i++) {
            states.add(trace.state("s" + i, DType.F32, Shape.of(4, 5)));
            trace.update(states.getLast(), x.matmul(trace.feed("w" + i, DType.F32, Shape.of(3, 5))));
        }
        for (Tensor state : states) {
            sum = sum.add(state).tanh();
        }
        trace.output("y", sum);
        assertEquals(
                names("update.s"),
                agree(trace.program()).launches().stream()
                        .map(launch -> launch.name().replaceFirst("#.*", ""))
                        .filter(name -> name.startsWith("update."))
                        .toList());
    }

    @Test
    void aLoopNamesItsOperandsInTheOrderOfTheProgram() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(6, 4));
        List<Tensor> weights = names("w").stream()
                .map(name -> trace.feed(name, DType.F32, Shape.of(4)))
                .toList();
        trace.output(
                "y",
                Scan.over(List.of(), List.of(x), step -> {
                            Tensor y = step.input(0);
                            for (Tensor weight : weights) {
                                y = y.mul(step.capture(weight)).tanh();
                            }
                            return new Scan.Next(List.of(), List.of(y));
                        })
                        .outputs()
                        .getFirst());
        Plan plan = agree(trace.program());
        Launch.Loop loop = (Launch.Loop) plan.launches().stream()
                .filter(Launch.Loop.class::isInstance)
                .findFirst()
                .orElseThrow();
        List<String> expected = new ArrayList<>(List.of("stacked 0", "sequence 0"));
        expected.addAll(names("captured "));
        assertEquals(expected, List.copyOf(loop.places().keySet()));
    }
}
