package org.kolotoc.eval.points;

import java.util.List;
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
 * The seat of a fresh classifier that learns to tell points from held-out ones of the data (Lopez-Paz and Oquab,
 * arXiv:1610.06545): its accuracy on others, 0.5 where it can't, 1 where it always can. Whoever fooled a discriminator that it
 * was trained with has this one before it, too.
 *
 * <p>Each of several samples has a detector of its own, and what is put is the mean.
 */
@Component
@Seat(kind = Seat.METRIC, id = "detector", summary = "how well a fresh classifier tells points from those of the data")
public final class DetectorMetric implements Metric<DetectorSettings> {
    private static final String HELD_OUT = "validation";

    @Override
    public Class<DetectorSettings> settings() {
        return DetectorSettings.class;
    }

    @Override
    public Needs needs(DetectorSettings settings) {
        return Needs.none().data("f32 sample[batch,coordinate]");
    }

    @Override
    public List<Measure> measures(DetectorSettings settings) {
        return List.of(Measure.evaluation("detector", "", Better.LOWER));
    }

    @Override
    public void measure(DetectorSettings settings, List<Sample> samples, ProgramContext context, Measurements out) {
        double sum = 0;
        int count = 0;
        for (Sample sample : samples) {
            float[] made = Scatter.of(sample).places();
            String part = context.data().splits().contains(HELD_OUT) ? HELD_OUT : "train";
            float[] real = context.data().first(part, made.length / 2).get("sample");
            sum += Detector.accuracy(settings, made, real, context);
            out.reached(++count, samples.size());
        }
        // No points are told from any.
        out.put("detector", count == 0 ? 1 : sum / count);
    }
}
