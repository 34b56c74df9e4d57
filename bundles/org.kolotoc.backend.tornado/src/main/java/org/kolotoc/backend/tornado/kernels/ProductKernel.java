package org.kolotoc.backend.tornado.kernels;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.backend.tornado.kernels.KernelClass.Grid;
import org.kolotoc.compiler.Launch;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Op.Precision;

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

        Body(Code code) {
            this.code = code;
            this.column = code.id("localIdx");
            this.row = code.id("localIdy");
            this.item = code.add(code.mul(row, Operand.of(tile.columns())), column);
            this.firstColumn = code.mul(code.id("groupIdx"), Operand.of(tile.width()));
            this.firstRow = code.mul(code.id("groupIdy"), Operand.of(tile.height()));
            Operand batch = batches == 1 ? Operand.of(0) : code.id("groupIdz");
            int inner = product.batch().get(1);
            this.batch0 = inner == 1
                    ? batch
                    : product.batch().get(0) == 1 ? Operand.of(0) : code.div(batch, Operand.of(inner));
            this.batch1 = inner == 1 ? Operand.of(0) : product.batch().get(0) == 1 ? batch : code.rem(batch, inner);
        }

        void write() {
            Operand a = base(product.a());
            Operand b = base(product.b());
            // One element more a line than needed: lines of equal length would meet in the same bank.
            int aLine = tile.height() + 1;
            int bLine = tile.width() + 1;
            Code.Shared aTile = code.shared(true, SLICE * aLine);
            Code.Shared bTile = code.shared(true, SLICE * bLine);
            Operand.Local[][] sums = new Operand.Local[tile.rowBlock()][tile.columnBlock()];
            for (Operand.Local[] line : sums) {
                for (int j = 0; j < line.length; j++) {
                    line[j] = code.variable(Operand.of(0f));
                }
            }
            code.loop(Operand.of(0), Operand.of(product.k()), SLICE, slice -> {
                stage(
                        product.a(),
                        a,
                        aTile,
                        aLine,
                        firstRow,
                        product.m(),
                        tile.height(),
                        slice,
                        product.a().row(),
                        product.a().column());
                stage(
                        product.b(),
                        b,
                        bTile,
                        bLine,
                        firstColumn,
                        product.n(),
                        tile.width(),
                        slice,
                        product.b().column(),
                        product.b().row());
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

        private Operand base(Matrix matrix) {
            Operand first = code.mul(batch0, Operand.of(matrix.batchStrides().get(0)));
            Operand second = code.mul(batch1, Operand.of(matrix.batchStrides().get(1)));
            return code.add(code.add(first, second), Operand.of(matrix.offset()));
        }

        /**
         * Copies a tile of an operand to local memory, lines of {@code k} one after the other, zeros beyond the edges.
         * Neighbouring items take what are neighbours in memory.
         *
         * @param across index of the first row (of a) or column (of b), of {@code most}, {@code size} in a tile
         * @param stride from one of these to the next, {@code depthStride} from one element of {@code k} to the next
         */
        private void stage(
                Matrix matrix,
                Operand base,
                Code.Shared to,
                int line,
                Operand across,
                int most,
                int size,
                Operand slice,
                int stride,
                int depthStride) {
            boolean depthFirst = depthStride == 1 && stride != 1;
            int count = size * SLICE;
            for (int first = 0; first < count; first += tile.items()) {
                Operand number = code.add(item, Operand.of(first));
                Operand inside = first + tile.items() > count ? code.less(number, Operand.of(count)) : Operand.of(1);
                code.when(inside, () -> {
                    Operand depth = depthFirst ? code.rem(number, SLICE) : code.div(number, Operand.of(size));
                    Operand place = depthFirst ? code.div(number, Operand.of(SLICE)) : code.rem(number, size);
                    Operand k = code.add(slice, depth);
                    Operand at = code.add(across, place);
                    Operand.Local value = code.variable(Operand.of(0f));
                    Operand there = Operand.of(1);
                    if (product.k() % SLICE != 0) {
                        there = code.less(k, Operand.of(product.k()));
                    }
                    if (most % size != 0) {
                        Operand within = code.less(at, Operand.of(most));
                        there = there.is(1) ? within : code.and(there, within);
                    }
                    code.when(there, () -> {
                        Operand offset =
                                code.add(code.mul(at, Operand.of(stride)), code.mul(k, Operand.of(depthStride)));
                        Operand loaded = code.load(matrix.buffer(), code.add(base, offset));
                        boolean rounds = product.precision() == Precision.BF16;
                        code.assign(value, rounds ? new Elementary(code).bfloat16(loaded) : loaded);
                    });
                    code.store(to, code.add(code.mul(depth, Operand.of(line)), place), value);
                });
            }
        }

        private void accumulate(
                Code.Shared aTile, Code.Shared bTile, int aLine, int bLine, Operand depth, Operand.Local[][] sums) {
            Operand aAt = code.add(code.mul(depth, Operand.of(aLine)), row);
            Operand bAt = code.add(code.mul(depth, Operand.of(bLine)), column);
            Operand[] b = new Operand[tile.columnBlock()];
            for (int j = 0; j < b.length; j++) {
                b[j] = code.load(bTile, code.add(bAt, Operand.of(j * tile.columns())));
            }
            for (int i = 0; i < sums.length; i++) {
                Operand a = code.load(aTile, code.add(aAt, Operand.of(i * tile.rows())));
                for (int j = 0; j < b.length; j++) {
                    code.assign(sums[i][j], code.add(sums[i][j], code.mul(a, b[j])));
                }
            }
        }

        private void writeResults(Operand.Local[][] sums) {
            Matrix c = product.c();
            Operand base = base(c);
            Operand firstI = code.add(firstRow, row);
            Operand firstJ = code.add(firstColumn, column);
            for (int i = 0; i < sums.length; i++) {
                Operand atRow = code.add(firstI, Operand.of(i * tile.rows()));
                Operand isRow =
                        product.m() % tile.height() == 0 ? Operand.of(1) : code.less(atRow, Operand.of(product.m()));
                for (int j = 0; j < sums[i].length; j++) {
                    Operand sum = sums[i][j];
                    Operand atColumn = code.add(firstJ, Operand.of(j * tile.columns()));
                    Operand isColumn = product.n() % tile.width() == 0
                            ? Operand.of(1)
                            : code.less(atColumn, Operand.of(product.n()));
                    code.when(
                            isRow,
                            () -> code.when(isColumn, () -> {
                                Operand total =
                                        product.hasBias() ? code.add(sum, code.load(product.bias(), atColumn)) : sum;
                                Operand offset = code.add(
                                        code.mul(atRow, Operand.of(c.row())),
                                        code.mul(atColumn, Operand.of(c.column())));
                                code.store(c.buffer(), code.add(base, offset), total);
                            }));
                }
            }
        }
    }
}
