package org.kolotoc.eval.points;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Measure;
import org.kolotoc.api.Measure.Better;
import org.kolotoc.api.Measurements;
import org.kolotoc.api.Metric;
import org.kolotoc.api.Needs;
import org.kolotoc.api.ProgramContext;
import org.kolotoc.api.Sample;
import org.kolotoc.api.Seat;
import org.kolotoc.api.image.Scatter;
import org.osgi.service.component.annotations.Component;

/**
 * The seat that counts modes of points: which of the data's Gaussians samples have, and how near they are to them (Srivastava et
 * al., VEEGAN, arXiv:1705.07761, section 5: high-quality samples are within three deviations of a mode; here within five too).
 * Means and deviations are those of the data's labels. Labels of samples are not looked at.
 *
 * <p>Of several samples each counts by itself, and what is put is the mean.
 */
@Component
@Seat(kind = Seat.METRIC, id = "modes", summary = "modes of points that were found, how near points are, copies")
public final class ModesMetric implements Metric<ModesSettings> {
    /** Points of the data that are looked at. */
    private static final int MOST = 100_000;
    /** Share of points that lie apart, of which a model is said to make one. */
    private static final double COLLAPSED = 0.05;

    @Override
    public Class<ModesSettings> settings() {
        return ModesSettings.class;
    }

    @Override
    public Needs needs(ModesSettings settings) {
        return Needs.none().data("f32 sample[batch,coordinate]; i32 label[batch]");
    }

    @Override
    public List<Measure> measures(ModesSettings settings) {
        return List.of(
                Measure.evaluation("modes", "", Better.HIGHER),
                Measure.evaluation("modes/within-3", "", Better.HIGHER),
                Measure.evaluation("modes/within-5", "", Better.HIGHER),
                Measure.evaluation("modes/divergence", "nats", Better.LOWER),
                Measure.evaluation("modes/spread", "deviations", Better.NEITHER),
                Measure.evaluation("modes/copied", "", Better.LOWER),
                Measure.evaluation("modes/distinct", "", Better.HIGHER)
                        .alarming(COLLAPSED, "collapsed: the points are copies of each other"));
    }

    @Override
    public void measure(ModesSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        Map<String, float[]> training = context.data().first("train", MOST);
        Modes modes = Modes.of(training);
        Copies copies = new Copies(training.get("sample"));
        double[] sums = new double[7];
        // No sample is as good as no points.
        int count = Math.max(1, samples.size());
        for (int number = 0; number < count; number++) {
            Scatter points =
                    samples.isEmpty() ? new Scatter(new float[0], new int[0]) : Scatter.of(samples.get(number));
            Modes.Counted counted = modes.count(points.places());
            double all = Math.max(1, points.count());
            sums[0] += counted.found(settings.least());
            sums[1] += counted.nearAny() / all;
            sums[2] += counted.nearby() / all;
            sums[3] += counted.divergence();
            sums[4] += counted.spread();
            sums[5] += copies.among(points.places()) / all;
            sums[6] += new Copies(points.places()).places() / all;
            out.reached(number + 1, count);
        }
        List<String> names = measures(settings).stream().map(Measure::name).toList();
        for (int i = 0; i < sums.length; i++) {
            out.put(names.get(i), sums[i] / count);
        }
    }
}
