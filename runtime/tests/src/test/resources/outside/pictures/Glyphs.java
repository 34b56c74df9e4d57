package pictures;

import java.util.Map;
import org.kolotoc.api.*;
import org.kolotoc.api.Settings.*;
import org.kolotoc.api.image.Pictures;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** Grey pictures of strokes, drawn from a seed: bars, crosses, rings, a little off the middle, thin or thick. */
@Component
@Seat(kind = Seat.DATA, id = "glyphs", summary = "8x8 grey pictures of eight glyphs, with labels")
public final class Glyphs implements DataSource<Glyphs.Numbers> {
    private static final int SIDE = 8;
    private static final int KINDS = 8;

    public record Numbers(
            @Help("pictures for training") @Default("4000") @Range(min = 100, max = 1_000_000)
            int pictures,

            @Help("pictures that are held out") @Default("1000") @Range(min = 100, max = 1_000_000)
            int heldOut) {}

    public Dataset open(Numbers numbers, DataContext context) {
        Examples data = new Examples(
                new Dimensions(Map.of("pixel", SIDE * SIDE, "kind", KINDS)),
                Map.of(
                        "train", drawn(numbers.pictures(), new CounterRandom(context.seed(), "glyphs/train")),
                        "validation",
                                drawn(numbers.heldOut(), new CounterRandom(context.seed(), "glyphs/validation"))));
        return data.controlled(Map.of("shuffled", data.scattered("pixels")));
    }

    private static Examples.Part drawn(int count, CounterRandom random) {
        float[] pixels = new float[count * SIDE * SIDE];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % KINDS;
            double right = SIDE / 2.0 + random.uniform(4L * i) - 0.5;
            double down = SIDE / 2.0 + random.uniform(4L * i + 1) - 0.5;
            double thick = 0.5 + 0.4 * random.uniform(4L * i + 2);
            for (int at = 0; at < SIDE * SIDE; at++) {
                double away = distance(labels[i], at % SIDE + 0.5 - right, at / SIDE + 0.5 - down);
                pixels[i * SIDE * SIDE + at] = (float) (1 / (1 + Math.exp(5 * (away - thick))));
            }
        }
        return new Examples.Part(count).with("f32 pixels[batch,pixel]", pixels).with("i32 label[batch]", labels);
    }

    static Pictures pictures(float[] pixels) {
        return new Pictures(pixels, SIDE, SIDE, 1);
    }

    static Pictures pictures(Sample grid) {
        return Pictures.of(grid, SIDE, SIDE);
    }

    /** How far a point is from a glyph's strokes, which are round the origin. */
    private static double distance(int kind, double x, double y) {
        double slash = Math.abs(x + y) / Math.sqrt(2);
        double backslash = Math.abs(x - y) / Math.sqrt(2);
        return switch (kind) {
            case 0 -> Math.abs(x);
            case 1 -> Math.abs(y);
            case 2 -> slash;
            case 3 -> backslash;
            case 4 -> Math.min(Math.abs(x), Math.abs(y));
            case 5 -> Math.min(slash, backslash);
            case 6 -> Math.abs(Math.hypot(x, y) - 2.5);
            default -> Math.abs(Math.max(Math.abs(x), Math.abs(y)) - 2.5);
        };
    }
}
