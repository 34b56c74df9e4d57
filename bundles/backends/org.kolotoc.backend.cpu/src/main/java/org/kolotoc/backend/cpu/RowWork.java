package org.kolotoc.backend.cpu;

import java.util.function.IntToLongFunction;
import org.kolotoc.backend.cpu.threads.Workers;
import org.kolotoc.compiler.Launch;

/** Launches that move whole rows. */
final class RowWork {
    /** Bytes of a piece: enough to be worth waking a thread for. */
    private static final long PIECE_BYTES = 64 << 10;
    /** Columns that one piece of a scatter owns: a cache line's worth times a few. */
    private static final int COLUMNS = 64;

    private RowWork() {}

    static Work gather(Launch.GatherRows launch, IntToLongFunction address, Workers workers) {
        long table = address.applyAsLong(launch.table());
        long index = address.applyAsLong(launch.index());
        long out = address.applyAsLong(launch.out());
        long row = 4L * launch.width();
        int rowsOfPiece = (int) Math.max(1, PIECE_BYTES / Math.max(4, row));
        int pieces = Math.ceilDiv(launch.count(), rowsOfPiece);
        Workers.Task task = piece -> {
            int first = piece * rowsOfPiece;
            int limit = first + Math.min(rowsOfPiece, launch.count() - first);
            for (int i = first; i < limit; i++) {
                int at = Columns.index(index, i);
                if (at >= 0 && at < launch.tableRows()) {
                    Columns.copy(table + at * row, out + i * row, row);
                } else {
                    Columns.clear(out + i * row, row);
                }
            }
        };
        return () -> workers.run(task, pieces);
    }

    /** Pieces own columns, so that every sum is formed by one thread in ascending order. */
    static Work scatter(Launch.ScatterRows launch, IntToLongFunction address, Workers workers) {
        long index = address.applyAsLong(launch.index());
        long updates = address.applyAsLong(launch.updates());
        long out = address.applyAsLong(launch.out());
        long row = 4L * launch.width();
        int pieces = Math.ceilDiv(launch.width(), COLUMNS);
        Workers.Task task = piece -> {
            int width = Math.min(launch.width() - piece * COLUMNS, COLUMNS);
            long column = 4L * piece * COLUMNS;
            for (int i = 0; launch.clear() && i < launch.outRows(); i++) {
                Columns.clear(out + i * row + column, 4L * width);
            }
            for (int i = 0; i < launch.count(); i++) {
                int at = Columns.index(index, i);
                if (at >= 0 && at < launch.outRows()) {
                    Columns.add(updates + i * row + column, out + at * row + column, width);
                }
            }
        };
        return () -> workers.run(task, pieces);
    }

    static Work window(Launch.Window launch, IntToLongFunction address) {
        long tensor = address.applyAsLong(launch.tensor());
        long window = address.applyAsLong(launch.window());
        long start = address.applyAsLong(launch.start());
        long bytes = 4L * launch.size() * launch.inner();
        long stride = 4L * launch.extent() * launch.inner();
        int boxes = Math.max(1, launch.outer() / launch.starts());
        return () -> {
            for (int i = 0; i < launch.outer(); i++) {
                int wanted = Columns.index(start, i / boxes);
                long first = Math.clamp(wanted, 0, launch.extent() - launch.size());
                long inside = tensor + i * stride + 4L * first * launch.inner();
                if (launch.write()) {
                    Columns.copy(window + i * bytes, inside, bytes);
                } else {
                    Columns.copy(inside, window + i * bytes, bytes);
                }
            }
        };
    }
}
