package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;

/**
 * A matrix product by tiles: a group of items has a tile of the result, takes the operands through local memory a slice of
 * {@code k} at a time, and every item keeps a block of results in registers.
 */
final class ProductKernel {
    /** Elements of {@code k} in local memory at a time. */
    private static final int SLICE = 16;
    /** Groups that keep a large device busy. */
    private static final int GROUPS = 128;

    /**
     * How a tile is shared out.
     *
     * @param rows items along the rows, each with {@code rowBlock} of them, {@code rows} apart
     * @param columns items along the columns, each with {@code columnBlock} of them, {@code columns} apart
     */
    private record Tile(int rows, int columns, int rowBlock, int columnBlock) {
        int height() {
            return rows * rowBlock;
        }

        int width() {
            return columns * columnBlock;
        }

        int items() {
            return rows * columns;
        }

        long groups(Launch.Product p) {
            return up(p.m(), height())
                    * up(p.n(), width())
                    * p.batch().get(0)
                    * p.batch().get(1);
        }

        private static long up(int count, int by) {
            return ((long) count + by - 1) / by;
        }
    }

    private static final List<Tile> SQUARE =
            List.of(new Tile(16, 16, 4, 4), new Tile(16, 16, 2, 2), new Tile(16, 16, 1, 1));

    private final Placement placement;
    private final KernelClass classes;
    private final Launch.Product product;
    private final Tile tile;
    private final int batches;

    ProductKernel(Placement placement, KernelClass classes, Launch.Product product) {
        this.placement = placement;
        this.classes = classes;
        this.product = product;
        this.tile = tile(product);
        this.batches = product.batch().get(0) * product.batch().get(1);
    }

    /** Large tiles read less; but all of the device should have something to do, and no tile be mostly empty. */
    private static Tile tile(Launch.Product p) {
        if (p.m() <= 4) {
            return new Tile(1, 64, p.m(), 1);
        }
        if (p.n() <= 4) {
            return new Tile(64, 1, 1, p.n());
        }
        for (Tile tile : SQUARE) {
            boolean full = 2 * p.m() > tile.height() && 2 * p.n() > tile.width();
            if (full && tile.groups(p) >= GROUPS) {
                return tile;
            }
        }
        return p.m() > 16 && p.n() > 16 ? SQUARE.get(1) : SQUARE.get(2);
    }

    List<GeneratedKernel> kernels() {
        if ((long) product.m() * product.n() * batches == 0) {
            return List.of();
        }
        List<Integer> buffers = new ArrayList<>(
                List.of(product.a().buffer(), product.b().buffer(), product.c().buffer()));
        if (product.hasBias()) {
            buffers.add(product.bias());
        }
        Grid grid = Grid.groups(
                List.of(tile.columns(), tile.rows(), 1),
                List.of(Tile.up(product.n(), tile.width()), Tile.up(product.m(), tile.height()), (long) batches));
        List<DeviceMemory> arguments =
                buffers.stream().map(placement::memory).distinct().toList();
        return List.of(classes.write(product.name(), "productKernel", arguments, grid, code -> new Body(code).write()));
    }

    /**
     * An operand as tiles of it are taken.
     *
     * @param base element of the array that it begins at
     * @param stride from one row (of a) or column (of b) to the next
     * @param depthStride from one element of {@code k} to the next
     * @param first row or column of the tile, of {@code count}
     * @param size rows or columns of a tile
     */
    private record Side(
            int buffer, Operand base, Operand stride, Operand depthStride, Operand first, Operand count, int size) {}

    /** The code of an item. */
    private final class Body {
        private final Code code;
        private final Operand column;
        private final Operand row;
        private final Operand item;
        private final Operand firstColumn;
        private final Operand firstRow;
        private final Operand batch0;
        private final Operand batch1;
        private final Operand m;
        private final Operand n;
        private final Operand k;

        Body(Code code) {
            this.code = code;
            this.column = code.id("localIdx");
            this.row = code.id("localIdy");
            this.item = code.add(code.mul(row, Operand.of(tile.columns())), column);
            this.firstColumn = code.mul(code.id("groupIdx"), Operand.of(tile.width()));
            this.firstRow = code.mul(code.id("groupIdy"), Operand.of(tile.height()));
            Operand batch = code.id("groupIdz");
            Operand inner = code.parameter("inner", product.batch().get(1));
            this.batch0 = code.div(batch, inner);
            this.batch1 = code.sub(batch, code.mul(batch0, inner));
            this.m = code.parameter("m", product.m());
            this.n = code.parameter("n", product.n());
            this.k = code.parameter("k", product.k());
        }

        void write() {
            // One element more a line than needed: lines of equal length would meet in the same bank.
            int aLine = tile.height() + 1;
            int bLine = tile.width() + 1;
            GroupMemory aTile = code.shared(true, SLICE * aLine);
            GroupMemory bTile = code.shared(true, SLICE * bLine);
            Operand.Local[][] sums = new Operand.Local[tile.rowBlock()][tile.columnBlock()];
            for (Operand.Local[] line : sums) {
                for (int j = 0; j < line.length; j++) {
                    line[j] = code.variable(Operand.of(0f));
                }
            }
            Matrix a = product.a();
            Matrix b = product.b();
            Side left = new Side(
                    a.buffer(),
                    base("a", a),
                    stride("a row", a.row()),
                    stride("a column", a.column()),
                    firstRow,
                    m,
                    tile.height());
            Side right = new Side(
                    b.buffer(),
                    base("b", b),
                    stride("b column", b.column()),
                    stride("b row", b.row()),
                    firstColumn,
                    n,
                    tile.width());
            code.loop(Operand.of(0), k, SLICE, slice -> {
                stage(left, aTile, aLine, slice);
                stage(right, bTile, bLine, slice);
                code.barrier();
                code.loop(
                        Operand.of(0),
                        Operand.of(SLICE),
                        1,
                        depth -> accumulate(aTile, bTile, aLine, bLine, depth, sums));
                code.barrier();
            });
            writeResults(sums);
        }

        private Operand base(String name, Matrix matrix) {
            Operand first = code.mul(
                    batch0,
                    code.parameter(name + " outer", matrix.batchStrides().get(0)));
            Operand second = code.mul(
                    batch1,
                    code.parameter(name + " inner", matrix.batchStrides().get(1)));
            return code.add(code.place(matrix.buffer(), matrix.offset()), code.add(first, second));
        }

        /** Neighbours are part of a kernel's content, other distances are not. */
        private Operand stride(String name, int distance) {
            return distance == 1 ? Operand.of(1) : code.parameter(name, distance);
        }

        /**
         * Copies a tile of an operand to local memory, lines of {@code k} one after the other, zeros beyond the edges.
         * Neighbouring items take what are neighbours in memory.
         */
        private void stage(Side side, GroupMemory to, int line, Operand slice) {
            boolean depthFirst = side.depthStride().is(1) && !side.stride().is(1);
            int size = side.size();
            int count = size * SLICE;
            for (int first = 0; first < count; first += tile.items()) {
                Operand number = code.add(item, Operand.of(first));
                Operand inside = first + tile.items() > count ? code.less(number, Operand.of(count)) : Operand.of(1);
                code.when(inside, () -> {
                    Operand depth = depthFirst ? code.rem(number, SLICE) : code.div(number, Operand.of(size));
                    Operand place = depthFirst ? code.div(number, Operand.of(SLICE)) : code.rem(number, size);
                    Operand inner = code.add(slice, depth);
                    Operand at = code.add(side.first(), place);
                    Operand.Local value = code.variable(Operand.of(0f));
                    code.when(code.and(code.less(inner, k), code.less(at, side.count())), () -> {
                        Operand offset = code.add(code.mul(at, side.stride()), code.mul(inner, side.depthStride()));
                        Operand loaded = code.load(side.buffer(), code.add(side.base(), offset));
                        int dropped = product.precision().dropped();
                        code.assign(value, dropped > 0 ? new Elementary(code).rounded(loaded, dropped) : loaded);
                    });
                    to.store(code.add(code.mul(depth, Operand.of(line)), place), value);
                });
            }
        }

        private void accumulate(
                GroupMemory aTile, GroupMemory bTile, int aLine, int bLine, Operand depth, Operand.Local[][] sums) {
            Operand aAt = code.add(code.mul(depth, Operand.of(aLine)), row);
            Operand bAt = code.add(code.mul(depth, Operand.of(bLine)), column);
            Operand[] b = new Operand[tile.columnBlock()];
            for (int j = 0; j < b.length; j++) {
                b[j] = bTile.load(code.add(bAt, Operand.of(j * tile.columns())));
            }
            for (int i = 0; i < sums.length; i++) {
                Operand a = aTile.load(code.add(aAt, Operand.of(i * tile.rows())));
                for (int j = 0; j < b.length; j++) {
                    code.assign(sums[i][j], code.add(sums[i][j], code.mul(a, b[j])));
                }
            }
        }

        private void writeResults(Operand.Local[][] sums) {
            Matrix c = product.c();
            Operand base = base("c", c);
            Operand rowStride = stride("c row", c.row());
            Operand columnStride = stride("c column", c.column());
            Operand bias = product.hasBias() ? code.place(product.bias(), 0) : Operand.of(0);
            Operand firstI = code.add(firstRow, row);
            Operand firstJ = code.add(firstColumn, column);
            for (int i = 0; i < sums.length; i++) {
                Operand atRow = code.add(firstI, Operand.of(i * tile.rows()));
                for (int j = 0; j < sums[i].length; j++) {
                    Operand sum = sums[i][j];
                    Operand atColumn = code.add(firstJ, Operand.of(j * tile.columns()));
                    code.when(code.and(code.less(atRow, m), code.less(atColumn, n)), () -> {
                        Operand total = product.hasBias()
                                ? code.add(sum, code.load(product.bias(), code.add(bias, atColumn)))
                                : sum;
                        code.store(
                                c.buffer(),
                                code.add(base, code.add(code.mul(atRow, rowStride), code.mul(atColumn, columnStride))),
                                total);
                    });
                }
            }
        }
    }
}
