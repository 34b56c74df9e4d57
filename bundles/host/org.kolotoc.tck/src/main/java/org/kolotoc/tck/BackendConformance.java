package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.kolotoc.tensor.Backend;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Executable;
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

    /** Numbers of threads that it can be given; none if it has no such number. */
    protected List<Integer> threads() {
        return List.of(1, 2, 3);
    }

    /** How many random programs are tried; fewer where each takes long. */
    protected int randomPrograms() {
        return 200;
    }

    /** Whether a program is tried: where another suite tries all of them on the same code, those that differ here will do. */
    protected boolean concerns(Program program) {
        return true;
    }

    /** Whether subnormal numbers are what they are, not 0. */
    protected boolean keepsSubnormals() {
        return true;
    }

    /** One that may be closed without harm to the others. */
    protected Backend backendToClose() {
        return backendWithThreads(2);
    }

    @TestFactory
    Stream<DynamicTest> everyOperationAgreesWithTheReference() {
        return agreement(OperationCases.all());
    }

    @TestFactory
    Stream<DynamicTest> whatFusesAgreesWithTheReference() {
        return agreement(CompositeCases.all());
    }

    @TestFactory
    Stream<DynamicTest> whatIsTooLargeForOneKernelAgreesWithTheReference() {
        return agreement(LargeCases.all());
    }

    @TestFactory
    Stream<DynamicTest> trainingStepsAgreeWithTheReference() {
        return agreement(TrainingCases.all());
    }

    /**
     * Operators as others understand them. What operations don't express is told with the reason, and never grows; of
     * another file than the one known, every vector that is covered has to agree, however many they are.
     */
    @Test
    void operatorVectorsAgree() throws IOException {
        Path file = TestData.file("reference/onnx_op_vectors.jsonl.gz");
        Backend tested = backend();
        OperatorVectors vectors = OperatorVectors.of(file, tested, this::concerns);
        int floor = OperatorVectors.floor(file);
        String summary = vectors.summary(tested.id(), floor);
        System.out.print(summary);
        assertTrue(vectors.faults().isEmpty(), () -> String.join("\n", vectors.faults()));
        assertTrue(vectors.covered() >= floor, () -> "fewer than before: " + summary);
    }

    private Stream<DynamicTest> agreement(Stream<Case> cases) {
        Backend tested = backend();
        Backend reference = new ReferenceBackend();
        return cases.filter(test -> keepsSubnormals() || !test.subnormal())
                .filter(test -> concerns(test.program()))
                .map(test -> DynamicTest.dynamicTest(
                        test.name(), () -> Agreement.close(test, Trial.of(test, reference), Trial.of(test, tested))));
    }

    @TestFactory
    Stream<DynamicTest> threadsDoNotChangeABit() {
        List<Backend> all = threads().stream().map(this::backendWithThreads).toList();
        return all.isEmpty()
                ? Stream.of()
                : cases().map(test -> DynamicTest.dynamicTest(test.name(), () -> {
                    Trial expected = Trial.of(test, all.getFirst());
                    for (Backend other : all.subList(1, all.size())) {
                        Agreement.sameBits(test, expected, Trial.of(test, other));
                    }
                }));
    }

    @TestFactory
    Stream<DynamicTest> companyChangesNoBit() {
        return Check.tests(CompanyCases.all(), backend());
    }

    @TestFactory
    Stream<DynamicTest> recomputationChangesNoBit() {
        return Check.tests(RecomputationCases.all(randomPrograms()), backend());
    }

    @TestFactory
    Stream<DynamicTest> whatWasClosedRefuses() {
        return Check.tests(ClosingCases.all(), backend());
    }

    @Test
    void aBackendThatWasClosedRefuses() {
        ClosingCases.ended(backendToClose());
    }

    @TestFactory
    Stream<DynamicTest> threadsDoNotMeet() {
        return Check.tests(ConcurrencyCases.all(), backend());
    }

    /** Every kernel gets a time; a backend that measures none says so before it runs anything. */
    @TestFactory
    Stream<DynamicTest> measuringChangesNoBit() {
        Backend tested = backend();
        Stream<Case> cases = measures(tested) ? TrainingCases.all() : Stream.of();
        return cases.map(test -> DynamicTest.dynamicTest(
                test.name(),
                () -> Agreement.sameBits(
                        test, Trial.of(test, tested), Trial.of(test, tested, BackendConformance::measured))));
    }

    private static boolean measures(Backend backend) {
        try (Executable executable = backend.compile(sum())) {
            Map<String, Buffer> buffers = buffers(backend, 1);
            try {
                measured(executable, executable.bind(buffers));
                return true;
            } catch (UnsupportedOperationException _) {
                float[] total = new float[1];
                buffers.get("total").read(total);
                assertEquals(0, total[0], "was run");
                return false;
            } finally {
                buffers.values().forEach(Buffer::close);
            }
        }
    }

    private static void measured(Executable executable, Executable.Step step) {
        long[] times = new long[executable.explain().kernels().size()];
        Arrays.fill(times, -1);
        step.run(times);
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
        Set<String> missing = OperationNames.all();
        cases().flatMap(test -> test.program().nodes().stream())
                .forEach(node -> missing.removeAll(OperationNames.of(node.op())));
        assertEquals(Set.of(), missing, "operations without a case");
    }

    private static Stream<Case> cases() {
        return Stream.of(OperationCases.all(), CompositeCases.all(), LargeCases.all(), TrainingCases.all())
                .flatMap(cases -> cases);
    }

    /** Programs of all cases, for what a backend says of itself: how large its kernels are, say. */
    protected static Stream<Program> programs() {
        return cases().map(Case::program);
    }

    @TestFactory
    Stream<DynamicTest> buffersKeepWhatFits() {
        return Check.tests(BufferCases.all(), backend());
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
            Map<String, Buffer> one = buffers(backend, 1);
            Map<String, Buffer> two = buffers(backend, 2);
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

    /** What a program writes shares a buffer with nothing: who reads would see it too soon. */
    @Test
    void aBufferThatIsWrittenHasOneName() {
        Backend backend = backend();
        Tracer tracer = new Tracer();
        Tensor x = tracer.feed("x", DType.F32, Shape.of(7));
        Tensor s = tracer.state("s", DType.F32, Shape.of(7));
        Tensor y = tracer.feed("y", DType.F32, Shape.of(7));
        tracer.output("sum", x.add(y));
        tracer.output("product", x.mul(y));
        tracer.update(s, y.add(s));
        try (Executable executable = backend.compile(tracer.program());
                Buffer one = backend.allocate(DType.F32, Shape.of(7));
                Buffer two = backend.allocate(DType.F32, Shape.of(7));
                Buffer three = backend.allocate(DType.F32, Shape.of(7));
                Buffer four = backend.allocate(DType.F32, Shape.of(7))) {
            for (List<Buffer> wrong : List.of(
                    List.of(one, two, three, one, four),
                    List.of(one, two, three, four, four),
                    List.of(one, two, two, three, four),
                    List.of(one, two, three, three, four))) {
                String message = assertThrows(IllegalArgumentException.class, () -> executable.bind(named(wrong)))
                        .getMessage();
                assertTrue(message.contains("same buffer"), message);
            }
            one.write(new float[] {1, 2, 3, 4, 5, 6, 7});
            executable.bind(named(List.of(one, one, two, three, four))).run();
            float[] values = new float[7];
            three.read(values);
            assertArrayEquals(new float[] {2, 4, 6, 8, 10, 12, 14}, values);
        }
    }

    private static Map<String, Buffer> named(List<Buffer> buffers) {
        return Map.of(
                "x", buffers.get(0),
                "y", buffers.get(1),
                "s", buffers.get(2),
                "sum", buffers.get(3),
                "product", buffers.get(4));
    }

    @Test
    void timesFitTheKernels() {
        Backend backend = backend();
        try (Executable executable = backend.compile(sum())) {
            Map<String, Buffer> buffers = buffers(backend, 1);
            Executable.Step step = executable.bind(buffers);
            int kernels = executable.explain().kernels().size();
            for (int wrong : new int[] {kernels - 1, kernels + 1}) {
                assertThrows(RuntimeException.class, () -> step.run(new long[wrong]), wrong + " of " + kernels);
                float[] total = new float[1];
                buffers.get("total").read(total);
                assertEquals(0, total[0], "was run");
            }
            buffers.values().forEach(Buffer::close);
        }
    }

    private static Map<String, Buffer> buffers(Backend backend, float value) {
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
