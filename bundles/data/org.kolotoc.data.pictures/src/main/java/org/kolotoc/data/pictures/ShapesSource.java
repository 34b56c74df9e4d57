package org.kolotoc.data.pictures;

import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Seat;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of grey pictures of shapes that need no file: each a bright {@link Form} on dark ground, whose place, size, slant and
 * brightness the seed decides, with smooth edges. As many of each class, one more of the first ones where that is no whole
 * number.
 */
@Component
@Seat(kind = Seat.DATA, id = "shapes", summary = "grey pictures of ten kinds of shapes, drawn from a seed")
public final class ShapesSource implements DataSource<ShapesSettings> {
    /** Random numbers of a picture. */
    private static final int DRAWS = 6;

    @Override
    public Class<ShapesSettings> settings() {
        return ShapesSettings.class;
    }

    @Override
    public Dataset open(ShapesSettings settings, DataContext context) {
        return new Gathered(new Canvas(1, settings.size(), settings.size()), settings.classes())
                .data(
                        drawn(settings, settings.pictures(), new CounterRandom(context.seed(), "shapes/train")),
                        drawn(settings, settings.heldOut(), new CounterRandom(context.seed(), "shapes/held out")));
    }

    private static Gathered.Part drawn(ShapesSettings settings, int count, CounterRandom random) {
        int area = settings.size() * settings.size();
        float[] numbers = new float[count * area];
        int[] labels = new int[count];
        for (int i = 0; i < count; i++) {
            labels[i] = i % settings.classes();
            draw(Form.values()[labels[i]], settings.size(), random, i, numbers, i * area);
        }
        return new Gathered.Part(numbers, labels);
    }

    private static void draw(Form form, int size, CounterRandom random, int picture, float[] numbers, int from) {
        double[] drawn = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            drawn[i] = random.uniform((long) picture * DRAWS + i);
        }
        double radius = size * between(drawn[0], 0.24, 0.36);
        double x = size * between(drawn[1], 0.4, 0.6);
        double y = size * between(drawn[2], 0.4, 0.6);
        double slant = between(drawn[3], -0.3, 0.3);
        double cos = StrictMath.cos(slant) / radius;
        double sin = StrictMath.sin(slant) / radius;
        double ground = between(drawn[4], 0, 0.15);
        double bright = between(drawn[5], 0.6, 1);
        for (int row = 0; row < size; row++) {
            for (int column = 0; column < size; column++) {
                double right = column + 0.5 - x;
                double down = row + 0.5 - y;
                double edge = radius * form.distance(cos * right + sin * down, cos * down - sin * right);
                // A pixel is as bright as the part of it that is inside.
                double inside = Math.clamp(0.5 - edge, 0, 1);
                numbers[from + row * size + column] = Canvas.number(ground + (bright - ground) * inside);
            }
        }
    }

    private static double between(double share, double least, double most) {
        return least + share * (most - least);
    }
}
