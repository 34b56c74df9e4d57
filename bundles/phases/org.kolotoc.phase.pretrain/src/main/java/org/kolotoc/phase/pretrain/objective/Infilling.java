package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/** Puts a mask in the place of each of some spans, which may have no token, and sentences in another order. */
final class Infilling implements Corruption {
    /** In the place of the token that ends a sentence. */
    static final int NONE = -1;

    private final InfillSettings settings;
    private final int mask;
    private final int end;
    private final int sentence;
    private final Rewriting rewriting;
    private final int[] lengths;
    private final int[] places;
    private final int[] moved;
    private final int[] begins;
    private final int[] order;

    Infilling(InfillSettings settings, int mask, int end, int sentence, Rewriting rewriting) {
        this.settings = settings;
        this.mask = mask;
        this.end = end;
        this.sentence = sentence;
        this.rewriting = rewriting;
        int time = rewriting.from();
        this.lengths = new int[time];
        this.places = new int[time + 1];
        this.moved = new int[time];
        this.begins = new int[time + 1];
        this.order = new int[time];
    }

    @Override
    public List<Signature.Port> inputs() {
        return Rewriting.INPUTS;
    }

    @Override
    public Map<String, Integer> extents() {
        return rewriting.extents();
    }

    @Override
    public void write(int[] text, int[] said, int length, Draws draws, Batches.Fields out) {
        if (length == 0) {
            return;
        }
        int[] targets = out.ints("targets");
        System.arraycopy(said, 0, targets, 0, length);
        targets[length] = end;
        rewriting.finish(hide(shuffled(text, length, draws), length, draws, out.ints("source")), length + 1, out);
    }

    /** How many tokens are left to read. */
    private int hide(int[] text, int length, Draws draws, int[] source) {
        int noise = Math.clamp(draws.rounded(settings.share() * length), 1, length);
        int kept = length - noise;
        int most = Math.min(noise, kept + 1);
        int spans = 0;
        for (int left = noise; left > 0; spans++) {
            lengths[spans] = spans + 1 == most ? left : Math.min(left, draws.poisson(settings.span()));
            left -= lengths[spans];
        }
        for (int i = 0; i <= kept; i++) {
            places[i] = i;
        }
        draws.choose(places, spans, kept + 1);
        Arrays.sort(places, 0, spans);
        int read = 0;
        int at = 0;
        int stayed = 0;
        for (int span = 0; span < spans; span++) {
            for (; stayed < places[span]; stayed++) {
                source[read++] = text[at++];
            }
            source[read++] = mask;
            at += lengths[span];
        }
        while (at < length) {
            source[read++] = text[at++];
        }
        return read;
    }

    /** The text with its sentences in another order. */
    private int[] shuffled(int[] text, int length, Draws draws) {
        if (sentence == NONE) {
            return text;
        }
        int sentences = 0;
        for (int i = 0; i < length; i++) {
            if (i == 0 || text[i - 1] == sentence) {
                order[sentences] = sentences;
                begins[sentences++] = i;
            }
        }
        begins[sentences] = length;
        draws.choose(order, sentences, sentences);
        int at = 0;
        for (int i = 0; i < sentences; i++) {
            int count = begins[order[i] + 1] - begins[order[i]];
            System.arraycopy(text, begins[order[i]], moved, at, count);
            at += count;
        }
        return moved;
    }
}
