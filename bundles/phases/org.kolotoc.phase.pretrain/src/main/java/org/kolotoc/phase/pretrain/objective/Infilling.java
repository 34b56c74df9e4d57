package org.kolotoc.phase.pretrain.objective;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Signature;

/**
 * Puts sentences in another order, deletes tokens, then puts a mask in the place of each of some spans, which may have no
 * token.
 */
final class Infilling implements Corruption {
    /** In the place of the token that ends a sentence. */
    static final int NONE = -1;

    private final InfillSettings settings;
    private final int mask;
    private final int end;
    private final int sentence;
    private final Rewriting rewriting;

    /** So many tokens from one on that a mask stands for; without any it stands before that one. */
    record Span(int start, int length) {}

    Infilling(InfillSettings settings, int mask, int end, int sentence, Rewriting rewriting) {
        this.settings = settings;
        this.mask = mask;
        this.end = end;
        this.sentence = sentence;
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
        if (length == 0) {
            return;
        }
        int[] shown = Arrays.copyOf(text, length);
        if (sentence != NONE) {
            int[] begins = sentences(shown);
            shown = reordered(shown, begins, draws.choose(begins.length, begins.length));
        }
        if (settings.delete() > 0) {
            shown = without(shown, deleted(length, draws));
        }
        int[] source = masked(shown, drawn(shown.length, draws), mask);
        System.arraycopy(source, 0, out.ints("source"), 0, source.length);
        int[] targets = out.ints("targets");
        System.arraycopy(said, 0, targets, 0, length);
        targets[length] = end;
        rewriting.finish(source.length, length + 1, out);
    }

    /** Where sentences begin. */
    private int[] sentences(int[] text) {
        return IntStream.range(0, text.length)
                .filter(i -> i == 0 || text[i - 1] == sentence)
                .toArray();
    }

    private boolean[] deleted(int length, Draws draws) {
        boolean[] deleted = new boolean[length];
        for (int place : draws.choose(Math.min(draws.rounded(settings.delete() * length), length - 1), length)) {
            deleted[place] = true;
        }
        return deleted;
    }

    private List<Span> drawn(int length, Draws draws) {
        int noise = Math.clamp(draws.rounded(settings.share() * length), 1, length);
        int kept = length - noise;
        int most = Math.min(noise, kept + 1);
        List<Integer> lengths = new ArrayList<>();
        for (int left = noise; left > 0; left -= lengths.getLast()) {
            lengths.add(lengths.size() + 1 == most ? left : Math.min(left, draws.poisson(settings.span())));
        }
        int[] places = draws.choose(lengths.size(), kept + 1);
        Arrays.sort(places);
        List<Span> spans = new ArrayList<>();
        int gone = 0;
        for (int place : places) {
            spans.add(new Span(place + gone, lengths.get(spans.size())));
            gone += spans.getLast().length();
        }
        return spans;
    }

    /** A text with its parts in another order. */
    static int[] reordered(int[] text, int[] begins, int[] order) {
        int[] moved = new int[text.length];
        int at = 0;
        for (int part : order) {
            int until = part + 1 < begins.length ? begins[part + 1] : text.length;
            System.arraycopy(text, begins[part], moved, at, until - begins[part]);
            at += until - begins[part];
        }
        return moved;
    }

    /** A text without some of its tokens. */
    static int[] without(int[] text, boolean[] deleted) {
        return IntStream.range(0, text.length)
                .filter(i -> !deleted[i])
                .map(i -> text[i])
                .toArray();
    }

    /** A text with a mask in the place of each span. */
    static int[] masked(int[] text, List<Span> spans, int mask) {
        IntStream.Builder left = IntStream.builder();
        int at = 0;
        for (Span span : spans) {
            while (at < span.start()) {
                left.add(text[at++]);
            }
            left.add(mask);
            at += span.length();
        }
        while (at < text.length) {
            left.add(text[at++]);
        }
        return left.build().toArray();
    }
}
