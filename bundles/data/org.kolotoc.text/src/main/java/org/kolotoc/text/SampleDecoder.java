package org.kolotoc.text;

import java.util.Arrays;
import org.kolotoc.api.Ledger;
import org.kolotoc.api.Seat;
import org.kolotoc.api.text.Decoder;
import org.kolotoc.api.text.DecoderFamily;
import org.osgi.service.component.annotations.Component;

/**
 * The seat of sampling: draws from the model's distribution, sharpened by a temperature, cut to the {@code topK}
 * likeliest tokens (Fan et al. 2018) and to the smallest set of probability {@code topP} (Holtzman et al.,
 * arXiv:1904.09751), then to those at least {@code minP} as probable as the likeliest (Nguyen et al., arXiv:2407.01082), in this
 * order. At least one token remains. Before all that, {@code repetitionPenalty} makes less likely what the text has already
 * (Keskar et al., arXiv:1909.05858).
 */
@Component
@Seat(
        kind = Seat.DECODER,
        id = "sample",
        summary = "draws tokens, with temperature, top-k, top-p, min-p and a repetition penalty")
public final class SampleDecoder implements DecoderFamily<SampleSettings> {
    @Override
    public Class<SampleSettings> settings() {
        return SampleSettings.class;
    }

    @Override
    public Decoder create(SampleSettings settings) {
        Draw draw = new Draw(settings);
        Decoder drawn = Decoder.of(
                (logits, random, index) -> draw.next(logits, random.uniform(index)),
                (ledger, vocab) -> tell(settings, vocab, ledger));
        return settings.repetitionPenalty() == 1 ? drawn : new Unrepeating(drawn, settings.repetitionPenalty());
    }

    private static void tell(SampleSettings settings, int vocab, Ledger ledger) {
        if (settings.topK() >= vocab) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT,
                    "topK",
                    settings.topK() + " is not below the " + vocab + " tokens there are: none is left out");
        }
        if (settings.temperature() == 0 && (settings.topK() > 1 || settings.topP() < 1 || settings.minP() > 0)) {
            ledger.note(
                    Ledger.Kind.NO_EFFECT,
                    settings.topK() > 1 ? "topK" : settings.topP() < 1 ? "topP" : "minP",
                    "at temperature 0 the likeliest token is taken, whatever others are left");
        }
    }

    /** One draw after the other with the same scratch memory. */
    private static final class Draw {
        private final SampleSettings settings;
        private long[] order = {};
        private double[] weights = {};

        Draw(SampleSettings settings) {
            this.settings = settings;
        }

        int next(float[] logits, double uniform) {
            if (order.length != logits.length) {
                order = new long[logits.length];
                weights = new double[logits.length];
            }
            sort(logits);
            if (settings.temperature() == 0) {
                return token(0);
            }
            int kept = settings.topK() == 0 ? order.length : Math.min(settings.topK(), order.length);
            double best = logits[token(0)];
            double sum = 0;
            for (int i = 0; i < kept; i++) {
                weights[i] = StrictMath.exp((logits[token(i)] - best) / settings.temperature());
                sum += weights[i];
            }
            double wanted = settings.topP() * sum;
            double nucleus = 0;
            int size = 0;
            while (size < kept && (size == 0 || nucleus < wanted)) {
                nucleus += weights[size++];
            }
            while (size > 1 && weights[size - 1] < settings.minP() * weights[0]) {
                nucleus -= weights[--size];
            }
            double left = uniform * nucleus;
            int chosen = 0;
            while (chosen < size - 1 && left >= weights[chosen]) {
                left -= weights[chosen++];
            }
            return token(chosen);
        }

        /** Descending logits, equal ones by ascending token: one long holds both keys. */
        private void sort(float[] logits) {
            for (int i = 0; i < order.length; i++) {
                int bits = Float.floatToIntBits(logits[i]);
                int ascending = bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
                order[i] = (long) ~ascending << 32 | i;
            }
            Arrays.sort(order);
        }

        private int token(int rank) {
            return (int) order[rank];
        }
    }
}
