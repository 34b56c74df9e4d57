package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/** Hides tokens of a text. */
final class Masking implements Corruption {
    private static final List<Signature.Port> INPUTS = Signature.parse(
                    "i32 tokens[batch,time]; bool present[batch,time] ->")
            .inputs();

    private final MaskedSettings settings;
    private final int mask;
    private final int vocab;
    private final int[] places;
    private final Shown shown;

    /** Which of the hidden tokens count. */
    enum Shown {
        ALL,
        /** One of them. */
        ONE,
        /** The same one, and nothing to its right is present. */
        ONE_FROM_ITS_LEFT
    }

    Masking(MaskedSettings settings, int mask, int vocab, int time, Shown shown) {
        this.settings = settings;
        this.mask = mask;
        this.vocab = vocab;
        this.places = new int[time];
        this.shown = shown;
    }

    Masking shown(Shown other) {
        return new Masking(settings, mask, vocab, places.length, other);
    }

    @Override
    public List<Signature.Port> inputs() {
        return INPUTS;
    }

    @Override
    public Map<String, Integer> extents() {
        return Map.of("time", places.length);
    }

    @Override
    public void write(int[] text, int[] said, int length, Draws draws, Batches.Fields out) {
        if (length == 0) {
            return;
        }
        if (settings.masks() == MaskedSettings.Masks.STATIC) {
            draws.row(hash(text, length));
        }
        int[] tokens = out.ints("tokens");
        System.arraycopy(text, 0, tokens, 0, length);
        Arrays.fill(out.ints("present"), 0, length, 1);
        System.arraycopy(said, 0, out.ints("targets"), 0, length);
        for (int i = 0; i < length; i++) {
            places[i] = i;
        }
        int count = Math.clamp(draws.rounded(settings.share() * length), 1, length);
        draws.choose(places, count, length);
        float[] weights = out.floats("weights");
        for (int i = 0; i < count; i++) {
            double fate = draws.uniform();
            int other = draws.integer(vocab);
            int place = places[i];
            weights[place] = shown == Shown.ALL || i == 0 ? 1 : 0;
            if (fate < settings.masked()) {
                tokens[place] = mask;
            } else if (fate < settings.masked() + settings.random()) {
                tokens[place] = other;
            }
        }
        if (shown == Shown.ONE_FROM_ITS_LEFT) {
            Arrays.fill(out.ints("present"), places[0] + 1, length, 0);
        }
    }

    /** FNV-1a; the rows of a text are as many as it has bits. */
    private static long hash(int[] text, int length) {
        long hash = 0xCBF29CE484222325L;
        for (int i = 0; i < length; i++) {
            hash = (hash ^ text[i]) * 0x100000001B3L;
        }
        return hash ^ hash >>> 32;
    }
}
