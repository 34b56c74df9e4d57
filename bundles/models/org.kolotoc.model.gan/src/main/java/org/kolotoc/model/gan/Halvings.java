package org.kolotoc.model.gan;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Initializer;
import org.kolotoc.tensor.Window2d;

/**
 * Pictures, and the smaller ones that are halves of their height and width so many times.
 *
 * @param channels of the pictures of the data
 */
record Halvings(int channels, int height, int width, int count) {
    /** Places of a kernel along each axis; with this window it halves, or, transposed, doubles. */
    static final int KERNEL = 4;

    static final Window2d WINDOW = Window2d.of(2).padded(1);

    /** First weights (Radford et al., arXiv:1511.06434, section 4). */
    static final Initializer FIRST = new Initializer.Normal(0.02);

    static final double SLOPE = 0.2;

    /** @throws InputError naming the field, when a picture can't be halved so often */
    static Halvings of(List<Integer> channels, Dimensions data) {
        Halvings halvings = new Halvings(data.get("channel"), data.get("height"), data.get("width"), channels.size());
        int possible = Integer.numberOfTrailingZeros(halvings.height | halvings.width);
        if (channels.isEmpty() || channels.size() > possible) {
            // Where no number works, other pictures do.
            String expected = possible == 0 ? "" : "1 to " + possible + " numbers, or ";
            throw InputError.field(
                    "channels",
                    channels.size() + " numbers, but pictures of " + halvings.height + " x " + halvings.width
                            + " have whole halves " + possible + " times; expected " + expected
                            + "pictures of a height and a width that " + (1L << Math.clamp(channels.size(), 1, 62))
                            + " divides");
        }
        return halvings;
    }

    /** Of the smallest picture. */
    int rows() {
        return height >> count;
    }

    int columns() {
        return width >> count;
    }

    int area() {
        return rows() * columns();
    }

    Dimensions limits(Map<String, Integer> others, Classes classes) {
        Map<String, Integer> limits = new HashMap<>(others);
        limits.putAll(Map.of("channel", channels, "height", height, "width", width));
        if (classes.count() > 0) {
            limits.put("class", classes.count());
        }
        return new Dimensions(limits);
    }
}
