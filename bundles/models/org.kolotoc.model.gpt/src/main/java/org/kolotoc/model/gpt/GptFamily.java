package org.kolotoc.model.gpt;

import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.ModelFamily;
import org.kolotoc.api.Seat;
import org.osgi.service.component.annotations.Component;

/** The seat of GPTs of any size. */
@Component
@Seat(kind = Seat.MODEL, id = "gpt", summary = "GPT-2: a decoder-only transformer that predicts the next token")
public final class GptFamily implements ModelFamily<GptSettings> {
    @Override
    public Class<GptSettings> settings() {
        return GptSettings.class;
    }

    @Override
    public Gpt create(GptSettings settings, Dimensions data) {
        if (settings.width() % settings.heads() != 0) {
            throw InputError.field(
                    "heads",
                    settings.heads() + " heads do not divide the width " + settings.width() + "; expected one of "
                            + divisors(settings.width()));
        }
        return new Gpt(settings, data.get("vocab"));
    }

    private static String divisors(int width) {
        StringBuilder list = new StringBuilder();
        int found = 0;
        for (int i = 1; i <= width && found < 12; i++) {
            if (width % i == 0) {
                list.append(list.isEmpty() ? "" : ", ").append(i);
                found++;
            }
        }
        return list.toString();
    }
}
