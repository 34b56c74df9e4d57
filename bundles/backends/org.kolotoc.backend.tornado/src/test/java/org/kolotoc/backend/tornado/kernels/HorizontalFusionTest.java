package org.kolotoc.backend.tornado.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.backend.tornado.kernels.Footprint.Range;

/** Launches of one kernel become one where no other has to come between them, and only there. */
class HorizontalFusionTest {
    private static final DeviceMemory FLOAT_SCRATCH = DeviceMemory.first(DeviceMemory.Purpose.SCRATCH, true);

    private final HorizontalFusion batches = new HorizontalFusion();

    private static GeneratedKernel kernel(String name, String content, int groups) {
        return kernel(name, content, groups, false);
    }

    private static GeneratedKernel kernel(String name, String content, int groups, boolean guarded) {
        return new GeneratedKernel(
                name,
                content,
                new byte[0],
                List.of(FLOAT_SCRATCH),
                List.of(name.charAt(0) - 'a', 7),
                List.of(64 * groups),
                List.of(64),
                guarded);
    }

    private static Footprint footprint(int reads, int writes) {
        return new Footprint(
                List.of(new Range(FLOAT_SCRATCH, reads, reads + 10)),
                List.of(new Range(FLOAT_SCRATCH, writes, writes + 10)));
    }

    private List<String> names() {
        return batches.tasks().stream().map(DeviceTask::name).toList();
    }

    @Test
    void independentLaunchesOfOneKernelBecomePlanes() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "L", 2), footprint(0, 110));
        batches.add(kernel("c", "K", 2), footprint(10, 120));
        batches.add(kernel("d", "K", 2), footprint(20, 130));
        assertEquals(List.of("a_and_2", "b"), names());
        GeneratedKernel planes =
                assertInstanceOf(GeneratedKernel.class, batches.tasks().getFirst());
        assertEquals(List.of(128, 1, 3), planes.global());
        assertEquals(List.of(64, 1, 1), planes.local());
        assertEquals(List.of(0, 7, 2, 7, 3, 7), planes.parameters());
        assertEquals(
                List.of(List.of("a", "c", "d"), List.of("b")),
                batches.members().stream()
                        .map(members -> members.stream().map(DeviceTask::name).toList())
                        .toList());
    }

    @Test
    void whoReadsWhatIsWrittenWaits() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "K", 2), footprint(105, 200));
        assertEquals(List.of("a", "b"), names(), "reads what a writes");
        batches.add(kernel("c", "K", 2), footprint(300, 5));
        assertEquals(List.of("a", "b_and_1"), names(), "writes what a reads, has nothing to do with b");
        batches.add(kernel("d", "K", 2), footprint(300, 209));
        assertEquals(List.of("a", "b_and_1", "d"), names(), "writes what b writes");
        batches.add(kernel("e", "K", 2), footprint(400, 500));
        assertEquals(List.of("a_and_1", "b_and_1", "d"), names(), "waits for nobody");
    }

    @Test
    void anotherInBetweenIsNotOvertaken() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "L", 2), footprint(100, 200));
        batches.add(kernel("c", "K", 2), footprint(200, 300));
        assertEquals(List.of("a", "b", "c"), names());
    }

    @Test
    void otherGridsAndLibrariesStayAlone() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "K", 4), footprint(0, 110));
        LibraryProduct product = new LibraryProduct("p", List.of(FLOAT_SCRATCH), Map.of());
        batches.add(product, footprint(0, 120));
        batches.add(product, footprint(0, 130));
        assertEquals(List.of("a", "b", "p", "p"), names());
    }

    /** Nobody reads what they write before the end: they are sums that gradients end with. */
    @Test
    void oneThatNobodyWaitsForWaitsForItsLike() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "L", 2), footprint(200, 300));
        batches.add(kernel("c", "K", 2), footprint(300, 400));
        assertEquals(List.of("b", "a_and_1"), names());
        batches.add(kernel("d", "M", 2), footprint(100, 500));
        batches.add(kernel("e", "K", 2), footprint(500, 600));
        assertEquals(List.of("b", "a_and_1", "d", "e"), names(), "d reads what a writes");
    }

    @Test
    void oneThatWritesWhatIsReadInBetweenDoesNotWait() {
        for (int other : new int[] {0, 100}) {
            HorizontalFusion fusion = new HorizontalFusion();
            fusion.add(kernel("a", "K", 2), footprint(0, 100));
            fusion.add(kernel("b", "L", 2), footprint(200, other));
            fusion.add(kernel("c", "K", 2), footprint(other, 400));
            assertEquals(
                    List.of("a", "b", "c"),
                    fusion.tasks().stream().map(DeviceTask::name).toList(),
                    "b overwrites what a " + (other == 0 ? "reads" : "writes"));
        }
    }

    @Test
    void oneThatIsWaitedForDoesNotWaitForWhoWaits() {
        batches.add(kernel("a", "K", 2), footprint(0, 100));
        batches.add(kernel("b", "L", 2), footprint(200, 300));
        batches.add(kernel("c", "K", 2), footprint(100, 400).and(footprint(300, 410)));
        assertEquals(List.of("a", "b", "c"), names(), "c reads what a and b write");
    }

    @Test
    void guardedKernelsOfOtherSizesBecomePlanesOfTheLargestWhereFewItemsAreIdle() {
        batches.add(kernel("a", "K", 8, true), footprint(0, 100));
        batches.add(kernel("b", "K", 1, true), footprint(0, 110));
        batches.add(kernel("c", "K", 1, true), footprint(0, 120));
        assertEquals(List.of("a_and_1", "c"), names(), "24 groups would be for 10");
        batches.add(kernel("d", "K", 4, true), footprint(0, 130));
        batches.add(kernel("e", "K", 7, false), footprint(0, 140));
        assertEquals(List.of("a_and_2", "c", "e"), names());
        assertEquals(List.of(512, 1, 3), ((GeneratedKernel) batches.tasks().getFirst()).global());
    }

    @Test
    void noBatchIsWithoutEnd() {
        IntStream.range(0, 5000).forEach(i -> batches.add(kernel("a", "K", 1), footprint(0, 100 + 10 * i)));
        assertEquals(2, batches.tasks().size());
    }
}
