package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Program;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;
import org.kolotoc.tensor.Tracer;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * What every backend must do: the same as the reference, whatever the sizes, with the same bits for any number of
 * threads.
 *
 * <pre>
 * class CpuBackendTest extends BackendConformance {
 *     protected Backend backend() { return new CpuBackend(); }
 *     protected Backend backendWithThreads(int threads) { return new CpuBackend(threads); }
 * }
 * </pre>
 */
public abstract class BackendConformance {
    /** The backend as a run would use it. */
    protected abstract Backend backend();

    /** The backend with so many threads. */
    protected abstract Backend backendWithThreads(int threads);

    @TestFactory
    Stream<DynamicTest> everyOperationAgreesWithTheReference() {
        return agreement(OperationCases.all());
    }

    @TestFactory
    Stream<DynamicTest> whatFusesAgreesWithTheReference() {
        return agreement(CompositeCases.all());
    }

    @TestFactory
    Stream<DynamicTest> trainingStepsAgreeWithTheReference() {
        return agreement(TrainingCases.all());
    }

    private Stream<DynamicTest> agreement(Stream<Case> cases) {
        Backend tested = backend();
        Backend reference = new ReferenceBackend();
        return cases.map(test -> DynamicTest.dynamicTest(
                test.name(), () -> Agreement.close(test, Trial.of(test, reference), Trial.of(test, tested))));
    }

    @TestFactory
    Stream<DynamicTest> threadsDoNotChangeABit() {
        Backend one = backendWithThreads(1);
        Backend two = backendWithThreads(2);
        Backend three = backendWithThreads(3);
        return cases().map(test -> DynamicTest.dynamicTest(test.name(), () -> {
            Trial expected = Trial.of(test, one);
            Agreement.sameBits(test, expected, Trial.of(test, two));
            Agreement.sameBits(test, expected, Trial.of(test, three));
        }));
    }

    /** Every kernel gets a time; a backend that measures none says so before it runs anything. */
    @TestFactory
    Stream<DynamicTest> measuringChangesNoBit() {
        Backend tested = backend();
        return TrainingCases.all()
                .map(test -> DynamicTest.dynamicTest(
                        test.name(),
                        () -> Agreement.sameBits(
                                test, Trial.of(test, tested), Trial.of(test, tested, BackendConformance::measured))));
    }

    private static void measured(Executable executable, Executable.Step step) {
        long[] times = new long[executable.explain().kernels().size()];
        Arrays.fill(times, -1);
        try {
            step.run(times);
        } catch (UnsupportedOperationException _) {
            step.run();
            return;
        }
        for (int i = 0; i < times.length; i++) {
            int kernel = i;
            assertTrue(
                    times[i] >= 0,
                    () -> "no time of kernel "
                            + executable.explain().kernels().get(kernel).name());
        }
    }

    @Test
    void noOperationIsLeftOut() {
        Set<String> missing = new TreeSet<>();
        for (Class<?> op : Op.class.getPermittedSubclasses()) {
            missing.add(op.getSimpleName());
        }
        Stream.of(Op.UnaryKind.values(), Op.BinaryKind.values(), Op.CompareKind.values(), Op.ReduceKind.values())
                .flatMap(Arrays::stream)
                .forEach(kind -> missing.add(kind.getClass().getSimpleName() + " " + kind));
        cases().flatMap(test -> test.program().nodes().stream()).forEach(node -> {
            missing.remove(node.op().getClass().getSimpleName());
            missing.remove(kind(node.op()));
        });
        assertEquals(Set.of(), missing, "operations without a case");
    }

    private static String kind(Op op) {
        Enum<?> kind = switch (op) {
            case Op.Unary unary -> unary.kind();
            case Op.Binary binary -> binary.kind();
            case Op.Compare compare -> compare.kind();
            case Op.Reduce reduce -> reduce.kind();
            default -> null;
        };
        return kind == null ? "" : kind.getClass().getSimpleName() + " " + kind;
    }

    private static Stream<Case> cases() {
        return Stream.of(OperationCases.all(), CompositeCases.all(), TrainingCases.all())
                .flatMap(cases -> cases);
    }

    @Test
    void aNewBufferIsZero() {
        try (Buffer buffer = backend().allocate(DType.F32, Shape.of(3, 5))) {
            float[] values = new float[15];
            Arrays.fill(values, 1);
            buffer.read(values);
            assertArrayEquals(new float[15], values);
        }
    }

    @Test
    void aBufferRefusesAWrongLengthOrType() {
        try (Buffer buffer = backend().allocate(DType.F32, Shape.of(3, 5))) {
            assertThrows(IllegalArgumentException.class, () -> buffer.write(new float[14]));
            assertThrows(IllegalArgumentException.class, () -> buffer.read(new float[16]));
            assertThrows(IllegalArgumentException.class, () -> buffer.write(new int[15]));
        }
    }

    @Test
    void bindingNamesWhatIsMissing() {
        Backend backend = backend();
        try (Executable executable = backend.compile(sum())) {
            Buffer total = backend.allocate(DType.F32, Shape.scalar());
            String message = assertThrows(IllegalArgumentException.class, () -> executable.bind(Map.of("total", total)))
                    .getMessage();
            assertTrue(message.contains("amounts"), message);
            total.close();
        }
    }

    @Test
    void bindingNamesABufferOfAnotherShape() {
        Backend backend = backend();
        try (Executable executable = backend.compile(sum());
                Buffer total = backend.allocate(DType.F32, Shape.scalar());
                Buffer amounts = backend.allocate(DType.F32, Shape.of(8));
                Buffer whole = backend.allocate(DType.I32, Shape.of(7))) {
            for (Buffer wrong : List.of(amounts, whole)) {
                String message = assertThrows(
                                IllegalArgumentException.class,
                                () -> executable.bind(Map.of("total", total, "amounts", wrong)))
                        .getMessage();
                assertTrue(message.contains("amounts"), message);
            }
        }
    }

    @Test
    void oneProgramServesTwoSetsOfBuffers() {
        Backend backend = backend();
        try (Executable executable = backend.compile(sum())) {
            Map<String, Buffer> one = buffers(backend, executable, 1);
            Map<String, Buffer> two = buffers(backend, executable, 2);
            Executable.Step first = executable.bind(one);
            Executable.Step second = executable.bind(two);
            first.run();
            second.run();
            first.run();
            float[] total = new float[1];
            one.get("total").read(total);
            assertEquals(7, total[0]);
            two.get("total").read(total);
            assertEquals(14, total[0]);
            Stream.of(one, two).flatMap(map -> map.values().stream()).forEach(Buffer::close);
        }
    }

    private static Map<String, Buffer> buffers(Backend backend, Executable executable, float value) {
        Map<String, Buffer> buffers = new HashMap<>();
        buffers.put("amounts", backend.allocate(DType.F32, Shape.of(7)));
        buffers.put("total", backend.allocate(DType.F32, Shape.scalar()));
        float[] amounts = new float[7];
        Arrays.fill(amounts, value);
        buffers.get("amounts").write(amounts);
        return buffers;
    }

    @Test
    void theExplanationCountsWhatIsBound() {
        try (Executable executable = backend().compile(sum())) {
            assertEquals(8 * DType.BYTES, executable.explain().feedBytes());
            assertTrue(
                    executable.explain().flops() >= 6,
                    () -> "7 numbers added are at least 6 operations: " + executable.explain());
        }
    }

    private static Program sum() {
        Tracer tracer = new Tracer();
        Tensor amounts = tracer.feed("amounts", DType.F32, Shape.of(7));
        tracer.output("total", amounts.sum());
        return tracer.program();
    }
}
