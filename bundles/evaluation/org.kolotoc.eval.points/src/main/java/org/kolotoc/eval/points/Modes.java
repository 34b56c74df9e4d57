package org.kolotoc.eval.points;

import java.util.Arrays;
import java.util.Map;

/**
 * The Gaussians of labelled points of the plane.
 *
 * @param x of their means
 * @param y of their means
 * @param deviations along an axis
 */
record Modes(double[] x, double[] y, double[] deviations) {
    private static final int NEAR = 3;
    private static final int NEARBY = 5;

    /** @param examples {@code sample} and {@code label} of data; a label that is nobody's has no mode that is found */
    static Modes of(Map<String, float[]> examples) {
        float[] places = examples.get("sample");
        float[] labels = examples.get("label");
        int modes = 0;
        for (float label : labels) {
            modes = Math.max(modes, (int) label + 1);
        }
        double[] counts = new double[modes];
        double[] x = new double[modes];
        double[] y = new double[modes];
        for (int i = 0; i < labels.length; i++) {
            counts[(int) labels[i]]++;
            x[(int) labels[i]] += places[2 * i];
            y[(int) labels[i]] += places[2 * i + 1];
        }
        for (int mode = 0; mode < modes; mode++) {
            x[mode] /= counts[mode];
            y[mode] /= counts[mode];
        }
        double[] squares = new double[modes];
        for (int i = 0; i < labels.length; i++) {
            int mode = (int) labels[i];
            squares[mode] += Math.pow(places[2 * i] - x[mode], 2) + Math.pow(places[2 * i + 1] - y[mode], 2);
        }
        double[] deviations = new double[modes];
        Arrays.setAll(deviations, mode -> Math.sqrt(squares[mode] / counts[mode] / 2));
        return new Modes(x, y, deviations);
    }

    /**
     * Points that are at the modes.
     *
     * @param near of each mode, how many are within three deviations of it
     * @param nearby how many are within five deviations of the nearest mode
     * @param squares of the distances of those that are near, in deviations, together
     */
    record Counted(int[] near, int nearby, double squares) {
        /** How many modes have so many points at least. */
        long found(int least) {
            return Arrays.stream(near).filter(count -> count >= least).count();
        }

        int nearAny() {
            return Arrays.stream(near).sum();
        }

        /** How wide they lie round the modes along an axis, in deviations: 0.97 of a Gaussian, 0 where all are one. */
        double spread() {
            return Math.sqrt(squares / 2 / Math.max(1, nearAny()));
        }

        /** Of the shares of the modes from equal ones (Kullback and Leibler), in nats; the most there is where no point is near. */
        double divergence() {
            int all = nearAny();
            double divergence = Math.log(near.length);
            for (int count : near) {
                double share = count / Math.max(1.0, all);
                divergence += share == 0 ? 0 : share * Math.log(share);
            }
            return divergence;
        }
    }

    /** @param places x before y; what is no number is at no mode */
    Counted count(float[] places) {
        int[] near = new int[x.length];
        int nearby = 0;
        double squares = 0;
        for (int i = 0; i < places.length; i += 2) {
            int nearest = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int mode = 0; mode < x.length; mode++) {
                double away = Math.hypot(places[i] - x[mode], places[i + 1] - y[mode]) / deviations[mode];
                if (away < least) {
                    least = away;
                    nearest = mode;
                }
            }
            if (least <= NEAR) {
                near[nearest]++;
                squares += least * least;
            }
            nearby += least <= NEARBY ? 1 : 0;
        }
        return new Counted(near, nearby, squares);
    }
}
