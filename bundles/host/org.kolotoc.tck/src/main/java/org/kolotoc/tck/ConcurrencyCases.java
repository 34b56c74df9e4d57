package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;

/** Several threads: steps that know nothing of each other, runs that wait, and closing under a step that runs. */
final class ConcurrencyCases {
    private static final long TOGETHER = TimeUnit.MILLISECONDS.toNanos(150);
    private static final int FEWEST_RUNS = 2;
    private static final int ROUNDS = 3;
    private static final long SECONDS_TO_WAIT = 60;

    /** What writes all it writes anew in each run, through every kind of launch, so that any number of runs gives the same. */
    private static final Case STEADY = Case.of("steady", ConcurrencyCases::trace)
            .with("index", Values.integers(0, 12))
            .with("at", Values.of(3));

    private static final Case OTHER = STEADY.with("x", Values.normal(0.5)).with("at", Values.of(6));

    private ConcurrencyCases() {}

    private static void trace(Tracer t) {
        Tensor x = t.feed("x", DType.F32, Shape.of(2, 12, 8));
        Tensor w = t.state("w", DType.F32, Shape.of(8, 24));
        Tensor index = t.feed("index", DType.I32, Shape.of(9));
        Tensor heads = Functions.gelu(x.matmul(w)).reshape(2, 12, 3, 8).transpose(0, 2, 1, 3);
        Tensor attended = Functions.attention(heads, heads.mul(0.5), heads, 0.25, true);
        Tensor shares = Functions.softmax(
                attended.add(attended.matmul(attended.matrixTranspose()).sumKeepDims(-1)));
        Tensor rows = shares.transpose(2, 0, 1, 3).reshape(12, 48).gather(index);
        Tensor loss = rows.mul(rows).sum().log();
        t.output("loss", loss);
        t.output("shares", shares);
        t.output("window", shares.dynamicSlice(2, t.feed("at", DType.I32, Shape.scalar()), 4));
        t.output("columns", shares.sum(0, 1));
        t.output("gradient", Gradients.of(loss, List.of(w)).getFirst());
        t.update(t.state("seen", DType.F32, Shape.of(12, 48)), rows.scatterAdd(index, 12));
    }

    static Stream<Check> all() {
        return Stream.of(
                new Check("two steps of one program run at once, each as if alone", ConcurrencyCases::twoSteps),
                new Check("a run of a step waits for the one before", ConcurrencyCases::oneStep),
                new Check("a program is closed while its steps run", ConcurrencyCases::closedProgram),
                new Check("buffers are closed while steps run", ConcurrencyCases::closedBuffers));
    }

    private static void twoSteps(Backend backend) throws Exception {
        Program program = STEADY.program();
        Trial one = Trial.of(STEADY, backend);
        Trial other = Trial.of(OTHER, backend);
        try (Executable executable = backend.compile(program);
                Bound first = Bound.of(STEADY, program, backend, executable);
                Bound second = Bound.of(OTHER, program, backend, executable)) {
            CountDownLatch start = new CountDownLatch(2);
            long until = System.nanoTime() + TOGETHER;
            List<FutureTask<Void>> threads = List.of(
                    thread(() -> runAll(program, first, one, start, until)),
                    thread(() -> runAll(program, second, other, start, until)));
            for (FutureTask<Void> thread : threads) {
                await(thread);
            }
        }
    }

    private static void runAll(Program program, Bound bound, Trial expected, CountDownLatch start, long until)
            throws InterruptedException {
        start.countDown();
        start.await();
        for (int run = 0; run < FEWEST_RUNS || System.nanoTime() < until; run++) {
            bound.step().run();
            Agreement.sameBits(bound.test(), expected, bound.results(program));
        }
    }

    private static void oneStep(Backend backend) throws Exception {
        Case counter = Case.of("counter", t -> {
                    Tensor count = t.state("count", DType.F32, Shape.of(30, 70));
                    t.update(count, count.add(1));
                })
                .with("count", Values.of(0));
        int runs = 20;
        Program program = counter.program();
        try (Executable executable = backend.compile(program);
                Bound bound = Bound.of(counter, program, backend, executable)) {
            CountDownLatch start = new CountDownLatch(2);
            List<FutureTask<Void>> threads = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                threads.add(thread(() -> {
                    start.countDown();
                    start.await();
                    for (int run = 0; run < runs; run++) {
                        bound.step().run();
                    }
                }));
            }
            for (FutureTask<Void> thread : threads) {
                await(thread);
            }
            for (float count : bound.results(program).results().get("count").floats()) {
                assertEquals(2 * runs, count);
            }
        }
    }

    private static void closedProgram(Backend backend) throws Exception {
        Trial one = Trial.of(STEADY, backend);
        Trial other = Trial.of(OTHER, backend);
        for (int round = 0; round < ROUNDS; round++) {
            Program program = STEADY.program();
            Executable executable = backend.compile(program);
            try (executable;
                    Bound first = Bound.of(STEADY, program, backend, executable);
                    Bound second = Bound.of(OTHER, program, backend, executable)) {
                underRuns(List.of(first, second), executable::close);
                Agreement.sameBits(STEADY, one, first.results(program));
                Agreement.sameBits(OTHER, other, second.results(program));
            }
        }
    }

    private static void closedBuffers(Backend backend) throws Exception {
        Program program = STEADY.program();
        Trial other = Trial.of(OTHER, backend);
        try (Executable executable = backend.compile(program);
                Bound second = Bound.of(OTHER, program, backend, executable)) {
            for (String closed : List.of("x", "w", "shares", "seen")) {
                try (Bound first = Bound.of(STEADY, program, backend, executable)) {
                    underRuns(List.of(first), () -> first.buffers().get(closed).close());
                }
            }
            second.step().run();
            Agreement.sameBits(OTHER, other, second.results(program));
        }
    }

    /** Closes something while steps run again and again, until each was refused. */
    private static void underRuns(List<Bound> all, Runnable close) throws Exception {
        CountDownLatch ran = new CountDownLatch(all.size());
        List<FutureTask<Void>> threads = new ArrayList<>();
        for (Bound bound : all) {
            threads.add(thread(() -> {
                bound.step().run();
                ran.countDown();
                long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_WAIT);
                ClosingCases.refused("runs after the close", () -> {
                    while (System.nanoTime() < until) {
                        bound.step().run();
                    }
                });
            }));
        }
        assertTrue(ran.await(SECONDS_TO_WAIT, TimeUnit.SECONDS), "no step ran");
        close.run();
        for (FutureTask<Void> thread : threads) {
            await(thread);
        }
    }

    /** Work of a thread, which may fail. */
    @FunctionalInterface
    private interface Work {
        void run() throws InterruptedException;
    }

    private static FutureTask<Void> thread(Work work) {
        FutureTask<Void> task = new FutureTask<>(() -> {
            work.run();
            return null;
        });
        Thread.ofPlatform().daemon().start(task);
        return task;
    }

    private static void await(FutureTask<Void> thread) throws Exception {
        try {
            thread.get(SECONDS_TO_WAIT, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw new AssertionError(e.getCause().getMessage(), e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("a thread did not end within " + SECONDS_TO_WAIT + " seconds", e);
        }
    }
}
