package org.kolotoc.model.gpt;

import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.kolotoc.api.InputError;

/** The sizes that a preset has or an experiment gives. */
record Sizes(int layers, int heads, int width, int context) {
    /**
     * What the settings give, else their preset.
     *
     * @throws InputError when a size is missing, or heads do not divide what they share
     */
    static Sizes of(GptSettings settings) {
        Sizes preset = settings.preset().sizes();
        Sizes sizes = new Sizes(
                given("layers", settings.layers(), preset.layers),
                given("heads", settings.heads(), preset.heads),
                given("width", settings.width(), preset.width),
                given("context", settings.context(), preset.context));
        divides("heads", sizes.heads, "the width", sizes.width);
        int shared = settings.keyValueHeads();
        if (shared != 0) {
            divides("keyValueHeads", shared, "the heads", sizes.heads);
        }
        if (settings.positions() == GptSettings.Positions.ROTARY && sizes.headWidth() % 2 != 0) {
            throw InputError.field(
                    "positions",
                    "rotary positions turn pairs, but " + sizes.heads + " heads of a width " + sizes.width + " are "
                            + sizes.headWidth() + " wide each; expected an even number");
        }
        return sizes;
    }

    private static int given(String field, int given, int preset) {
        int size = given == 0 ? preset : given;
        if (size == 0) {
            throw InputError.field(field, "is not given; expected at least 1, or a \"preset\" that has it");
        }
        return size;
    }

    private static void divides(String field, int count, String what, int whole) {
        if (whole % count != 0) {
            String divisors = IntStream.rangeClosed(1, whole)
                    .filter(divisor -> whole % divisor == 0)
                    .limit(12)
                    .mapToObj(Integer::toString)
                    .collect(Collectors.joining(", "));
            throw InputError.field(
                    field,
                    count + " " + field + " do not divide " + what + " " + whole + "; expected one of " + divisors);
        }
    }

    int headWidth() {
        return width / heads;
    }

    /** Width of the MLP. */
    int hidden(GptSettings settings) {
        return settings.mlpWidth() == 0 ? settings.mlpRatio() * width : settings.mlpWidth();
    }
}
