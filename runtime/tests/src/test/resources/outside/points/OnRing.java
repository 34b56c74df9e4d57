package points;

import java.util.*;
import org.kolotoc.api.*;
import org.osgi.service.component.annotations.Component;

/** Whether points are where those of their kind are in the data: within three deviations of their middle. */
@Component
@Seat(kind = Seat.METRIC, id = "on-ring", summary = "share of points that are in the cloud of their kind")
public final class OnRing implements Metric<Settings.None> {
    private static final double SAME = 3e-4;

    public Needs needs(Settings.None none) {
        return Needs.none().data("f32 point[batch,coordinate]; i32 label[batch]");
    }

    public List<Measure> measures(Settings.None none) {
        return List.of(
                Measure.evaluation("on-ring", "", Measure.Better.HIGHER),
                Measure.evaluation("on-ring/kinds", "", Measure.Better.HIGHER),
                Measure.evaluation("on-ring/spread", "", Measure.Better.NEITHER),
                Measure.evaluation("on-ring/copied", "", Measure.Better.LOWER));
    }

    public void measure(Settings.None none, List<Sample> samples, ProgramContext run, Measurements out) {
        int kinds = run.data().dimensions().get("kind");
        double[][] clouds = clouds(Points.of(run.data().first("validation", 10_000)), kinds);
        float[] known = run.data().first("train", 10_000).get("point");
        int[] inside = new int[kinds];
        double squares = 0;
        int copied = 0;
        int count = 0;
        for (Sample sample : samples) {
            Points points = Points.of(sample);
            for (int i = 0; i < points.kinds().length; i++) {
                double[] cloud = clouds[points.kinds()[i]];
                double away = Math.hypot(points.places()[2 * i] - cloud[0], points.places()[2 * i + 1] - cloud[1]);
                if (away < 3 * cloud[2]) {
                    inside[points.kinds()[i]]++;
                    squares += Math.pow(away / cloud[2], 2) / 2;
                }
                copied += known(points.places()[2 * i], points.places()[2 * i + 1], known) ? 1 : 0;
            }
            count += points.kinds().length;
            out.reached(samples.indexOf(sample) + 1, samples.size());
        }
        int all = Arrays.stream(inside).sum();
        int least = count / kinds / 2;
        out.put("on-ring", all / Math.max(1.0, count));
        out.put(
                "on-ring/kinds",
                Arrays.stream(inside).filter(n -> n > 0 && n >= least).count() / (double) kinds);
        out.put("on-ring/spread", Math.sqrt(squares / Math.max(1, all)));
        out.put("on-ring/copied", copied / Math.max(1.0, count));
    }

    /** Of each kind the middle, and the deviation along an axis. */
    private static double[][] clouds(Points points, int kinds) {
        double[][] sums = new double[kinds][4];
        for (int i = 0; i < points.kinds().length; i++) {
            double x = points.places()[2 * i];
            double y = points.places()[2 * i + 1];
            double[] sum = sums[points.kinds()[i]];
            sum[0] += x;
            sum[1] += y;
            sum[2] += x * x + y * y;
            sum[3]++;
        }
        double[][] clouds = new double[kinds][];
        for (int kind = 0; kind < kinds; kind++) {
            double x = sums[kind][0] / sums[kind][3];
            double y = sums[kind][1] / sums[kind][3];
            clouds[kind] =
                    new double[] {x, y, Math.sqrt(Math.max(0, sums[kind][2] / sums[kind][3] - x * x - y * y) / 2)};
        }
        return clouds;
    }

    private static boolean known(float x, float y, float[] known) {
        for (int i = 0; i < known.length; i += 2) {
            if (Math.abs(known[i] - x) < SAME && Math.abs(known[i + 1] - y) < SAME) {
                return true;
            }
        }
        return false;
    }
}
