package org.kolotoc.data;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.kolotoc.api.Batches;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/**
 * Windows of a row of tokens, each with its targets one token further on. Training windows begin anywhere, chosen by
 * (seed, index). Those of other parts follow one after the other without overlap, so that every token but the first is a
 * target once; the last window may be short, the last batch may have rows without one: what only pads has the weight 0 and
 * holds token 0. Filling allocates nothing.
 */
final class TokenWindows implements Batches {
    private static final String TOKENS = "tokens";
    private static final String TARGETS = "targets";
    private static final String WEIGHTS = "weights";

    private final Tokens text;
    private final int batch;
    private final int time;
    private final long windows;
    private final CounterRandom random;
    private final int[] window;
    private final int[] tokens;
    private final int[] targets;
    private final float[] weights;

    private TokenWindows(Tokens text, int batch, int time, CounterRandom random) {
        int size = size(batch, time);
        this.text = text;
        this.batch = batch;
        this.time = time;
        this.windows = random == null ? Math.ceilDiv(text.count() - 1, time) : (text.count() - 1) / time;
        this.random = random;
        this.window = new int[time + 1];
        this.tokens = new int[size];
        this.targets = new int[size];
        this.weights = new float[size];
    }

    /** @throws InputError when the part is too short */
    static TokenWindows of(String split, Tokens text, Map<String, Integer> axes, long seed) {
        int batch = extent(axes, "batch");
        int time = extent(axes, "time");
        if (!split.equals(TextData.TRAIN)) {
            if (text.count() < 2) {
                throw InputError.of(
                        "the " + split + " part is too short to measure anything on: it has " + text.count()
                                + " tokens, expected 2 or more",
                        "choose a longer text, or a smaller \"train\"");
            }
            return new TokenWindows(text, batch, time, null);
        }
        if (text.count() <= time) {
            throw InputError.of(
                    "the " + split + " part has " + text.count() + " tokens, but a window of context " + time
                            + " and its targets need " + (time + 1L),
                    "choose a longer text, or a context of at most " + Math.max(1, text.count() - 1));
        }
        return new TokenWindows(text, batch, time, new CounterRandom(seed, "data/" + split));
    }

    private static int extent(Map<String, Integer> axes, String name) {
        Integer extent = axes.get(name);
        if (extent == null || extent < 1) {
            throw new IllegalArgumentException(
                    "batches of text need the extents 'batch' and 'time', both at least 1; got " + axes);
        }
        return extent;
    }

    private static int size(int batch, int time) {
        long size = (long) batch * time;
        if (size > Integer.MAX_VALUE - 8 || time == Integer.MAX_VALUE) {
            throw InputError.of(
                    "a batch of " + batch + " rows of " + time + " tokens has more than 2^31-1 of them",
                    "choose a smaller batch or context");
        }
        return (int) size;
    }

    @Override
    public long count() {
        return Math.ceilDiv(windows, batch);
    }

    @Override
    public void fill(long index, Map<String, Buffer> feeds) {
        Buffer tokenFeed = feeds.get(TOKENS);
        Buffer targetFeed = feeds.get(TARGETS);
        Buffer weightFeed = feeds.get(WEIGHTS);
        int known = (tokenFeed == null ? 0 : 1) + (targetFeed == null ? 0 : 1) + (weightFeed == null ? 0 : 1);
        if (feeds.size() != known) {
            throw new IllegalArgumentException("text has the fields " + List.of(TOKENS, TARGETS, WEIGHTS)
                    + ", asked for " + new TreeSet<>(feeds.keySet()));
        }
        long first = random == null ? index % count() * batch : index * batch;
        for (int row = 0; row < batch; row++) {
            fill(first + row, row * time);
        }
        if (tokenFeed != null) {
            tokenFeed.write(tokens);
        }
        if (targetFeed != null) {
            targetFeed.write(targets);
        }
        if (weightFeed != null) {
            weightFeed.write(weights);
        }
    }

    /** Writes a window where its row begins in the batch. */
    private void fill(long number, int at) {
        long start = random == null ? number * time : random.integer(number, text.count() - time);
        int real = Math.clamp(text.count() - 1 - start, 0, time);
        if (real > 0) {
            text.read(start, window, 0, real + 1);
        }
        System.arraycopy(window, 0, tokens, at, real);
        System.arraycopy(window, 1, targets, at, real);
        Arrays.fill(weights, at, at + real, 1);
        Arrays.fill(tokens, at + real, at + time, 0);
        Arrays.fill(targets, at + real, at + time, 0);
        Arrays.fill(weights, at + real, at + time, 0);
    }
}
