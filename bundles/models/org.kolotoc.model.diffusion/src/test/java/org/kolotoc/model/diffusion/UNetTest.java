package org.kolotoc.model.diffusion;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.nn.diffusion.Prediction;
import org.kolotoc.tck.ModelFamilyConformance;
import org.kolotoc.tck.Refused;

class UNetTest extends ModelFamilyConformance<UNetSettings> {
    @Override
    protected ModelFamily<UNetSettings> family() {
        return new UNet();
    }

    private static UNetSettings of(int waves, int groups, int heads, Integer... widths) {
        return new UNetSettings(List.of(widths), waves, groups, heads, 12, Prediction.NOISE, true);
    }

    @Override
    protected UNetSettings settings() {
        return of(4, 2, 3, 4, 6);
    }

    @Override
    protected Dimensions dimensions() {
        return pictures(4, 6);
    }

    private static Dimensions pictures(int height, int width) {
        return new Dimensions(Map.of("channel", 1, "height", height, "width", width, "class", 3));
    }

    @Override
    protected Stream<Refused<UNetSettings>> refused() {
        return Stream.of(
                new Refused<>(of(4, 2, 3, 4, 4, 6), "widths"),
                new Refused<>(of(4, 2, 3), "widths"),
                new Refused<>(of(5, 2, 3, 4, 6), "waves"),
                new Refused<>(of(4, 4, 3, 4, 6), "groups"),
                new Refused<>(of(4, 2, 4, 4, 6), "heads"));
    }

    /** Of pictures without classes; who mends that knows where. */
    @Test
    void classesThatAreNotThereAreNeeded() {
        Dimensions unlabelled = new Dimensions(Map.of("channel", 1, "height", 4, "width", 6));
        InputError error = assertThrows(InputError.class, () -> new UNet().create(settings(), unlabelled));
        assertEquals("labels", error.field());
        assertTrue(error.getMessage().contains("the data has no classes; expected false, or"), error::getMessage);
    }

    private static String refusal(UNetSettings settings, int height, int width) {
        return assertThrows(InputError.class, () -> new UNet().create(settings, pictures(height, width)))
                .getMessage();
    }

    @Test
    void sizesThatWorkAreNamed() {
        String size = refusal(of(4, 2, 3, 4, 4, 6), 27, 29);
        assertTrue(size.contains("27 x 29") && size.contains("as 28 x 28") && size.contains("at most 1 widths"), size);
        String small = refusal(of(4, 2, 3, 4, 4, 6), 2, 2);
        assertTrue(small.contains("as 4 x 4") && small.contains("at most 2 widths"), small);
        assertTrue(refusal(of(4, 5, 3, 8, 12), 4, 4).contains("expected one of 1, 2, 4"));
    }

    /** As counted by hand. */
    @Test
    void itHasAsManyParametersAsIsSaid() {
        UNetSettings usual = new UNetSettings(List.of(32, 64, 88), 32, 8, 4, 200, Prediction.NOISE, false);
        assertEquals(
                733_169,
                new UNet()
                        .create(usual, pictures(28, 28)).parameters().stream()
                                .mapToInt(parameter -> parameter.shape().size())
                                .sum());
    }
}
