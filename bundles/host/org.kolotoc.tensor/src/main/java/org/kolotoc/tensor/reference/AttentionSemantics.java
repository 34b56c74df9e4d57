package org.kolotoc.tensor.reference;

import java.util.List;
import org.kolotoc.tensor.Op;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.Tensor;

/** What {@link Op.Attention} and its gradients mean, one query after the other. */
final class AttentionSemantics {
    private final double scale;
    private final Op.Mask mask;
    private final double[] queries;
    private final double[] keys;
    private final double[] values;
    /** The cotangent of the result; null where the result itself is wanted. */
    private final double[] cotangent;
    /** Of each row of the first axis; null where there are none. */
    private final double[] starts;

    private final double[] lengths;
    /** Matrices of a row of the first axis. */
    private final int matrices;

    private final int batch;
    private final int m;
    private final int n;
    private final int d;
    private final int e;

    AttentionSemantics(Tensor node, double scale, Op.Mask mask, List<double[]> x) {
        int floats = x.size() - mask.operands();
        this.scale = scale;
        this.mask = mask;
        this.starts = mask.starts() ? x.get(floats) : null;
        this.lengths = mask.lengths() ? x.getLast() : null;
        this.queries = x.get(0);
        this.keys = x.get(1);
        this.values = x.get(2);
        this.cotangent = floats > 3 ? x.get(3) : null;
        Shape q = node.operand(0).shape();
        this.m = q.extent(-2);
        this.d = q.extent(-1);
        this.n = node.operand(1).shape().extent(-2);
        this.e = node.operand(2).shape().extent(-1);
        int batch = 1;
        for (int axis = 0; axis < q.rank() - 2; axis++) {
            batch *= q.extent(axis);
        }
        this.batch = batch;
        this.matrices = q.rank() > 2 ? batch / Math.max(1, q.extent(0)) : 1;
    }

    double[] result() {
        double[] result = new double[batch * m * e];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < m; i++) {
                double[] weights = weights(b, i);
                for (int j = 0; j < weights.length; j++) {
                    for (int c = 0; c < e; c++) {
                        result[(b * m + i) * e + c] += weights[j] * values[(b * n + j) * e + c];
                    }
                }
            }
        }
        return result;
    }

    double[] gradient(Op.AttentionPart part) {
        double[] result = new double
                [batch
                        * switch (part) {
                            case QUERIES -> m * d;
                            case KEYS -> n * d;
                            case VALUES -> n * e;
                        }];
        for (int b = 0; b < batch; b++) {
            for (int i = 0; i < m; i++) {
                double[] weights = weights(b, i);
                if (part == Op.AttentionPart.VALUES) {
                    for (int j = 0; j < weights.length; j++) {
                        for (int c = 0; c < e; c++) {
                            result[(b * n + j) * e + c] += weights[j] * cotangent[(b * m + i) * e + c];
                        }
                    }
                    continue;
                }
                double[] scores = scoreGradient(b, i, weights);
                for (int j = 0; j < weights.length; j++) {
                    for (int c = 0; c < d; c++) {
                        if (part == Op.AttentionPart.QUERIES) {
                            result[(b * m + i) * d + c] += scale * scores[j] * keys[(b * n + j) * d + c];
                        } else {
                            result[(b * n + j) * d + c] += scale * scores[j] * queries[(b * m + i) * d + c];
                        }
                    }
                }
            }
        }
        return result;
    }

    private int seen(int b, int query) {
        double seen = n;
        if (mask.causal()) {
            seen = Math.min(seen, (starts == null ? 0 : starts[b / matrices]) + query + 1);
        }
        if (lengths != null) {
            seen = Math.min(seen, lengths[b / matrices]);
        }
        return (int) Math.max(0, seen);
    }

    /** The weights of the keys that a query sees. */
    private double[] weights(int b, int query) {
        double[] weights = new double[seen(b, query)];
        double largest = Double.NEGATIVE_INFINITY;
        for (int j = 0; j < weights.length; j++) {
            for (int c = 0; c < d; c++) {
                weights[j] += scale * queries[(b * m + query) * d + c] * keys[(b * n + j) * d + c];
            }
            largest = Math.max(largest, weights[j]);
        }
        double sum = 0;
        for (int j = 0; j < weights.length; j++) {
            weights[j] = Math.exp(weights[j] - largest);
            sum += weights[j];
        }
        for (int j = 0; j < weights.length; j++) {
            weights[j] /= sum;
        }
        return weights;
    }

    /** The cotangent of a query's scores: through the softmax from that of its weights. */
    private double[] scoreGradient(int b, int query, double[] weights) {
        double[] sent = new double[weights.length];
        double mean = 0;
        for (int j = 0; j < sent.length; j++) {
            for (int c = 0; c < e; c++) {
                sent[j] += cotangent[(b * m + query) * e + c] * values[(b * n + j) * e + c];
            }
            mean += sent[j] * weights[j];
        }
        for (int j = 0; j < sent.length; j++) {
            sent[j] = weights[j] * (sent[j] - mean);
        }
        return sent;
    }
}
