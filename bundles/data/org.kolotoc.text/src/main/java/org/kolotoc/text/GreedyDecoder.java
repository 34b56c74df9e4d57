package org.kolotoc.text;

import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.osgi.service.component.annotations.Component;

/** The seat of greedy decoding: always the likeliest token, the lowest of equals. */
@Component
@Seat(kind = Seat.DECODER, id = "greedy", summary = "always the likeliest next token")
public final class GreedyDecoder implements DecoderFamily<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public Decoder create(Settings.None settings) {
        return Decoder.of((logits, _, _) -> likeliest(logits));
    }

    private static int likeliest(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            if (logits[i] > logits[best]) {
                best = i;
            }
        }
        return best;
    }
}
