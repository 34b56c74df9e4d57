package org.kolotoc.text;

import org.kolotoc.api.Seat;
import org.kolotoc.api.Settings;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.LanguageSession;
import org.kolotoc.tensor.CounterRandom;
import org.osgi.service.component.annotations.Component;

/** The seat of greedy decoding: always the likeliest token, the lowest of equals. */
@Component
@Seat(kind = Seat.DECODER, id = "greedy", summary = "always the likeliest next token")
public final class GreedyDecoder implements Decoder<Settings.None> {
    @Override
    public Class<Settings.None> settings() {
        return Settings.None.class;
    }

    @Override
    public int[] decode(
            Settings.None settings, LanguageSession session, int[] prompt, int count, CounterRandom random) {
        return Continuation.write(session, prompt, count, (logits, _) -> likeliest(logits));
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
