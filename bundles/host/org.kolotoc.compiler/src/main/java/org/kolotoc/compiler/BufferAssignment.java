package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.kolotoc.tensor.Explanation.LiveAtPeak;

/**
 * Places scratch buffers in one block: the largest first, each at the lowest offset where it overlaps no buffer that
 * lives at the same time. The block may be cut into arrays, of which each buffer lies in one.
 */
final class BufferAssignment {
    private static final long ALIGNMENT = 64;

    private final long[] bytes;
    private final long array;
    private final int[] first;
    private final int[] last;
    private final long[] offsets;

    /**
     * Plans.
     *
     * @param bytes size of each buffer; 0 for those that lie elsewhere
     * @param uses the buffers of each launch, in order
     * @param array bytes of an array, a multiple of 64; a buffer of more begins one
     */
    BufferAssignment(long[] bytes, List<List<Integer>> uses, long array) {
        this.bytes = bytes;
        this.array = array;
        this.first = new int[bytes.length];
        this.last = new int[bytes.length];
        this.offsets = new long[bytes.length];
        Arrays.fill(first, Integer.MAX_VALUE);
        for (int launch = 0; launch < uses.size(); launch++) {
            for (int buffer : uses.get(launch)) {
                first[buffer] = Math.min(first[buffer], launch);
                last[buffer] = launch;
            }
        }
        place();
    }

    long offset(int buffer) {
        return offsets[buffer];
    }

    /** Size of the block. */
    long total() {
        return IntStream.range(0, bytes.length)
                .mapToLong(b -> offsets[b] + aligned(bytes[b]))
                .max()
                .orElse(0);
    }

    /** Size the block would have without sharing. */
    long unshared() {
        return Arrays.stream(bytes).map(BufferAssignment::aligned).sum();
    }

    /** Whose buffers live when most bytes do, the largest owner first. */
    List<LiveAtPeak> holdings(IntFunction<String> owners) {
        int launches = Arrays.stream(last).max().orElse(-1) + 1;
        long[] live = new long[launches + 1];
        for (int buffer = 0; buffer < bytes.length; buffer++) {
            if (bytes[buffer] > 0 && first[buffer] < launches) {
                live[first[buffer]] += aligned(bytes[buffer]);
                live[last[buffer] + 1] -= aligned(bytes[buffer]);
            }
        }
        int most = 0;
        for (int launch = 1; launch < launches; launch++) {
            live[launch] += live[launch - 1];
            most = live[launch] > live[most] ? launch : most;
        }
        Map<String, Long> held = new TreeMap<>();
        for (int buffer = 0; buffer < bytes.length; buffer++) {
            if (bytes[buffer] > 0 && first[buffer] <= most && most <= last[buffer]) {
                held.merge(owners.apply(buffer), aligned(bytes[buffer]), Long::sum);
            }
        }
        return held.entrySet().stream()
                .map(entry -> new LiveAtPeak(entry.getKey(), entry.getValue()))
                .sorted(Comparator.comparingLong(LiveAtPeak::bytes).reversed())
                .toList();
    }

    private void place() {
        List<Integer> placed = new ArrayList<>();
        List<Integer> bySize = IntStream.range(0, bytes.length)
                .filter(b -> bytes[b] > 0)
                .boxed()
                .sorted(Comparator.comparingLong((Integer b) -> -bytes[b]).thenComparingInt(b -> b))
                .toList();
        for (int buffer : bySize) {
            List<Integer> rivals = placed.stream()
                    .filter(other -> first[other] <= last[buffer] && first[buffer] <= last[other])
                    .sorted(Comparator.comparingLong(other -> offsets[other]))
                    .toList();
            long offset = 0;
            for (int rival : rivals) {
                if (offset + aligned(bytes[buffer]) <= offsets[rival]) {
                    break;
                }
                offset = whole(Math.max(offset, offsets[rival] + aligned(bytes[rival])), bytes[buffer]);
            }
            offsets[buffer] = offset;
            placed.add(buffer);
        }
    }

    /** The first offset from one on where so many bytes lie in one array. */
    private long whole(long offset, long bytes) {
        long within = offset % array;
        return within == 0 || within + aligned(bytes) <= array ? offset : offset - within + array;
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }
}
