package org.kolotoc.engine.report;

import java.util.ArrayList;
import java.util.List;

/**
 * What one measure was, step by step, as means of neighbours: of a run of any length few enough to draw, and to hold.
 */
final class Series {
    private static final int MOST_POINTS = 400;

    /** What is larger is drawn as this, so that axes have finite ends. */
    private static final double LARGEST = 1e300;

    private final List<double[]> means = new ArrayList<>();
    private int group = 1;
    private int pending;
    private double sum;
    private long last;

    /** Takes a value; the steps ascend. What is no finite number is no point. */
    void add(long step, double value) {
        if (!Double.isFinite(value)) {
            return;
        }
        // Divided before they are added, so that the sum of finite numbers stays one.
        sum += Math.clamp(value, -LARGEST, LARGEST) / group;
        pending++;
        last = step;
        if (pending == group) {
            means.add(new double[] {step, sum});
            pending = 0;
            sum = 0;
        }
        if (means.size() == 2 * MOST_POINTS) {
            halve();
        }
    }

    private void halve() {
        List<double[]> pairs = new ArrayList<>();
        for (int i = 0; i < means.size(); i += 2) {
            pairs.add(new double[] {means.get(i + 1)[0], means.get(i)[1] / 2 + means.get(i + 1)[1] / 2});
        }
        means.clear();
        means.addAll(pairs);
        group *= 2;
    }

    /** Whether a point is the mean of several steps. */
    boolean smoothed() {
        return group > 1;
    }

    /** Whether it never changed. */
    boolean isConstant() {
        List<double[]> points = points();
        return points.stream().allMatch(point -> point[1] == points.getFirst()[1]);
    }

    /** Pairs of a step and a value, ascending. */
    List<double[]> points() {
        List<double[]> points = new ArrayList<>(means);
        if (pending > 0) {
            points.add(new double[] {last, sum / pending * group});
        }
        return points;
    }
}
