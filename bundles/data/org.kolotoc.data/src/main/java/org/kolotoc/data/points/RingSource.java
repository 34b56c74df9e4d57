package org.kolotoc.data.points;

import java.util.Map;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.Seat;
import org.kolotoc.nn.Layout;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of points of the plane from Gaussians whose means stand on a ring, on which modes that a generator loses can be
 * counted (Metz et al., arXiv:1611.02163). A field {@code sample} and a {@code label}, which Gaussian it is of, as data of any
 * other {@link Layout} has them.
 */
@Component
@Seat(kind = Seat.DATA, id = "ring", summary = "points of the plane from Gaussians on a ring, with labels")
public final class RingSource implements DataSource<RingSettings> {
    private static final String SAMPLE = "sample";

    @Override
    public Class<RingSettings> settings() {
        return RingSettings.class;
    }

    @Override
    public Dataset open(RingSettings settings, DataContext context) {
        Examples data = new Examples(
                new Dimensions(Map.of("coordinate", 2, "class", settings.modes())),
                Map.of(
                        "train", drawn(settings, settings.points(), new CounterRandom(context.seed(), "ring/train")),
                        "validation",
                                drawn(
                                        settings,
                                        settings.heldOut(),
                                        new CounterRandom(context.seed(), "ring/held out"))));
        // Each coordinate is that of a point, and no point is one: who tells as much of these has learned no ring.
        return data.controlled(Map.of("scattered", data.scattered(SAMPLE)));
    }

    /** As many points of each Gaussian, one more of the first ones where that is no whole number. */
    private static Examples.Part drawn(RingSettings settings, int count, CounterRandom random) {
        float[] points = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % settings.modes();
            double angle = 2 * Math.PI * labels[i] / settings.modes();
            points[2 * i] =
                    (float) (settings.radius() * StrictMath.cos(angle) + settings.deviation() * random.normal(2L * i));
            points[2 * i + 1] = (float)
                    (settings.radius() * StrictMath.sin(angle) + settings.deviation() * random.normal(2L * i + 1));
        }
        return new Examples.Part(count).with(Layout.POINTS.field(), points).with("i32 label[batch]", labels);
    }
}
