package org.kolotoc.backend.cpu;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.threads.ScratchPool;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;
import org.kolotoc.tensor.DType;

/**
 * Launches that go along the lines of a tensor {@code [outer, extent, inner]}. A piece has whole lines, so that each is
 * added up by one thread, from its beginning to its end; neighbouring lines go together, as far as they lie side by side.
 */
final class AxisWork {
    /** Elements of a piece: enough to be worth waking a thread for. */
    private static final int PIECE = 1 << 14;
    /** Neighbouring lines that go together: a cache line's worth times a few. */
    private static final int BAND = 64;

    @SuppressWarnings("restricted")
    private static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private AxisWork() {}

    /** Work on {@code width} neighbouring lines, of which the first is at {@code column} of an outer index. */
    @FunctionalInterface
    private interface Band {
        void run(int outer, int column, int width);
    }

    /** @param length elements of a line that are visited */
    private static Work bands(Launch.Axis axis, long length, Workers workers, Band work) {
        int across = Math.ceilDiv(axis.inner(), BAND);
        int bands = axis.outer() * across;
        int bandsOfPiece =
                Math.clamp(PIECE / Math.max(1, length * Math.min(BAND, axis.inner())), 1, Math.max(1, bands));
        Workers.Task task = piece -> {
            int first = piece * bandsOfPiece;
            int limit = first + Math.min(bandsOfPiece, bands - first);
            for (int band = first; band < limit; band++) {
                int column = band % across * BAND;
                work.run(band / across, column, Math.min(BAND, axis.inner() - column));
            }
        };
        int pieces = Math.ceilDiv(bands, bandsOfPiece);
        return () -> workers.run(task, pieces);
    }

    static Work gather(Launch.GatherAlong launch, IntToLongFunction address, Workers workers) {
        long table = address.applyAsLong(launch.table());
        long index = address.applyAsLong(launch.index());
        long out = address.applyAsLong(launch.out());
        int count = launch.count();
        int extent = launch.axis().extent();
        long inner = launch.axis().inner();
        return bands(launch.axis(), count, workers, (outer, column, width) -> {
            long line = table + 4 * (outer * extent * inner + column);
            for (int i = 0; i < count; i++) {
                long row = 4 * ((outer * (long) count + i) * inner + column);
                for (int c = 0; c < width; c++) {
                    int at = Columns.index(index + row, c);
                    int element = at < 0 || at >= extent ? 0 : Columns.index(line + 4 * at * inner, c);
                    ALL.set(ValueLayout.JAVA_INT, out + row + 4L * c, element);
                }
            }
        });
    }

    static Work scatter(Launch.ScatterAlong launch, IntToLongFunction address, Workers workers) {
        long index = address.applyAsLong(launch.index());
        long updates = address.applyAsLong(launch.updates());
        long out = address.applyAsLong(launch.out());
        int count = launch.count();
        int extent = launch.axis().extent();
        long inner = launch.axis().inner();
        return bands(launch.axis(), (long) count + extent, workers, (outer, column, width) -> {
            long line = out + 4 * (outer * extent * inner + column);
            for (int r = 0; r < extent; r++) {
                Columns.clear(line + 4 * r * inner, 4L * width);
            }
            for (int i = 0; i < count; i++) {
                long row = 4 * ((outer * (long) count + i) * inner + column);
                for (int c = 0; c < width; c++) {
                    int at = Columns.index(index + row, c);
                    if (at >= 0 && at < extent) {
                        long to = line + 4 * (at * inner + c);
                        float sum = ALL.get(ValueLayout.JAVA_FLOAT, to)
                                + ALL.get(ValueLayout.JAVA_FLOAT, updates + row + 4L * c);
                        ALL.set(ValueLayout.JAVA_FLOAT, to, sum);
                    }
                }
            }
        });
    }

    static Work scan(Launch.Scan launch, IntToLongFunction address, Workers workers) {
        long in = address.applyAsLong(launch.in());
        long out = address.applyAsLong(launch.out());
        int extent = launch.axis().extent();
        long inner = launch.axis().inner();
        boolean floats = launch.dtype() == DType.F32;
        boolean reversed = launch.reversed();
        return bands(launch.axis(), extent, workers, (outer, column, width) -> {
            long first = 4 * ((outer * (long) extent + (reversed ? extent - 1 : 0)) * inner + column);
            long step = reversed ? -4 * inner : 4 * inner;
            if (width == 1 && floats) {
                float sum = 0;
                for (int i = 0; i < extent; i++) {
                    long at = first + i * step;
                    sum += ALL.get(ValueLayout.JAVA_FLOAT, in + at);
                    ALL.set(ValueLayout.JAVA_FLOAT, out + at, sum);
                }
                return;
            }
            for (int i = 0; i < extent; i++) {
                long at = first + i * step;
                if (i == 0) {
                    Columns.copy(in + at, out + at, 4L * width);
                } else if (floats) {
                    Columns.sum(out + at - step, in + at, out + at, width);
                } else {
                    for (int c = 0; c < width; c++) {
                        int sum = Columns.index(out + at - step, c) + Columns.index(in + at, c);
                        ALL.set(ValueLayout.JAVA_INT, out + at + 4L * c, sum);
                    }
                }
            }
        });
    }

    /** Scratch memory that a thread needs: the best elements so far. */
    static long scratchBytes(Launch.Order launch) {
        return 8L * launch.count();
    }

    /**
     * The first elements of a row are kept in a heap whose top is the last of them, which gives way to one that comes before
     * it; in the end the heap is sorted. An element and its index are one number, so no two are equal.
     */
    static Work order(Launch.Order launch, IntToLongFunction address, Workers workers, ScratchPool scratch) {
        long in = address.applyAsLong(launch.in());
        long out = address.applyAsLong(launch.out());
        int extent = launch.extent();
        int count = launch.count();
        boolean floats = launch.dtype() == DType.F32;
        return bands(new Launch.Axis(launch.rows(), extent, 1), count == 0 ? 0 : extent, workers, (row, _, _) -> {
            if (count == 0) {
                return;
            }
            int slot = scratch.acquire();
            try {
                long heap = scratch.address(slot);
                long line = in + 4L * row * extent;
                for (int i = 0; i < extent; i++) {
                    int bits = Columns.index(line, i);
                    int ordered = floats ? ordered(bits) : bits;
                    long key = (long) (launch.descending() ? ~ordered : ordered) << 32 | i;
                    if (i < count) {
                        rise(heap, i, key);
                    } else if (key < key(heap, 0)) {
                        sink(heap, count, key);
                    }
                }
                for (int last = count - 1; last >= 0; last--) {
                    long key = key(heap, 0);
                    ALL.set(ValueLayout.JAVA_INT, out + 4 * ((long) row * count + last), (int) key);
                    sink(heap, last, key(heap, last));
                }
            } finally {
                scratch.release(slot);
            }
        });
    }

    /** A float as a number that is ordered like it; NaN last, and one zero. */
    private static int ordered(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (value != value) {
            return Integer.MAX_VALUE;
        }
        return value == 0 ? 0 : bits ^ bits >> 31 & Integer.MAX_VALUE;
    }

    private static long key(long heap, int i) {
        return ALL.get(ValueLayout.JAVA_LONG, heap + 8L * i);
    }

    private static void put(long heap, int i, long key) {
        ALL.set(ValueLayout.JAVA_LONG, heap + 8L * i, key);
    }

    /** A further key, at the end of the heap or above. */
    private static void rise(long heap, int end, long key) {
        int at = end;
        while (at > 0 && key(heap, (at - 1) / 2) < key) {
            put(heap, at, key(heap, (at - 1) / 2));
            at = (at - 1) / 2;
        }
        put(heap, at, key);
    }

    /** A key in place of the top of a heap of so many. */
    private static void sink(long heap, int size, long key) {
        int at = 0;
        while (2 * at + 1 < size) {
            int child = 2 * at + 1;
            if (child + 1 < size && key(heap, child + 1) > key(heap, child)) {
                child++;
            }
            if (key(heap, child) < key) {
                break;
            }
            put(heap, at, key(heap, child));
            at = child;
        }
        if (size > 0) {
            put(heap, at, key);
        }
    }
}
