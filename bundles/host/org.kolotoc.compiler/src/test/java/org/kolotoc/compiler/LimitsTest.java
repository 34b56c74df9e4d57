package org.kolotoc.compiler;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.kolotoc.compiler.CompilerTest.agree;
import static org.kolotoc.compiler.CompilerTest.fused;

import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.kolotoc.tck.RandomProgram;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.DeviceFailure;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** What is large, and where compiling ends. */
class LimitsTest {
    /** So many instructions, as estimated ({@code size}) and as written. */
    private record Instructions(int most, int estimated) implements KernelLimit {
        @Override
        public int size(Instruction instruction) {
            return estimated;
        }

        @Override
        public boolean takes(Launch.Fused kernel) {
            return kernel.body().size() <= most;
        }
    }

    private static void assertSmall(Plan plan, int most) {
        for (Launch launch : plan.launches()) {
            if (launch instanceof Launch.Fused kernel) {
                assertTrue(kernel.body().size() <= most, () -> launch + " of " + kernel.body());
            }
        }
    }

    /** More than one kernel takes, by what it computes, loads and stores. */
    private static Program wide() {
        Tracer trace = new Tracer();
        Tensor x = trace.state("x", DType.F32, Shape.of(3, 4));
        for (int i = 0; i < 50; i++) {
            x = x.mul(0.5).add(trace.state("x" + i, DType.F32, Shape.of(3, 4)));
            trace.output("y" + i, x);
        }
        return trace.program();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void noKernelIsLargerThanTheBackendAllows(int estimated) {
        KernelLimit limit = new Instructions(30, estimated);
        Plan plan = agree(wide(), limit);
        assertSmall(plan, 30);
        assertTrue(fused(plan) <= 12, () -> fused(plan) + " kernels, where 8 would do");
        assertTrue(fused(agree(wide())) <= 3, "too large without a limit, else this shows nothing");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1})
    void randomProgramsAgreeWithTheReferenceInSmallKernels(int estimated) {
        int smaller = 0;
        for (int seed = 0; seed < 60; seed++) {
            Program program = RandomProgram.of(seed);
            Plan plan = agree(program, new Instructions(5, estimated));
            smaller += fused(plan) > fused(Compiler.compile(program)) ? 1 : 0;
        }
        assertTrue(smaller > 15, smaller + " programs had kernels that were too large");
    }

    @Test
    void aValueThatIsTooLargeByItselfIsAKernel() {
        Plan plan = agree(wide(), new Instructions(1, 1));
        assertEquals(50, fused(plan), () -> plan.launches().toString());
    }

    /** 2^32 scores, and more operations than a long counts: the backend that needs no scores has a plan, the other a reason. */
    @Test
    void attentionOfMoreScoresThanATensorTakes() {
        int large = Integer.MAX_VALUE;
        for (boolean causal : new boolean[] {false, true}) {
            Tracer trace = new Tracer();
            Tensor x = trace.feed("x", DType.F32, Shape.of(large, 1));
            try (Tracer.Scope _ = trace.scope("block7")) {
                trace.output("y", Functions.attention(x, x, x, 1, causal));
            }
            Program program = trace.program();
            Launch launch = Compiler.compile(program).launches().getFirst();
            assertTrue(launch.flops() > Long.MAX_VALUE / 2, () -> launch.flops() + " operations");
            assertEquals(4L * DType.BYTES * large, launch.bytes());
            String message = assertThrows(
                            UnsupportedOperationException.class,
                            () -> Compiler.compileDecomposed(program, KernelLimit.NONE, _ -> false, Long.MAX_VALUE))
                    .getMessage();
            assertTrue(message.contains("matmul: [2147483647, 1] and [1, 2147483647]"), message);
            assertTrue(message.contains("in block7 at LimitsTest.java:"), message);
        }
    }

    @Test
    void operationsOfAttentionAreThoseOfTheKeysThatAreSeen() {
        Tracer trace = new Tracer();
        Tensor q = trace.feed("q", DType.F32, Shape.of(2, 5, 4));
        Tensor k = trace.feed("k", DType.F32, Shape.of(2, 3, 4));
        trace.output("all", Functions.attention(q, k, k, 1, false));
        trace.output("causal", Functions.attention(q, k, k, 1, true));
        List<Long> flops = Compiler.compile(trace.program()).launches().stream()
                .map(Launch::flops)
                .toList();
        // Two products of two operations for each of 4 numbers, for 15 and for 1 + 2 + 3 + 3 + 3 scores.
        assertEquals(List.of(2 * 2 * 2 * 4 * 15L, 2 * 2 * 2 * 4 * 12L), flops);
    }

    /** The start of a box without elements may lie where no int counts. */
    @Test
    void aSliceOfNothingAtTheEndOfALargeTensor() {
        Tracer trace = new Tracer();
        Tensor x = trace.feed("x", DType.F32, Shape.of(65535, 32768));
        trace.output("y", x.slice(0, 65535, 65535).slice(1, 32768, 32768));
        trace.output(
                "z",
                x.slice(1, 32768, 32768).slice(0, 65535, 65535).matmul(trace.feed("w", DType.F32, Shape.of(0, 3))));
        assertEquals(0, Compiler.compile(trace.program()).launches().size());
    }

    /** As a recurrent network has them: nothing goes down such a chain by recursion, so a small stack is enough. */
    @Test
    void chainsMayBeLong() throws Exception {
        FutureTask<Void> task = new FutureTask<>(LimitsTest::longChains, null);
        new Thread(null, task, "small stack", 256 << 10).start();
        task.get();
    }

    private static void longChains() {
        int length = 500;
        for (boolean recomputing : new boolean[] {false, true}) {
            Tracer trace = new Tracer();
            Tensor w = trace.state("w", DType.F32, Shape.of(2, 3));
            Tensor moved = w;
            Tensor x = w;
            try (Tracer.Scope _ = trace.segment("long")) {
                for (int i = 0; i < length; i++) {
                    moved = moved.matrixTranspose()
                            .reshape(1, -1, moved.shape().extent(0))
                            .transpose(2, 0, 1)
                            .reshape(2, 3);
                    x = x.mul(0.5).add(0.1);
                }
                x = x.matmul(moved.reshape(3, 2)).add(trace.state("b", DType.F32, Shape.of(2)));
                for (int i = 0; i < length; i++) {
                    x = x.matrixTranspose().reshape(2, 1, 2).transpose(2, 1, 0).reshape(2, 2);
                }
            }
            Tensor loss = x.matmul(x).sum();
            List<Tensor> gradients =
                    recomputing ? Gradients.rematerializing(loss, List.of(w)) : Gradients.of(loss, List.of(w));
            trace.output("loss", loss);
            trace.output("gradient", gradients.getFirst());
            agree(trace.program());
        }
    }

    private static Program inLayer() {
        Tracer trace = new Tracer();
        Tensor x = trace.state("x", DType.F32, Shape.of(2, 3));
        try (Tracer.Scope _ = trace.scope("block3")) {
            trace.output("y", x.tanh().add(x).exp());
        }
        return trace.program();
    }

    @Test
    void anInterruptEndsTracingAndCompilingWhereTheyAre() {
        Program program = inLayer();
        Thread.currentThread().interrupt();
        try {
            String compiling = assertThrows(CancellationException.class, () -> Compiler.compile(program))
                    .getMessage();
            assertTrue(
                    compiling.startsWith("compiling was interrupted at exp in block3 at LimitsTest.java:"), compiling);
            String tracing = assertThrows(CancellationException.class, LimitsTest::inLayer)
                    .getMessage();
            assertTrue(tracing.startsWith("tracing was interrupted at operation 0 at LimitsTest.java:"), tracing);
            assertTrue(Thread.currentThread().isInterrupted(), "who interrupted wants more than this to end");
        } finally {
            assertTrue(Thread.interrupted());
        }
        assertEquals(1, Compiler.compile(program).launches().size());
    }

    @Test
    void memoryThatDoesNotSufficeIsToldWithTheKernelAndTheLine() {
        for (Error thrown : List.of(new OutOfMemoryError("Java heap space"), new StackOverflowError())) {
            KernelLimit exhausted = new KernelLimit() {
                @Override
                public int most() {
                    return 100;
                }

                @Override
                public int size(Instruction instruction) {
                    return 1;
                }

                @Override
                public boolean takes(Launch.Fused kernel) {
                    throw thrown;
                }
            };
            DeviceFailure failure = assertThrows(DeviceFailure.class, () -> Compiler.compile(inLayer(), exhausted));
            assertTrue(
                    failure.getMessage().startsWith("compiling exp in block3 at LimitsTest.java:"),
                    failure.getMessage());
            assertEquals(thrown, failure.getCause());
        }
    }
}
