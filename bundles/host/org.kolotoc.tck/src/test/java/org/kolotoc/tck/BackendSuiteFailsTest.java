package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Exchanger;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.ThrowingConsumer;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Backends with one fault each: the suite has to see it. */
class BackendSuiteFailsTest {
    /** What a backend does wrong. */
    private enum Fault {
        NONE,
        /** All steps of a program work in one place. */
        SHARED_SCRATCH,
        /** Runs of a step overlap. */
        OVERLAPPING_RUNS,
        /** A closed program runs on. */
        RUNS_AFTER_CLOSE,
        /** A step does not notice that a buffer was closed before it has done half of its work. */
        RUNS_WITHOUT_BUFFER,
        /** What a program wrote goes with it. */
        FORGETS_ON_CLOSE,
        /** Times that don't fit are noticed in the end. */
        RUNS_WITHOUT_ROOM_FOR_TIMES
    }

    /** The reference with a fault. */
    private record Faulty(Fault fault, Backend right) implements Backend {
        Faulty(Fault fault) {
            this(fault, new ReferenceBackend());
        }

        @Override
        public String id() {
            return "faulty";
        }

        @Override
        public String device() {
            return fault.toString();
        }

        @Override
        public Buffer allocate(DType dtype, Shape shape) {
            return right.allocate(dtype, shape);
        }

        @Override
        public Executable compile(Program program) {
            return new Wrong(fault, program, this);
        }

        @Override
        public void close() {
            right.close();
        }
    }

    /** A program that works on copies of its buffers, wrongly. */
    private static final class Wrong implements Executable {
        private final Fault fault;
        private final Program program;
        private final Faulty backend;
        private final Executable right;
        private final Map<String, Buffer> shared;
        private Map<String, Buffer> last = Map.of();

        Wrong(Fault fault, Program program, Faulty backend) {
            this.fault = fault;
            this.program = program;
            this.backend = backend;
            this.right = backend.right().compile(program);
            this.shared = copies();
        }

        private Map<String, Buffer> copies() {
            Map<String, Buffer> copies = new HashMap<>();
            Stream.of(program.inputs(), program.outputs())
                    .forEach(map -> map.forEach(
                            (name, leaf) -> copies.put(name, backend.allocate(leaf.dtype(), leaf.shape()))));
            return copies;
        }

        @Override
        public Step bind(Map<String, Buffer> buffers) {
            Step checked = right.bind(buffers);
            last = buffers;
            Exchanger<Fault> both = new Exchanger<>();
            return new Step() {
                @Override
                public void run() {
                    switch (fault) {
                        case SHARED_SCRATCH -> {
                            refuseWhenClosed();
                            in(shared, () -> {});
                        }
                        case OVERLAPPING_RUNS -> {
                            refuseWhenClosed();
                            in(copies(), this::meet);
                            meet();
                        }
                        case RUNS_WITHOUT_BUFFER -> {
                            refuseWhenClosed();
                            in(copies(), () -> {});
                        }
                        case RUNS_AFTER_CLOSE -> in(copies(), () -> {});
                        case NONE, FORGETS_ON_CLOSE, RUNS_WITHOUT_ROOM_FOR_TIMES -> checked.run();
                    }
                }

                private void refuseWhenClosed() {
                    right.explain();
                }

                /** Waits for the other thread, so that the runs overlap however the threads are scheduled. */
                private void meet() {
                    try {
                        both.exchange(fault, 30, TimeUnit.SECONDS);
                    } catch (InterruptedException | TimeoutException e) {
                        throw new IllegalStateException("the other thread did not come", e);
                    }
                }

                private void in(Map<String, Buffer> place, Runnable between) {
                    program.inputs().forEach((name, _) -> copy(buffers.get(name), place.get(name)));
                    backend.right().compile(program).bind(place).run();
                    between.run();
                    program.updates().forEach((name, _) -> copy(place.get(name), buffers.get(name)));
                    program.outputs().forEach((name, _) -> copy(place.get(name), buffers.get(name)));
                }

                @Override
                public void run(long[] nanoseconds) {
                    if (fault == Fault.RUNS_WITHOUT_ROOM_FOR_TIMES) {
                        run();
                    }
                    checked.run(nanoseconds);
                }
            };
        }

        private static void copy(Buffer from, Buffer to) {
            if (from.dtype() == DType.F32) {
                float[] floats = new float[from.shape().size()];
                from.read(floats);
                to.write(floats);
            } else {
                int[] ints = new int[from.shape().size()];
                from.read(ints);
                to.write(ints);
            }
        }

        @Override
        public Explanation explain() {
            return right.explain();
        }

        @Override
        public void close() {
            if (fault == Fault.FORGETS_ON_CLOSE) {
                program.updates()
                        .forEach((name, value) -> copy(backend.allocate(value.dtype(), value.shape()), last.get(name)));
            }
            right.close();
        }
    }

    private static BackendConformance suite(Fault fault) {
        return new BackendConformance() {
            @Override
            protected Backend backend() {
                return new Faulty(fault);
            }

            @Override
            protected Backend backendWithThreads(int threads) {
                return new Faulty(fault);
            }
        };
    }

    private static void noticed(Fault fault, ThrowingConsumer<BackendConformance> check) throws Throwable {
        check.accept(suite(Fault.NONE));
        assertThrows(AssertionError.class, () -> check.accept(suite(fault)), fault.toString());
    }

    private static ThrowingConsumer<BackendConformance> all(Function<BackendConformance, Stream<DynamicTest>> factory) {
        return suite -> {
            for (DynamicTest test : factory.apply(suite).toList()) {
                test.getExecutable().execute();
            }
        };
    }

    @Test
    void stepsThatShareScratchFail() throws Throwable {
        noticed(Fault.SHARED_SCRATCH, all(BackendConformance::threadsDoNotMeet));
    }

    @Test
    void runsThatOverlapFail() throws Throwable {
        noticed(Fault.OVERLAPPING_RUNS, suite -> {
            DynamicTest waits = suite.threadsDoNotMeet()
                    .filter(test -> test.getDisplayName().equals("a run of a step waits for the one before"))
                    .findFirst()
                    .orElseThrow();
            waits.getExecutable().execute();
        });
    }

    @Test
    void aProgramThatRunsOnFails() throws Throwable {
        noticed(Fault.RUNS_AFTER_CLOSE, all(BackendConformance::whatWasClosedRefuses));
    }

    @Test
    void aStepThatRunsWithoutABufferFails() throws Throwable {
        noticed(Fault.RUNS_WITHOUT_BUFFER, all(BackendConformance::whatWasClosedRefuses));
    }

    @Test
    void aProgramThatTakesItsResultsWithItFails() throws Throwable {
        noticed(Fault.FORGETS_ON_CLOSE, all(BackendConformance::whatWasClosedRefuses));
    }

    @Test
    void timesThatDoNotFitFail() throws Throwable {
        noticed(Fault.RUNS_WITHOUT_ROOM_FOR_TIMES, BackendConformance::timesFitTheKernels);
    }
}
