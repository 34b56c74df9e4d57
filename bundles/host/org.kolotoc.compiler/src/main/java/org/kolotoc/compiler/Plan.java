package org.kolotoc.compiler;

import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Elements;
import org.kolotoc.tensor.Explanation;
import org.kolotoc.tensor.Explanation.LiveAtPeak;
import org.kolotoc.tensor.Origin;
import org.kolotoc.tensor.Program;

/**
 * A compiled program: launches that run one after the other on numbered buffers.
 *
 * <p>A launch may read and write one buffer where every element is read before it is written at the same index of the
 * iteration space (an update in place); otherwise what it reads and what it writes do not overlap.
 *
 * @param buffers by number; scratch buffers whose lives don't overlap share memory
 * @param scratchBytes size of the block that all scratch buffers lie in
 * @param unsharedBytes size it would have if none shared memory
 * @param holdings whose buffers live in that block when most do, the largest first
 * @param origins where launches come from, by their names; of one that does several operations, the last
 */
public record Plan(
        List<Buffer> buffers,
        List<Launch> launches,
        long scratchBytes,
        long unsharedBytes,
        List<LiveAtPeak> holdings,
        Map<String, Origin> origins) {

    /** Memory that launches read and write, dense, 4-byte elements. */
    public sealed interface Buffer {
        DType dtype();

        /** Number of elements. */
        int size();

        /** An input, output or updated state of the program, bound by name by the caller. */
        record Bound(String name, DType dtype, int size) implements Buffer {}

        /** An intermediate value at a byte offset, a multiple of 64, in the scratch block. */
        record Scratch(long offset, DType dtype, int size) implements Buffer {}

        /** Elements that the program brings with it; nothing writes them. */
        record Literal(Elements elements) implements Buffer {
            @Override
            public DType dtype() {
                return elements.dtype();
            }

            @Override
            public int size() {
                return elements.size();
            }
        }
    }

    /**
     * The plan for people.
     *
     * @param program that it was made of
     * @param beside bytes that a backend takes besides the scratch block
     */
    public Explanation explain(Program program, long beside) {
        long states = 0;
        long feeds = 0;
        long literals = literalBytes();
        for (Buffer buffer : buffers) {
            if (buffer instanceof Buffer.Bound bound) {
                long bytes = (long) DType.BYTES * bound.size();
                states += program.isState(bound.name()) ? bytes : 0;
                feeds += program.isState(bound.name()) ? 0 : bytes;
            }
        }
        long more = beside + literals;
        return new Explanation(
                KernelListing.of(launches), states, feeds, scratchBytes + more, unsharedBytes + more, held(literals));
    }

    private long literalBytes() {
        long own = buffers.stream()
                .filter(Buffer.Literal.class::isInstance)
                .mapToLong(literal -> (long) DType.BYTES * literal.size())
                .sum();
        return own
                + launches.stream()
                        .mapToLong(launch ->
                                launch instanceof Launch.Loop loop ? loop.body().literalBytes() : 0)
                        .sum();
    }

    private List<LiveAtPeak> held(long literals) {
        return literals == 0
                ? holdings
                : Stream.concat(holdings.stream(), Stream.of(new LiveAtPeak("literals", literals)))
                        .sorted(Comparator.comparingLong(LiveAtPeak::bytes).reversed())
                        .toList();
    }
}
