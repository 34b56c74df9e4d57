package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.DType;

/** Writes the launches of a matrix product: one, unless more than two batch axes are left after merging. */
final class Products {
    private static final int BATCH_AXES = 2;

    private final Value product;
    private final String name;
    private final Strided[] views;
    private final int[] buffers;
    private final int m;
    private final int n;
    private final int k;
    private final List<Launch> launches = new ArrayList<>();

    private Products(Value product, String name, ToIntFunction<Value> buffers) {
        this.product = product;
        this.name = name;
        this.views =
                new Strided[] {Layouts.view(product.operand(0)), Layouts.view(product.operand(1)), Layouts.view(product)
                };
        this.buffers = new int[] {
            buffers.applyAsInt(views[0].owner()),
            buffers.applyAsInt(views[1].owner()),
            buffers.applyAsInt(views[2].owner())
        };
        this.m = product.shape.extent(-2);
        this.n = product.shape.extent(-1);
        this.k = product.operand(0).shape.extent(-1);
    }

    static List<Launch> of(Value product, String name, ToIntFunction<Value> buffers) {
        Products products = new Products(product, name, buffers);
        List<int[]> axes = products.mergedAxes();
        products.emit(
                axes, new int[] {products.views[0].offset(), products.views[1].offset(), products.views[2].offset()});
        return products.launches;
    }

    /** Batch axes as {extent, stride in a, in b, in c}, neighbours merged where all three allow. */
    private List<int[]> mergedAxes() {
        List<int[]> axes = new ArrayList<>();
        for (int axis = 0; axis < product.shape.rank() - 2; axis++) {
            int extent = product.shape.extent(axis);
            if (extent == 1) {
                continue;
            }
            int[] next = {extent, views[0].strides()[axis], views[1].strides()[axis], views[2].strides()[axis]};
            int[] last = axes.isEmpty() ? null : axes.getLast();
            if (last != null
                    && last[1] == next[1] * extent
                    && last[2] == next[2] * extent
                    && last[3] == next[3] * extent) {
                next[0] *= last[0];
                axes.set(axes.size() - 1, next);
            } else {
                axes.add(next);
            }
        }
        return axes;
    }

    private void emit(List<int[]> axes, int[] offsets) {
        if (axes.size() > BATCH_AXES) {
            int[] outermost = axes.getFirst();
            for (int i = 0; i < outermost[0]; i++) {
                int[] moved = new int[3];
                for (int matrix = 0; matrix < 3; matrix++) {
                    moved[matrix] = offsets[matrix] + i * outermost[matrix + 1];
                }
                emit(axes.subList(1, axes.size()), moved);
            }
            return;
        }
        List<int[]> two = new ArrayList<>(axes);
        while (two.size() < BATCH_AXES) {
            two.addFirst(new int[] {1, 0, 0, 0});
        }
        long batches = (long) two.get(0)[0] * two.get(1)[0];
        long elements = ((long) m * k + (long) k * n + (long) m * n) * batches;
        Matrix a = matrix(0, offsets[0], two, m, k);
        Matrix b = matrix(1, offsets[1], two, k, n);
        Matrix c = matrix(2, offsets[2], two, m, n);
        // What is written column by column is the transposed product of the transposed operands, row by row.
        boolean byColumns = c.column() != 1 && m > 1 && n > 1;
        launches.add(new Launch.Product(
                launches.isEmpty() ? name : name + "." + launches.size(),
                List.of(two.get(0)[0], two.get(1)[0]),
                byColumns ? n : m,
                byColumns ? m : n,
                k,
                byColumns ? transposed(b) : a,
                byColumns ? transposed(a) : b,
                byColumns ? transposed(c) : c,
                2 * batches * m * n * k,
                elements * DType.BYTES));
    }

    private static Matrix transposed(Matrix matrix) {
        return new Matrix(matrix.buffer(), matrix.offset(), matrix.batchStrides(), matrix.column(), matrix.row());
    }

    private Matrix matrix(int which, int offset, List<int[]> batch, int rows, int columns) {
        int[] strides = views[which].strides();
        int row = strides[strides.length - 2];
        int column = strides[strides.length - 1];
        // The stride of an axis of one element says nothing; give it the value of a dense matrix.
        if (columns == 1) {
            column = row == 1 ? rows : 1;
        }
        if (rows == 1) {
            row = column == 1 ? columns : 1;
        }
        List<Integer> batchStrides = List.of(batch.get(0)[which + 1], batch.get(1)[which + 1]);
        return new Matrix(buffers[which], offset, batchStrides, row, column);
    }
}
