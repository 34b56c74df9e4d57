package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.List;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What goes along one axis: gather and scatter, cumulative sums, sorting; lines side by side and one after the other. */
final class AxisCases {
    private AxisCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int[] extents :
                new int[][] {{1, 5, 1}, {3, 7, 4}, {2, 1, 70}, {0, 3, 2}, {3, 0, 2}, {2, 3, 0}, {33, 65, 3}}) {
            Shape shape = Shape.of(extents);
            for (int count : new int[] {0, 1, 6}) {
                cases.add(along(shape, count));
            }
            cases.add(sums(shape));
            cases.add(order(shape));
        }
        // A line that groups of a device share, and more of them than one.
        cases.add(sums(Shape.of(1, 300, 1)));
        cases.add(sums(Shape.of(2, 130, 3)));
        cases.add(order(Shape.of(1, 2, 130)));
        cases.add(special());
        cases.add(logSumExp());
        return cases;
    }

    private static Case along(Shape shape, int count) {
        return Case.of(count + " along axes of " + shape, t -> {
                    Tensor x = t.feed("x", DType.F32, shape);
                    Tensor a = t.feed("a", DType.I32, shape);
                    for (int axis = 0; axis < shape.rank(); axis++) {
                        Shape picked = shape.with(axis, count);
                        Tensor index = t.feed("index" + axis, DType.I32, picked);
                        Tensor updates = t.feed("updates" + axis, DType.F32, picked);
                        t.output("taken" + axis, x.gatherAlong(axis, index));
                        t.output("integers" + axis, a.gatherAlong(axis, index));
                        t.output("added" + axis, updates.scatterAddAlong(axis, index, shape.extent(axis)));
                        Tensor turned = x.transpose(2, 0, 1).gatherAlong((axis + 1) % 3, index.transpose(2, 0, 1));
                        t.output(
                                "gradient" + axis,
                                Gradients.of(turned.mul(turned).sum(), List.of(x))
                                        .getFirst());
                    }
                })
                .with("index0", Values.integers(-1, shape.extent(0) + 1))
                .with("index1", Values.integers(-1, shape.extent(1) + 1))
                .with("index2", Values.integers(-1, shape.extent(2) + 1));
    }

    private static Case sums(Shape shape) {
        return Case.of("cumulative sums of " + shape, t -> {
            Tensor x = t.feed("x", DType.F32, shape);
            Tensor a = t.feed("a", DType.I32, shape);
            for (int axis = 0; axis < shape.rank(); axis++) {
                Tensor sums = x.mul(2).cumulativeSum(axis);
                t.output("sums" + axis, sums);
                t.output("reversed" + axis, x.cumulativeSum(axis, true));
                t.output("integers" + axis, a.cumulativeSum(axis));
                t.output(
                        "gradient" + axis,
                        Gradients.of(sums.sin().sum(), List.of(x)).getFirst());
            }
        });
    }

    /** Many elements are equal. */
    private static Case order(Shape shape) {
        return Case.of("order of " + shape, t -> {
                    Tensor x = t.feed("x", DType.F32, shape);
                    Tensor a = t.feed("a", DType.I32, shape);
                    int n = shape.extent(-1);
                    for (boolean descending : new boolean[] {false, true}) {
                        Functions.Ordered all = Functions.sort(x, descending);
                        t.output("values" + descending, all.values());
                        t.output("indices" + descending, all.indices());
                        t.output("integers" + descending, a.argSort(n, descending));
                        t.output("few" + descending, a.argSort(Math.min(n, 2), descending));
                    }
                    for (int k : new int[] {0, 1, 5}) {
                        Functions.Ordered top = Functions.topK(x, Math.min(n, k));
                        t.output("top" + k, top.values());
                        t.output("where" + k, top.indices());
                        t.output(
                                "gradient" + k,
                                Gradients.of(top.values().mul(3).sum(), List.of(x))
                                        .getFirst());
                    }
                })
                .with("x", Values.integers(-9, 9))
                .bits();
    }

    private static Case special() {
        return Case.of("order of numbers that are none, infinite, or zero", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(3, 9));
                    t.output("ascending", x.argSort(9, false));
                    t.output("descending", x.argSort(9, true));
                    t.output("largest", x.argSort(4, true));
                    t.output("extremes", t.feed("a", DType.I32, Shape.of(2, 6)).argSort(6, true));
                })
                .with(
                        "x",
                        Values.of(
                                Double.NaN,
                                0.0,
                                -0.0,
                                Double.POSITIVE_INFINITY,
                                -1,
                                Double.NEGATIVE_INFINITY,
                                Double.NaN,
                                1e30,
                                -1e30,
                                0.5))
                .with("a", Values.of(Integer.MAX_VALUE, -1, Integer.MIN_VALUE, 0, Integer.MIN_VALUE));
    }

    private static Case logSumExp() {
        return Case.of("logSumExp along axes", t -> {
                    Tensor x = t.feed("x", DType.F32, Shape.of(5, 3, 17));
                    for (int axis = 0; axis < 3; axis++) {
                        Tensor y = Functions.logSumExp(x, axis);
                        t.output("y" + axis, y);
                        t.output("kept" + axis, Functions.logSumExpKeepDims(x, axis));
                        t.output(
                                "dx" + axis,
                                Gradients.of(y.sin().sum(), List.of(x)).getFirst());
                    }
                    Tensor hidden = t.constant(Double.NEGATIVE_INFINITY).broadcast(Shape.of(2, 3));
                    t.output("nothing", Functions.logSumExp(hidden, 1));
                })
                .with("x", Values.normal(60));
    }
}
