package org.kolotoc.compiler;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Op.AttentionPart;

/**
 * Runs a plan one element at a time: what a plan means, for tests of whatever makes or runs plans. Every value is a
 * double; {@code i32} and {@code bool} are whole ones. Scratch buffers share one block as they would on a device.
 */
final class PlanInterpreter {
    private final Plan plan;

    private final double[] scratch;

    private final Map<String, double[]> bound;

    PlanInterpreter(Plan plan, Map<String, double[]> bound) {
        this.plan = plan;
        this.scratch = new double[(int) (plan.scratchBytes() / DType.BYTES)];
        this.bound = bound;
        java.util.Arrays.fill(scratch, Double.NaN);
    }

    void run() {
        for (Launch launch : plan.launches()) {
            switch (launch) {
                case Launch.Fused fused -> fused(fused);
                case Launch.Product product -> product(product);
                case Launch.Convolution convolution -> convolution(convolution);
                case Launch.Attention attention -> attention(attention);
                case Launch.AttentionGradient gradient -> attentionGradient(gradient);
                case Launch.GatherRows gather -> gather(gather);
                case Launch.ScatterRows scatter -> scatter(scatter);
                case Launch.GatherAlong gather -> gatherAlong(gather);
                case Launch.ScatterAlong scatter -> scatterAlong(scatter);
                case Launch.Scan scan -> scan(scan);
                case Launch.Order order -> order(order);
                case Launch.Window window -> window(window);
                case Launch.Loop loop -> loop(loop);
            }
        }
    }

    private double get(int buffer, int index) {
        return switch (plan.buffers().get(buffer)) {
            case Plan.Buffer.Bound b -> bound.get(b.name())[checked(index, b.size())];
            case Plan.Buffer.Scratch s -> scratch[(int) (s.offset() / DType.BYTES) + checked(index, s.size())];
            case Plan.Buffer.Literal l -> l.elements().at(checked(index, l.size()));
        };
    }

    private void set(int buffer, int index, double value) {
        switch (plan.buffers().get(buffer)) {
            case Plan.Buffer.Bound b -> bound.get(b.name())[checked(index, b.size())] = value;
            case Plan.Buffer.Scratch s -> scratch[(int) (s.offset() / DType.BYTES) + checked(index, s.size())] = value;
            case Plan.Buffer.Literal l -> throw new IllegalStateException("a launch writes the literal " + l);
        }
    }

    private static int checked(int index, int size) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException(index + " of " + size);
        }
        return index;
    }

    private void fused(Launch.Fused fused) {
        Map<Integer, double[]> columns = new HashMap<>();
        for (int row = 0; row < fused.rows(); row++) {
            int[] outer = unravel(row, fused.outer());
            double[][] values = new double[fused.body().size()][];
            for (int line = 0; line < values.length; line++) {
                Instruction instruction = fused.body().get(line);
                if (instruction instanceof Instruction.RowReduce reduce) {
                    double sum = reduce.kind() == Op.ReduceKind.SUM ? 0 : Double.NEGATIVE_INFINITY;
                    for (double v : values[reduce.operand()]) {
                        sum = reduce.kind() == Op.ReduceKind.SUM ? sum + v : Math.max(sum, v);
                    }
                    values[line] = new double[fused.inner()];
                    java.util.Arrays.fill(values[line], sum);
                    continue;
                }
                values[line] = new double[fused.inner()];
                for (int i = 0; i < fused.inner(); i++) {
                    values[line][i] = element(instruction, outer, i, values);
                    if (instruction instanceof Instruction.Store store) {
                        set(store.buffer(), at(store.at(), outer, i), values[store.operand()][i]);
                    } else if (instruction instanceof Instruction.ColumnReduce reduce) {
                        double[] sums = columns.computeIfAbsent(line, _ -> fresh(reduce, fused.inner()));
                        double v = values[reduce.operand()][i];
                        sums[i] = reduce.kind() == Op.ReduceKind.SUM ? sums[i] + v : Math.max(sums[i], v);
                    }
                }
            }
        }
        columns.forEach((line, sums) -> {
            Instruction.ColumnReduce reduce =
                    (Instruction.ColumnReduce) fused.body().get(line);
            for (int i = 0; i < sums.length; i++) {
                set(reduce.buffer(), reduce.offset() + i, sums[i]);
            }
        });
    }

    private static double[] fresh(Instruction.ColumnReduce reduce, int inner) {
        double[] sums = new double[inner];
        java.util.Arrays.fill(sums, reduce.kind() == Op.ReduceKind.SUM ? 0 : Double.NEGATIVE_INFINITY);
        return sums;
    }

    private double element(Instruction instruction, int[] outer, int i, double[][] values) {
        return switch (instruction) {
            case Instruction.Load load -> get(load.buffer(), at(load.at(), outer, i));
            case Instruction.Constant constant -> constant.value();
            case Instruction.Index index -> at(index.at(), outer, i);
            case Instruction.Uniform u ->
                CounterRandom.uniform(
                        (int) values[u.key0()][i], (int) values[u.key1()][i], u.stream(), (int) values[u.counter()][i]);
            case Instruction.Unary u -> PlanScalars.unary(u.kind(), values[u.operand()][i]);
            case Instruction.Binary b -> PlanScalars.binary(b.kind(), values[b.left()][i], values[b.right()][i]);
            case Instruction.Compare c ->
                PlanScalars.compare(c.kind(), values[c.left()][i], values[c.right()][i]) ? 1 : 0;
            case Instruction.Select s ->
                values[s.condition()][i] != 0 ? values[s.whereTrue()][i] : values[s.whereFalse()][i];
            case Instruction.Cast c ->
                switch (c.dtype()) {
                    case F32 -> values[c.operand()][i];
                    case I32 -> (int) values[c.operand()][i];
                    case BOOL -> values[c.operand()][i] != 0 ? 1 : 0;
                };
            case Instruction.RowReduce _, Instruction.Store _, Instruction.ColumnReduce _ -> 0;
        };
    }

    private static int at(Instruction.Affine affine, int[] outer, int inner) {
        int at = affine.offset() + affine.innerStride() * inner;
        for (int d = 0; d < outer.length; d++) {
            at += affine.outerStrides().get(d) * outer[d];
        }
        return at;
    }

    private static int[] unravel(int row, List<Integer> extents) {
        int[] index = new int[extents.size()];
        int rest = row;
        for (int d = index.length - 1; d >= 0; d--) {
            index[d] = rest % extents.get(d);
            rest /= extents.get(d);
        }
        return index;
    }

    private void product(Launch.Product p) {
        for (int b0 = 0; b0 < p.batch().get(0); b0++) {
            for (int b1 = 0; b1 < p.batch().get(1); b1++) {
                for (int i = 0; i < p.m(); i++) {
                    for (int j = 0; j < p.n(); j++) {
                        double sum = p.hasBias() ? get(p.bias(), j) : 0;
                        for (int k = 0; k < p.k(); k++) {
                            sum += get(p.a().buffer(), at(p.a(), b0, b1, i, k))
                                    * get(p.b().buffer(), at(p.b(), b0, b1, k, j));
                        }
                        set(p.c().buffer(), at(p.c(), b0, b1, i, j), sum);
                    }
                }
            }
        }
    }

    private void convolution(Launch.Convolution c) {
        Launch.Planes images = c.images();
        Launch.Planes result = c.result();
        for (int b = 0; b < c.shape().batch(); b++) {
            for (int i = 0;
                    c.part() == Launch.ConvolutionPart.RESULT && i < c.shape().resultSize();
                    i++) {
                set(result.buffer(), at(result, b, i), 0);
            }
            for (int i = 0;
                    c.part() == Launch.ConvolutionPart.IMAGES && i < c.shape().imageSize();
                    i++) {
                set(images.buffer(), at(images, b, i), 0);
            }
        }
        for (int i = 0;
                c.part() == Launch.ConvolutionPart.WEIGHTS && i < c.shape().weightsSize();
                i++) {
            set(c.weights(), i, 0);
        }
        new PlanConvolution(c.shape()).walk((b, image, weight, out) -> {
            int i = at(images, b, image);
            int r = at(result, b, out);
            switch (c.part()) {
                case RESULT -> add(result.buffer(), r, get(images.buffer(), i) * get(c.weights(), weight));
                case IMAGES -> add(images.buffer(), i, get(result.buffer(), r) * get(c.weights(), weight));
                case WEIGHTS -> add(c.weights(), weight, get(images.buffer(), i) * get(result.buffer(), r));
            }
        });
    }

    private static int at(Launch.Planes planes, int image, int element) {
        return planes.offset() + image * planes.stride() + element;
    }

    private void add(int buffer, int index, double value) {
        set(buffer, index, get(buffer, index) + value);
    }

    private void attention(Launch.Attention a) {
        Launch.Heads h = a.heads();
        for (int b = 0; b < h.batch().get(0) * h.batch().get(1); b++) {
            double[][] weights = weights(h, b);
            double[][] values = read(h.values(), h, b, h.n(), h.e());
            write(a.out(), h, b, times(weights, values, h.m(), h.n(), h.e()));
        }
    }

    private void attentionGradient(Launch.AttentionGradient a) {
        Launch.Heads h = a.heads();
        for (int b = 0; b < h.batch().get(0) * h.batch().get(1); b++) {
            double[][] queries = read(h.queries(), h, b, h.m(), h.d());
            double[][] keys = read(h.keys(), h, b, h.n(), h.d());
            double[][] values = read(h.values(), h, b, h.n(), h.e());
            double[][] cotangent = read(a.cotangent(), h, b, h.m(), h.e());
            double[][] weights = weights(h, b);
            double[][] scores = times(cotangent, transposed(values, h.n(), h.e()), h.m(), h.e(), h.n());
            for (int i = 0; i < h.m(); i++) {
                double mean = 0;
                for (int j = 0; j < h.n(); j++) {
                    mean += weights[i][j] * scores[i][j];
                }
                for (int j = 0; j < h.n(); j++) {
                    scores[i][j] = h.scale() * weights[i][j] * (scores[i][j] - mean);
                }
            }
            Map<AttentionPart, double[][]> all = Map.of(
                    AttentionPart.QUERIES, times(scores, keys, h.m(), h.n(), h.d()),
                    AttentionPart.KEYS, times(transposed(scores, h.m(), h.n()), queries, h.n(), h.m(), h.d()),
                    AttentionPart.VALUES, times(transposed(weights, h.m(), h.n()), cotangent, h.n(), h.m(), h.e()));
            int at = b;
            a.gradients().forEach((part, matrix) -> write(matrix, h, at, all.get(part)));
        }
    }

    private double[][] weights(Launch.Heads h, int b) {
        double[][] keys = read(h.keys(), h, b, h.n(), h.d());
        double[][] weights =
                times(read(h.queries(), h, b, h.m(), h.d()), transposed(keys, h.n(), h.d()), h.m(), h.d(), h.n());
        double start = h.starts() == null ? 0 : read(h.starts(), h, b, 1, 1)[0][0];
        double length = h.lengths() == null ? h.n() : read(h.lengths(), h, b, 1, 1)[0][0];
        for (int i = 0; i < h.m(); i++) {
            double sum = 0;
            for (int j = 0; j < h.n(); j++) {
                weights[i][j] = h.causal() && j > i + start || j >= length ? 0 : Math.exp(h.scale() * weights[i][j]);
                sum += weights[i][j];
            }
            for (int j = 0; j < h.n(); j++) {
                weights[i][j] = sum == 0 ? 0 : weights[i][j] / sum;
            }
        }
        return weights;
    }

    private double[][] read(Launch.Matrix matrix, Launch.Heads h, int b, int rows, int columns) {
        double[][] read = new double[rows][columns];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                read[i][j] = get(
                        matrix.buffer(),
                        at(matrix, b / h.batch().get(1), b % h.batch().get(1), i, j));
            }
        }
        return read;
    }

    private void write(Launch.Matrix matrix, Launch.Heads h, int b, double[][] elements) {
        for (int i = 0; i < elements.length; i++) {
            for (int j = 0; j < elements[i].length; j++) {
                int at = at(matrix, b / h.batch().get(1), b % h.batch().get(1), i, j);
                set(matrix.buffer(), at, elements[i][j]);
            }
        }
    }

    private static double[][] transposed(double[][] matrix, int rows, int columns) {
        double[][] transposed = new double[columns][rows];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) {
                transposed[j][i] = matrix[i][j];
            }
        }
        return transposed;
    }

    private static double[][] times(double[][] a, double[][] b, int m, int k, int n) {
        double[][] product = new double[m][n];
        for (int i = 0; i < m; i++) {
            for (int j = 0; j < n; j++) {
                for (int l = 0; l < k; l++) {
                    product[i][j] += a[i][l] * b[l][j];
                }
            }
        }
        return product;
    }

    private static int at(Launch.Matrix matrix, int b0, int b1, int i, int j) {
        return matrix.offset()
                + b0 * matrix.batchStrides().get(0)
                + b1 * matrix.batchStrides().get(1)
                + i * matrix.row()
                + j * matrix.column();
    }

    private void gather(Launch.GatherRows g) {
        for (int i = 0; i < g.count(); i++) {
            int row = (int) get(g.index(), i);
            for (int j = 0; j < g.width(); j++) {
                set(
                        g.out(),
                        i * g.width() + j,
                        row < 0 || row >= g.tableRows() ? 0 : get(g.table(), row * g.width() + j));
            }
        }
    }

    private void scatter(Launch.ScatterRows s) {
        for (int i = 0; s.clear() && i < s.outRows() * s.width(); i++) {
            set(s.out(), i, 0);
        }
        for (int i = 0; i < s.count(); i++) {
            int row = (int) get(s.index(), i);
            for (int j = 0; row >= 0 && row < s.outRows() && j < s.width(); j++) {
                int at = row * s.width() + j;
                set(s.out(), at, get(s.out(), at) + get(s.updates(), i * s.width() + j));
            }
        }
    }

    private static int place(Launch.Axis axis, int count, int line, int i) {
        return (line / axis.inner() * count + i) * axis.inner() + line % axis.inner();
    }

    private void gatherAlong(Launch.GatherAlong g) {
        for (int line = 0; line < g.axis().lines(); line++) {
            for (int i = 0; i < g.count(); i++) {
                int to = place(g.axis(), g.count(), line, i);
                int at = (int) get(g.index(), to);
                boolean inside = at >= 0 && at < g.axis().extent();
                set(
                        g.out(),
                        to,
                        inside ? get(g.table(), place(g.axis(), g.axis().extent(), line, at)) : 0);
            }
        }
    }

    private void scatterAlong(Launch.ScatterAlong s) {
        int extent = s.axis().extent();
        for (int line = 0; line < s.axis().lines(); line++) {
            double[] sums = new double[extent];
            for (int i = 0; i < s.count(); i++) {
                int from = place(s.axis(), s.count(), line, i);
                int at = (int) get(s.index(), from);
                if (at >= 0 && at < extent) {
                    sums[at] += get(s.updates(), from);
                }
            }
            for (int i = 0; i < extent; i++) {
                set(s.out(), place(s.axis(), extent, line, i), sums[i]);
            }
        }
    }

    private void scan(Launch.Scan s) {
        int extent = s.axis().extent();
        for (int line = 0; line < s.axis().lines(); line++) {
            double sum = 0;
            for (int i = 0; i < extent; i++) {
                int at = place(s.axis(), extent, line, s.reversed() ? extent - 1 - i : i);
                sum += get(s.in(), at);
                set(s.out(), at, sum);
            }
        }
    }

    /** Of numbers. */
    private void order(Launch.Order o) {
        for (int row = 0; row < o.rows(); row++) {
            for (int i = 0; i < o.extent(); i++) {
                int rank = 0;
                for (int j = 0; j < o.extent(); j++) {
                    double difference = get(o.in(), row * o.extent() + j) - get(o.in(), row * o.extent() + i);
                    boolean before = o.descending() ? difference > 0 : difference < 0;
                    rank += before || difference == 0 && j < i ? 1 : 0;
                }
                if (rank < o.count()) {
                    set(o.out(), row * o.count() + rank, i);
                }
            }
        }
    }

    private void window(Launch.Window w) {
        for (int o = 0; o < w.outer(); o++) {
            int start = Math.clamp((int) get(w.start(), o * w.starts() / w.outer()), 0, w.extent() - w.size());
            for (int i = 0; i < w.size() * w.inner(); i++) {
                int tensor = (o * w.extent() + start) * w.inner() + i;
                int window = o * w.size() * w.inner() + i;
                if (w.write()) {
                    set(w.tensor(), tensor, get(w.window(), window));
                } else {
                    set(w.window(), window, get(w.tensor(), tensor));
                }
            }
        }
    }

    /** Nothing of a step but its carries is there in the next one. */
    private void loop(Launch.Loop l) {
        l.carries().forEach(carry -> {
            for (int i = 0; i < carry.size(); i++) {
                set(carry.buffer(), i, get(carry.initial(), i));
            }
        });
        for (int step = 0; step < l.steps(); step++) {
            int time = l.time(step);
            Map<String, double[]> inside = new HashMap<>();
            for (Plan.Buffer buffer : l.body().buffers()) {
                if (buffer instanceof Plan.Buffer.Bound(String name, DType _, int size)) {
                    double[] elements = new double[size];
                    for (int i = 0; i < size; i++) {
                        elements[i] = get(l.places().get(name).buffer(), at(l, name, time) + i);
                    }
                    inside.put(name, elements);
                }
            }
            new PlanInterpreter(l.body(), inside).run();
            inside.forEach((name, elements) -> {
                for (int i = 0; i < elements.length; i++) {
                    restore(l, name, at(l, name, time) + i, elements[i]);
                }
            });
        }
    }

    /** A literal and what is only read stay what they are. */
    private void restore(Launch.Loop l, String name, int index, double value) {
        if (get(l.places().get(name).buffer(), index) != value) {
            set(l.places().get(name).buffer(), index, value);
        }
    }

    private static int at(Launch.Loop l, String name, int time) {
        return l.places().get(name).stride() * time;
    }
}
