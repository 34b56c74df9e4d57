package org.kolotoc.api.image;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Shape;

class ShownTest {
    @Test
    void pointsAreReadAsTheyAre() {
        float[] places = {1 / 3f, -2, 0.1f, 7};
        Shown shown = new Shown(Shape.of(2, 2));
        Scatter read = Scatter.of(shown.of(places, new int[] {1, 0}));
        assertArrayEquals(places, read.places());
        assertArrayEquals(
                new float[] {1 / 3f, -2, 1 / 3f, -2},
                Scatter.of(shown.constant(read.svg())).places());
    }

    /** Of two pictures of 1 x 2 pixels each channel is where it belongs: [red red green green blue blue] to pixels. */
    @Test
    void channelsOfAPictureAreItsColours() {
        float[] numbers = {-1, 1, 0, -1, 1, 0, 1, 1, -1, -1, 0, 0};
        Shown shown = new Shown(Shape.of(2, 3, 1, 2));
        Pictures read = Pictures.of(shown.of(numbers, new int[2]), 1, 2);
        assertArrayEquals(new float[] {0, 0.5f, 1, 1, 0, 0.5f, 1, 0, 0.5f, 1, 0, 0.5f}, read.pixels(), 1 / 255f);
        Pictures constant = Pictures.of(shown.constant(shown.of(numbers, new int[2])), 1, 2);
        assertArrayEquals(new float[] {0, 0.5f, 1, 1, 0, 0.5f, 0, 0.5f, 1, 1, 0, 0.5f}, constant.pixels(), 1 / 255f);
    }

    /** Eight of a way beside each other, without an empty place; of many a row would be too long. */
    @Test
    void aWayIsARow() {
        for (int[] size : new int[][] {{8, 8, 1}, {16, 16, 1}, {17, 5, 4}}) {
            Shape shape = Shape.of(size[0], 1, 2, 3);
            Png png = Png.decoded(new Shown(shape, true)
                    .of(new float[shape.size()], new int[size[0]])
                    .content());
            assertArrayEquals(new int[] {3 * size[1], 2 * size[2]}, new int[] {png.width(), png.height()});
        }
    }

    @Test
    void whatHasNoPictureIsRefused() {
        assertThrows(InputError.class, () -> new Shown(Shape.of(4, 3)));
        InputError error = assertThrows(InputError.class, () -> new Shown(Shape.of(4, 2, 8, 8)));
        assertTrue(error.getMessage().contains("2 channels"), error::getMessage);
    }
}
