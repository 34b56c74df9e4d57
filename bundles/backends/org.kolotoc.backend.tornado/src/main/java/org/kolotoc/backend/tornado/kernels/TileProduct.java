package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Products of tiles by a group of 16 times 16 items, every one of which keeps a block of the result in registers: those of its
 * row and column, and of every sixteenth after these. Operands go through local memory a slice at a time.
 */
final class TileProduct {
    /** Items along each side of a tile. */
    static final int SIDE = 16;
    /** Items of a group. */
    static final int ITEMS = SIDE * SIDE;

    /** Rows or columns of the largest tile. */
    static final int LARGEST = 64;

    /** Columns of a slice, and rows. */
    private static final int SLICE = 16;

    private final Code code;
    private final Operand item;
    private final Operand row;
    private final Operand column;
    private final List<Operand> rows = new ArrayList<>();
    private final List<Operand> columns = new ArrayList<>();
    private final GroupMemory left;
    private final GroupMemory right;

    /**
     * A matrix whose rows are contiguous.
     *
     * @param base element of the array that it begins at
     * @param stride from one row to the next
     */
    record Rows(int buffer, Operand base, Operand stride, int count, int width) {}

    /**
     * Takes local memory.
     *
     * @param left elements of slices that come from the left, see {@link #ofColumns}
     * @param right of those from the right, also {@link #ofRows}
     */
    TileProduct(Code code, int left, int right) {
        this.code = code;
        this.item = code.id("localIdx");
        this.row = code.div(item, Operand.of(SIDE));
        this.column = code.rem(item, SIDE);
        for (int i = 0; i < LARGEST / SIDE; i++) {
            rows.add(code.add(row, Operand.of(i * SIDE)));
            columns.add(code.add(column, Operand.of(i * SIDE)));
        }
        this.left = code.shared(true, left);
        this.right = code.shared(true, right);
    }

    Operand item() {
        return item;
    }

    /** Number in its tile of the row {@code i} of an item's block. */
    Operand row(int i) {
        return rows.get(i);
    }

    /** That of column {@code j}. */
    Operand column(int j) {
        return j < columns.size() ? columns.get(j) : code.add(column, Operand.of(j * SIDE));
    }

    Operand column() {
        return column;
    }

    /** How many of so many columns, or rows, an item has. */
    static int block(int extent) {
        return Math.ceilDiv(extent, SIDE);
    }

    /** One element more a line than needed: lines of equal length would meet in the same bank. */
    static int line(int size) {
        return size + 1;
    }

    /** Local memory for a slice of some columns of a tile of rows. */
    static int ofColumns(int size, int width) {
        return Math.min(SLICE, width) * line(size);
    }

    /** Local memory for a slice of some whole rows. */
    static int ofRows(int width) {
        return SLICE * block(width) * SIDE;
    }

    /** Whether items that copy rows of so many columns go from whole rows to whole rows. */
    static boolean isEven(int width) {
        return width > 0 && ITEMS % width == 0;
    }

    Operand.Local[][] zeros(int rowBlock, int columnBlock) {
        Operand.Local[][] sums = new Operand.Local[rowBlock][columnBlock];
        for (Operand.Local[] line : sums) {
            for (int j = 0; j < line.length; j++) {
                line[j] = code.variable(Operand.of(0f));
            }
        }
        return sums;
    }

    /** Rows of one matrix times rows of another: {@code [i, j]} is what those of numbers {@code a + i} and {@code b + j} have in common. */
    Operand.Local[][] outer(Rows as, Operand a, int height, Rows bs, Operand b, int width) {
        Operand.Local[][] sums = zeros(block(height), block(width));
        int slice = Math.min(SLICE, as.width());
        if (slice > 0) {
            slices(as.width(), slice, from -> {
                stage(as, a, height, from, slice, left, line(height), 1);
                stage(bs, b, width, from, slice, right, line(width), 1);
                code.barrier();
                accumulate(left, Operand.of(0), line(height), 1, right, line(width), slice, sums);
                code.barrier();
            });
        }
        return sums;
    }

    /** How many there are the code doesn't say: what a compiler repeats instead, or does ahead, takes twice the registers. */
    private void slices(int extent, int slice, Consumer<Operand> work) {
        code.loop(Operand.of(0), code.parameter("slices " + extent, extent), slice, work);
    }

    /**
     * Adds a tile times rows of a matrix: to {@code [i, j]} for each {@code k} below {@code depth} the tile's {@code [k, i]},
     * times column {@code j} of row {@code b + k}. The tile may just have been written.
     *
     * @param depthStride in the tile, from one {@code k} to the next
     * @param rowStride in the tile, from one {@code i} to the next
     */
    void inner(
            GroupMemory tile, int depthStride, int rowStride, int depth, Rows bs, Operand b, Operand.Local[][] sums) {
        if (bs.width() == 0) {
            return;
        }
        int slice = Math.min(SLICE, depth);
        int line = block(bs.width()) * SIDE;
        slices(depth, slice, from -> {
            stage(bs, code.add(b, from), slice, Operand.of(0), bs.width(), right, 1, line);
            code.barrier();
            accumulate(tile, code.mul(from, Operand.of(depthStride)), depthStride, rowStride, right, line, slice, sums);
            code.barrier();
        });
    }

    /**
     * An element that an item copies.
     *
     * @param row of the matrix
     * @param source element of the array
     * @param target element of local memory
     * @param isColumn whether its column is one of the matrix
     */
    private record Copied(Operand row, Operand source, Operand target, Operand isColumn) {
        Copied below(Code code, Rows matrix, int rows, int rowStride) {
            return new Copied(
                    code.add(row, Operand.of(rows)),
                    code.add(source, code.mul(matrix.stride(), Operand.of(rows))),
                    code.add(target, Operand.of(rows * rowStride)),
                    isColumn);
        }
    }

    private Copied copied(
            Rows matrix, Operand first, Operand from, int width, Operand at, int columnStride, int rowStride) {
        Operand line = code.div(at, Operand.of(width));
        Operand place = code.sub(at, code.mul(line, Operand.of(width)));
        Operand rowNumber = code.add(first, line);
        Operand columnNumber = code.add(from, place);
        return new Copied(
                rowNumber,
                code.add(matrix.base(), code.add(code.mul(rowNumber, matrix.stride()), columnNumber)),
                code.add(code.mul(place, Operand.of(columnStride)), code.mul(line, Operand.of(rowStride))),
                matrix.width() % width == 0 ? Operand.of(1) : code.less(columnNumber, Operand.of(matrix.width())));
    }

    /** Copies a part of a matrix, zeros beyond its edges: all is on its way before the first of it is waited for. */
    private void stage(
            Rows matrix,
            Operand first,
            int height,
            Operand from,
            int width,
            GroupMemory to,
            int columnStride,
            int rowStride) {
        int count = height * width;
        // Of whole lines of items each item copies one column.
        int lines = isEven(width) ? ITEMS / width : 0;
        Copied start = copied(matrix, first, from, width, item, columnStride, rowStride);
        List<Copied> all = new ArrayList<>();
        List<Operand> insides = new ArrayList<>();
        List<Operand> values = new ArrayList<>();
        for (int number = 0; number < count; number += ITEMS) {
            Operand at = code.add(item, Operand.of(number));
            Copied next = lines > 0
                    ? start.below(code, matrix, number / ITEMS * lines, rowStride)
                    : copied(matrix, first, from, width, at, columnStride, rowStride);
            Operand inside = number + ITEMS > count ? code.less(at, Operand.of(count)) : Operand.of(1);
            Operand isRow = code.less(next.row(), Operand.of(matrix.count()));
            Operand.Local value = code.variable(Operand.of(0f));
            code.when(
                    both(inside, both(isRow, next.isColumn())),
                    () -> code.assign(value, code.load(matrix.buffer(), next.source())));
            all.add(next);
            insides.add(inside);
            values.add(value);
        }
        for (int i = 0; i < values.size(); i++) {
            Copied next = all.get(i);
            Operand value = values.get(i);
            code.when(insides.get(i), () -> to.store(next.target(), value));
        }
    }

    private Operand both(Operand a, Operand b) {
        return a.is(1) ? b : b.is(1) ? a : code.and(a, b);
    }

    private void accumulate(
            GroupMemory as,
            Operand first,
            int aLine,
            int aStride,
            GroupMemory bs,
            int bLine,
            int depth,
            Operand.Local[][] sums) {
        Operand aRow = code.add(first, code.mul(row, Operand.of(aStride)));
        code.loop(Operand.of(0), Operand.of(depth), 1, k -> {
            Operand aAt = code.add(aRow, code.mul(k, Operand.of(aLine)));
            Operand bAt = code.add(column, code.mul(k, Operand.of(bLine)));
            Operand[] b = new Operand[sums[0].length];
            for (int j = 0; j < b.length; j++) {
                b[j] = bs.load(code.add(bAt, Operand.of(j * SIDE)));
            }
            for (int i = 0; i < sums.length; i++) {
                Operand a = as.load(code.add(aAt, Operand.of(i * SIDE * aStride)));
                for (int j = 0; j < b.length; j++) {
                    code.assign(sums[i][j], code.add(sums[i][j], code.mul(a, b[j])));
                }
            }
        });
    }

    /** Puts a block where {@link #inner} takes it from, once no item needs what lies there. */
    void put(Operand[][] block, GroupMemory to, int line) {
        for (int i = 0; i < block.length; i++) {
            for (int j = 0; j < block[i].length; j++) {
                to.store(code.add(code.mul(column(j), Operand.of(line)), row(i)), block[i][j]);
            }
        }
    }

    /** Writes a block, but for what lies beyond the edges of the matrix. */
    void write(Rows to, Operand first, Operand.Local[][] block) {
        for (int i = 0; i < block.length; i++) {
            Operand rowNumber = code.add(first, row(i));
            Operand base = code.add(to.base(), code.mul(rowNumber, to.stride()));
            Operand inside = code.less(rowNumber, Operand.of(to.count()));
            for (int j = 0; j < block[i].length; j++) {
                Operand value = block[i][j];
                Operand at = column(j);
                Operand isColumn = (j + 1) * SIDE > to.width() ? code.less(at, Operand.of(to.width())) : Operand.of(1);
                Operand there = both(inside, isColumn);
                code.when(there, () -> code.store(to.buffer(), code.add(base, at), value));
            }
        }
    }
}
