package points;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** Points of the plane round the middles of eight clouds, which stand on a ring; a label says which cloud. */
@Component
@Seat(kind = Seat.DATA, id = "clouds", summary = "points of eight Gaussians on a ring, with labels")
public final class Ring implements DataSource<Ring.Clouds> {
    static final int KINDS = 8;

    public record Clouds(
            @Help("points for training") @Default("8000") @Range(min = 100, max = 1_000_000)
            int points,

            @Help("points that are held out") @Default("2000") @Range(min = 100, max = 1_000_000)
            int heldOut,

            @Help("standard deviation of a cloud; the ring has radius 1") @Default("0.08") @Range(min = 0.001, max = 1)
            double spread) {}

    public Dataset open(Clouds clouds, DataContext context) {
        Examples data = new Examples(
                new Dimensions(Map.of("coordinate", 2, "kind", KINDS)),
                Map.of(
                        "train", drawn(clouds.points(), clouds.spread(), new CounterRandom(context.seed(), "train")),
                        "validation",
                                drawn(
                                        clouds.heldOut(),
                                        clouds.spread(),
                                        new CounterRandom(context.seed(), "held out"))));
        return data.controlled(Map.of("shuffled", data.shuffled("label")));
    }

    private static Examples.Part drawn(int count, double spread, CounterRandom random) {
        float[] points = new float[2 * count];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % KINDS;
            double angle = 2 * Math.PI * labels[i] / KINDS;
            points[2 * i] = (float) (Math.cos(angle) + spread * random.normal(2L * i));
            points[2 * i + 1] = (float) (Math.sin(angle) + spread * random.normal(2L * i + 1));
        }
        return new Examples.Part(count)
                .with("f32 point[batch,coordinate]", points)
                .with("i32 label[batch]", labels);
    }
}
