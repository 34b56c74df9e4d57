package org.kolotoc.phase.pretrain.objective;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/** Takes spans out of a text: any that don't touch are equally likely. */
final class SpanCorruption implements Corruption {
    private final SpanSettings settings;
    private final int[] sentinels;
    private final int most;
    private final int end;
    private final Rewriting rewriting;
    private final int[] lengths;
    private final int[] places;

    /** @param most spans */
    SpanCorruption(SpanSettings settings, int[] sentinels, int most, int end, Rewriting rewriting, int time) {
        this.settings = settings;
        this.sentinels = sentinels;
        this.most = most;
        this.end = end;
        this.rewriting = rewriting;
        this.lengths = new int[time];
        this.places = new int[time + 1];
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
        if (length < 2) {
            return;
        }
        int noise = Math.clamp(draws.rounded(settings.share() * length), 1, length - 1);
        int kept = length - noise;
        int spans = Math.clamp(draws.rounded(noise / settings.span()), 1, Math.min(most, Math.min(noise, kept + 1)));
        // Ends of the spans among the tokens taken out, and how many of those that stay come before each.
        drawn(lengths, 1, noise - 1, spans - 1, draws);
        lengths[spans - 1] = noise;
        drawn(places, 0, kept + 1, spans, draws);
        int[] source = out.ints("source");
        int[] targets = out.ints("targets");
        int read = 0;
        int written = 0;
        int at = 0;
        int stayed = 0;
        int gone = 0;
        for (int span = 0; span < spans; span++) {
            while (stayed < places[span]) {
                source[read++] = text[at++];
                stayed++;
            }
            source[read++] = sentinels[span];
            targets[written++] = sentinels[span];
            while (gone < lengths[span]) {
                targets[written++] = said[at++];
                gone++;
            }
        }
        while (at < length) {
            source[read++] = text[at++];
        }
        targets[written++] = end;
        rewriting.finish(read, written, out);
    }

    /** So many different ones of {@code first} to {@code first + all - 1}, in ascending order. */
    private static void drawn(int[] into, int first, int all, int count, Draws draws) {
        for (int i = 0; i < all; i++) {
            into[i] = first + i;
        }
        draws.choose(into, count, all);
        Arrays.sort(into, 0, count);
    }
}
