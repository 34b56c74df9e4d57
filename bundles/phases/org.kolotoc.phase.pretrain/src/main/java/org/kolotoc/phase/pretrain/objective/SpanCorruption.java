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

    /**
     * Corruption with these tokens.
     *
     * @param sentinels one for each span, and one more
     * @param most spans
     */
    SpanCorruption(SpanSettings settings, int[] sentinels, int most, int end, Rewriting rewriting) {
        this.settings = settings;
        this.sentinels = sentinels;
        this.most = most;
        this.end = end;
        this.rewriting = rewriting;
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
        if (length >= 2) {
            take(text, said, drawn(length, draws), out);
        }
    }

    /** Which tokens of a text are taken out. */
    private boolean[] drawn(int length, Draws draws) {
        int noise = Math.clamp(draws.rounded(settings.share() * length), 1, length - 1);
        int kept = length - noise;
        int spans = Math.clamp(draws.rounded(noise / settings.span()), 1, Math.min(most, Math.min(noise, kept + 1)));
        // Before which of the tokens taken out, but the first, a span begins, and before how many that stay each has
        // its place.
        int[] cuts = draws.choose(spans - 1, noise - 1);
        int[] places = draws.choose(spans, kept + 1);
        Arrays.sort(cuts);
        Arrays.sort(places);
        boolean[] taken = new boolean[length];
        int gone = 0;
        for (int span = 0; span < spans; span++) {
            int all = span + 1 < spans ? cuts[span] + 1 : noise;
            Arrays.fill(taken, places[span] + gone, places[span] + all, true);
            gone = all;
        }
        return taken;
    }

    /** Writes the row of a text of which these are taken out. */
    void take(int[] text, int[] said, boolean[] taken, Batches.Fields out) {
        int[] source = out.ints("source");
        int[] targets = out.ints("targets");
        int read = 0;
        int written = 0;
        int spans = 0;
        for (int at = 0; at < taken.length; at++) {
            if (!taken[at]) {
                source[read++] = text[at];
                continue;
            }
            if (at == 0 || !taken[at - 1]) {
                source[read++] = sentinels[spans];
                targets[written++] = sentinels[spans++];
            }
            targets[written++] = said[at];
        }
        source[read++] = end;
        targets[written++] = sentinels[spans];
        targets[written++] = end;
        rewriting.finish(read, written, out);
    }
}
