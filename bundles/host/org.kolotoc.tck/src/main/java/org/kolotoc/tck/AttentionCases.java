package org.kolotoc.tck;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tck.Case.Values;
import org.kolotoc.tensor.AttentionMask;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Functions;
import org.kolotoc.tensor.Gradients;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** Attention as one primitive, with its gradients: sizes that fit no block, keys that nobody sees, heads in any order. */
final class AttentionCases {
    /** Queries, keys, width of both, width of values. */
    private static final int[][] SIZES = {
        {1, 1, 1, 1},
        {5, 5, 3, 3},
        {7, 19, 6, 11},
        {19, 7, 5, 2},
        {64, 64, 32, 32},
        {65, 65, 16, 16},
        {130, 130, 8, 24},
        {33, 200, 7, 5},
        {1, 37, 64, 80},
        {3, 1100, 4, 4},
        {0, 3, 2, 2},
        {3, 0, 2, 2},
        {3, 4, 0, 2},
        {3, 4, 2, 0},
        {9, 0, 2, 2},
        {9, 4, 0, 2},
        {9, 4, 2, 0},
        {6, 5, 150, 70},
        {6, 5, 300, 2}
    };
    /** As many heads as give a large device work, where blocks of queries and keys are as large as they get. */
    private static final int MANY = 32;

    private AttentionCases() {}

    static List<Case> all() {
        List<Case> cases = new ArrayList<>();
        for (int[] size : SIZES) {
            for (boolean causal : new boolean[] {false, true}) {
                cases.add(plain(size[0], size[1], size[2], size[3], 0.7, causal));
            }
        }
        cases.add(plain(MANY, 130, 139, 8, 16, -0.7, true));
        cases.add(plain(MANY, 70, 75, 20, 5, 0.7, false));
        for (int[] size : new int[][] {{1, 1, 3}, {2, 3, 5}, {3, 4, 40}, {1, 7, 65}}) {
            cases.add(heads(size[0], size[1], size[2]));
        }
        cases.add(large());
        for (int[] size : new int[][] {{5, 5, 3, 3}, {7, 19, 6, 11}, {0, 3, 2, 2}, {3, 0, 2, 2}, {3, 4, 0, 2}}) {
            cases.add(ragged(size[0], size[1], size[2], size[3], 2));
        }
        // Several blocks of queries, some of which see much, little or nothing of more keys than a block begins with.
        cases.add(ragged(34, 150, 2, 3, 1));
        cases.add(ragged(150, 170, 2, 17, 1));
        cases.add(ragged(1, 150, 2, 3, 2));
        cases.add(ragged(1, 150, 32, 80, 2));
        cases.add(ragged(70, 90, 5, 3, 8));
        cases.add(cache());
        return cases;
    }

    static Case plain(int m, int n, int d, int e, double scale, boolean causal) {
        return plain(2, m, n, d, e, scale, causal);
    }

    private static Case plain(int heads, int m, int n, int d, int e, double scale, boolean causal) {
        String name = (causal ? "causal " : "") + "attention of " + m + " to " + n + ", widths " + d + " and " + e
                + (heads == 2 ? "" : ", " + heads + " heads") + (scale == 0.7 ? "" : ", scale " + scale);
        return Case.of(name, t -> {
            Tensor q = t.feed("q", DType.F32, Shape.of(heads, m, d));
            Tensor k = t.feed("k", DType.F32, Shape.of(heads, n, d));
            Tensor v = t.feed("v", DType.F32, Shape.of(heads, n, e));
            Tensor g = t.feed("g", DType.F32, Shape.of(heads, m, e));
            Tensor y = Functions.attention(q, k, v, scale, causal);
            List<Tensor> gradients = Gradients.vjp(y, g, List.of(q, k, v));
            t.output("y", y);
            t.output("dq", gradients.get(0));
            t.output("dk", gradients.get(1));
            t.output("dv", gradients.get(2));
            Tensor other = Functions.attention(q.mul(0.5), k, v, scale, causal);
            t.output("dk alone", Gradients.vjp(other, g, List.of(k)).getFirst().mul(2));
        });
    }

    /** Rows with positions and lengths of their own, some of which hide everything, or nothing. */
    private static Case ragged(int m, int n, int d, int e, int heads) {
        int rows = 4;
        return Case.of(
                        "ragged attention of " + heads + " heads, " + m + " to " + n + ", widths " + d + " and " + e,
                        t -> {
                            Tensor q = t.feed("q", DType.F32, Shape.of(rows, heads, m, d));
                            Tensor k = t.feed("k", DType.F32, Shape.of(rows, heads, n, d));
                            Tensor v = t.feed("v", DType.F32, Shape.of(rows, heads, n, e));
                            Tensor g = t.feed("g", DType.F32, Shape.of(rows, heads, m, e));
                            Tensor starts = t.feed("starts", DType.I32, Shape.of(rows));
                            Tensor lengths = t.feed("lengths", DType.I32, Shape.of(rows));
                            Map<String, AttentionMask> masks = new LinkedHashMap<>();
                            masks.put("within", AttentionMask.NONE.within(lengths));
                            masks.put("causal within", AttentionMask.CAUSAL.within(lengths));
                            masks.put("from", AttentionMask.causalFrom(starts));
                            masks.put(
                                    "from within",
                                    AttentionMask.causalFrom(starts).within(lengths.add(starts)));
                            masks.forEach((name, mask) -> {
                                Tensor y = Functions.attention(q, k, v, 0.7, mask);
                                List<Tensor> gradients = Gradients.vjp(y, g, List.of(q, k, v));
                                t.output(name, y);
                                t.output(name + " dq", gradients.get(0));
                                t.output(name + " dk", gradients.get(1));
                                t.output(name + " dv", gradients.get(2));
                            });
                            // Heads and rows in one axis, each with a length of its own.
                            Tensor one = t.feed("one", DType.I32, Shape.of(rows * heads));
                            Shape flat = Shape.of(rows * heads, m, d);
                            t.output(
                                    "each",
                                    Functions.attention(
                                            q.reshape(flat),
                                            k.reshape(Shape.of(rows * heads, n, d)),
                                            v.reshape(Shape.of(rows * heads, n, e)),
                                            0.7,
                                            AttentionMask.NONE.within(one)));
                            Tensor hidden = Gradients.vjp(
                                            Functions.attention(q, k, v, 0.7, masks.get("within")), g, List.of(k))
                                    .getFirst();
                            Tensor seen = t.iota(Shape.of(n, 1), 0).lt(lengths.reshape(rows, 1, 1, 1));
                            t.output(
                                    "exactly nothing",
                                    seen.select(g.constant(0), hidden).eq(g.constant(0)));
                        })
                .with("starts", Values.of(0, n / 2, -m / 2, Integer.MAX_VALUE))
                .with("lengths", Values.of(n + 1, n / 3, 1, 0))
                .with("one", Values.integers(-1, n + 2));
    }

    /** A prompt and what follows it, by keys and values that are appended to a cache at the end of each row. */
    private static Case cache() {
        return Case.of("attention to a cache that rows of different lengths are appended to", t -> {
                    int rows = 3;
                    Tensor starts = t.state("starts", DType.I32, Shape.of(rows));
                    Tensor keys = t.state("keys", DType.F32, Shape.of(rows, 2, 40, 4));
                    Tensor values = t.state("values", DType.F32, Shape.of(rows, 2, 40, 4));
                    Tensor next = t.feed("next", DType.F32, Shape.of(rows, 2, 6, 4));
                    Tensor counts = t.feed("counts", DType.I32, Shape.of(rows));
                    Tensor allKeys = keys.dynamicUpdate(2, next.mul(0.5), starts);
                    Tensor allValues = values.dynamicUpdate(2, next.sin(), starts);
                    t.output("y", Functions.attention(next, allKeys, allValues, 0.5, AttentionMask.causalFrom(starts)));
                    t.update(keys, allKeys);
                    t.update(values, allValues);
                    t.update(starts, starts.add(counts));
                })
                .with("starts", Values.of(0))
                .with("counts", Values.of(6, 1, 3))
                .times(4);
    }

    /** Heads side by side in one tensor, read and written where they lie. */
    private static Case heads(int batch, int heads, int time) {
        int size = 6;
        return Case.of("attention of " + batch + " x " + heads + " heads, time " + time, t -> {
            Tensor packed = t.feed("packed", DType.F32, Shape.of(batch, time, 3 * heads * size));
            Tensor all = packed.mul(1.5);
            List<Tensor> parts = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                parts.add(all.slice(-1, i * heads * size, (i + 1) * heads * size)
                        .reshape(Shape.of(batch, time, heads, size))
                        .transpose(0, 2, 1, 3));
            }
            Tensor y = Functions.attention(parts.get(0), parts.get(1), parts.get(2), 0.4, true)
                    .transpose(0, 2, 1, 3)
                    .reshape(Shape.of(batch, time, heads * size));
            t.output("y", y);
            t.output("gradient", Gradients.of(y.mul(y).sum(), List.of(packed)).getFirst());
            Tensor turned = Functions.attention(
                    parts.get(0).matrixTranspose(),
                    parts.get(1).matrixTranspose(),
                    parts.get(2).matrixTranspose(),
                    0.4,
                    false);
            t.output("columns", turned.matrixTranspose());
        });
    }

    /** Scores whose exponentials overflow or vanish. */
    private static Case large() {
        return Case.of("attention with large scores", t -> {
                    Tensor q = t.feed("q", DType.F32, Shape.of(9, 4));
                    Tensor k = t.feed("k", DType.F32, Shape.of(21, 4));
                    Tensor v = t.feed("v", DType.F32, Shape.of(21, 4));
                    Tensor y = Functions.attention(q, k, v, 50, true);
                    t.output("y", y);
                    t.output("dv", Gradients.vjp(y, y, List.of(v)).getFirst());
                })
                .with("q", Values.normal(3))
                .with("k", Values.normal(3));
    }
}
