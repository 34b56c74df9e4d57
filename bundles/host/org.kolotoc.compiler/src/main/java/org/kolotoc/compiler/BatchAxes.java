package org.kolotoc.compiler;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.compiler.Launch.Matrix;
import org.kolotoc.tensor.Shape;

/**
 * The matrices that the last two axes of some values are, over the batch axes that they share. Neighbouring axes are
 * merged where all strides allow; of what is left the outermost are spelled out, so that each part has two at most.
 */
final class BatchAxes {
    private static final int BATCH_AXES = 2;

    /**
     * Matrices over up to two batch axes.
     *
     * @param batch extents of the two axes, outer first; 1 where there is none
     * @param matrices one for each value
     */
    record Part(List<Integer> batch, List<Matrix> matrices) {
        long count() {
            return (long) batch.get(0) * batch.get(1);
        }
    }

    private final List<StridedView> views;
    private final List<Shape> shapes;
    private final List<Integer> buffers;
    private final List<Part> parts = new ArrayList<>();

    private BatchAxes(List<StridedView> views, List<Shape> shapes, List<Integer> buffers) {
        this.views = views;
        this.shapes = shapes;
        this.buffers = buffers;
    }

    /**
     * Lists the parts.
     *
     * @param views where the values lie, all with the same batch extents
     * @param shapes of the values
     * @param buffers numbers of the buffers they lie in
     */
    static List<Part> of(List<StridedView> views, List<Shape> shapes, List<Integer> buffers) {
        BatchAxes batches = new BatchAxes(views, shapes, buffers);
        batches.spell(
                batches.mergedAxes(),
                views.stream().mapToInt(StridedView::offset).toArray());
        return batches.parts;
    }

    /** Batch axes as {extent, stride in the first value, in the second, ...}. */
    private List<int[]> mergedAxes() {
        List<int[]> axes = new ArrayList<>();
        Shape first = shapes.getFirst();
        for (int axis = 0; axis < first.rank() - 2; axis++) {
            int extent = first.extent(axis);
            if (extent == 1) {
                continue;
            }
            int[] next = new int[views.size() + 1];
            next[0] = extent;
            for (int i = 0; i < views.size(); i++) {
                next[i + 1] = views.get(i).strides()[axis];
            }
            if (!axes.isEmpty() && mergeable(axes.getLast(), next)) {
                next[0] *= axes.removeLast()[0];
            }
            axes.add(next);
        }
        return axes;
    }

    private static boolean mergeable(int[] outer, int[] inner) {
        for (int i = 1; i < outer.length; i++) {
            if (outer[i] != inner[i] * inner[0]) {
                return false;
            }
        }
        return true;
    }

    private void spell(List<int[]> axes, int[] offsets) {
        if (axes.size() > BATCH_AXES) {
            int[] outermost = axes.getFirst();
            for (int i = 0; i < outermost[0]; i++) {
                int[] moved = offsets.clone();
                for (int value = 0; value < moved.length; value++) {
                    moved[value] += i * outermost[value + 1];
                }
                spell(axes.subList(1, axes.size()), moved);
            }
            return;
        }
        List<int[]> two = new ArrayList<>(axes);
        while (two.size() < BATCH_AXES) {
            int[] none = new int[views.size() + 1];
            none[0] = 1;
            two.addFirst(none);
        }
        List<Matrix> matrices = new ArrayList<>();
        for (int i = 0; i < offsets.length; i++) {
            matrices.add(matrix(i, offsets[i], List.of(two.get(0)[i + 1], two.get(1)[i + 1])));
        }
        parts.add(new Part(List.of(two.get(0)[0], two.get(1)[0]), List.copyOf(matrices)));
    }

    private Matrix matrix(int value, int offset, List<Integer> batchStrides) {
        int[] strides = views.get(value).strides();
        int rows = shapes.get(value).extent(-2);
        int columns = shapes.get(value).extent(-1);
        int row = strides[strides.length - 2];
        int column = strides[strides.length - 1];
        // The stride of an axis of one element says nothing; give it the value of a dense matrix.
        if (columns == 1) {
            column = row == 1 ? rows : 1;
        }
        if (rows == 1) {
            row = column == 1 ? columns : 1;
        }
        return new Matrix(buffers.get(value), offset, batchStrides, row, column);
    }
}
