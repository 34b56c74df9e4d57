package org.kolotoc.phase.pretrain.objective;

import java.util.ArrayList;
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
    private final int[] others;
    private final int time;
    private final Shown shown;

    /** What stands in the place of a token that has to be predicted. */
    enum Fate {
        MASK,
        RANDOM,
        KEEP
    }

    /**
     * A token that has to be predicted.
     *
     * @param other what stands for it where its fate is random
     */
    record Hidden(int place, Fate fate, int other) {}

    /** Which of the hidden tokens count. */
    enum Shown {
        ALL,
        /** One of them. */
        ONE,
        /** The same one, and nothing to its right is present. */
        ONE_FROM_ITS_LEFT
    }

    /** @param others tokens of which one stands for another where its fate is random */
    Masking(MaskedSettings settings, int mask, int[] others, int time, Shown shown) {
        this.settings = settings;
        this.mask = mask;
        this.others = others;
        this.time = time;
        this.shown = shown;
    }

    Masking shown(Shown other) {
        return new Masking(settings, mask, others, time, other);
    }

    @Override
    public List<Signature.Port> inputs() {
        return INPUTS;
    }

    @Override
    public Map<String, Integer> extents() {
        return Map.of("time", time);
    }

    @Override
    public void write(int[] text, int[] said, int length, Draws draws, Batches.Fields out) {
        if (length == 0) {
            return;
        }
        if (settings.masks() == MaskedSettings.Masks.STATIC) {
            draws.row(hash(text, length));
        }
        hide(text, said, length, drawn(length, draws), out);
    }

    private List<Hidden> drawn(int length, Draws draws) {
        int count = Math.clamp(draws.rounded(settings.share() * length), 1, length);
        List<Hidden> hidden = new ArrayList<>(count);
        for (int place : draws.choose(count, length)) {
            double fate = draws.uniform();
            int other = others[draws.integer(others.length)];
            hidden.add(new Hidden(
                    place,
                    fate < settings.masked()
                            ? Fate.MASK
                            : fate < settings.masked() + settings.random() ? Fate.RANDOM : Fate.KEEP,
                    other));
        }
        return hidden;
    }

    /** Writes the row of a text of which these have to be predicted. */
    void hide(int[] text, int[] said, int length, List<Hidden> hidden, Batches.Fields out) {
        int[] tokens = out.ints("tokens");
        System.arraycopy(text, 0, tokens, 0, length);
        Arrays.fill(out.ints("present"), 0, length, 1);
        System.arraycopy(said, 0, out.ints("targets"), 0, length);
        for (Hidden each : hidden) {
            switch (each.fate()) {
                case MASK -> tokens[each.place()] = mask;
                case RANDOM -> tokens[each.place()] = each.other();
                case KEEP -> {}
            }
        }
        for (Hidden each : shown == Shown.ALL ? hidden : hidden.subList(0, 1)) {
            out.floats("weights")[each.place()] = 1;
        }
        if (shown == Shown.ONE_FROM_ITS_LEFT) {
            Arrays.fill(out.ints("present"), hidden.getFirst().place() + 1, length, 0);
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
