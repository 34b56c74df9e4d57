package org.kolotoc.data;

import java.util.Map;
import java.util.Set;
import org.kolotoc.api.Batches;
import org.kolotoc.api.InputError;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/**
 * Windows of a row of tokens, each with its targets one token further on. Training windows begin anywhere, chosen by
 * (seed, index); those of other parts follow one after the other without overlap, and what does not fill a batch at the
 * end is left out. Filling allocates nothing.
 */
final class TokenWindows implements Batches {
    private static final String TOKENS = "tokens";
    private static final String TARGETS = "targets";

    private final int[] text;
    private final int batch;
    private final int time;
    private final long count;
    private final CounterRandom random;
    private final int[] tokens;
    private final int[] targets;

    private TokenWindows(int[] text, int batch, int time, long count, CounterRandom random) {
        this.text = text;
        this.batch = batch;
        this.time = time;
        this.count = count;
        this.random = random;
        this.tokens = new int[batch * time];
        this.targets = new int[batch * time];
    }

    static TokenWindows of(String split, int[] text, Map<String, Integer> axes, long seed) {
        int batch = extent(axes, "batch");
        int time = extent(axes, "time");
        boolean training = split.equals(TextData.TRAIN);
        long windows = Math.max(0, text.length - 1) / time;
        long needed = training ? 1 : batch;
        if (windows < needed) {
            throw InputError.of(
                    "the " + split + " part has " + text.length + " tokens, but " + needed
                            + (needed == 1 ? " window" : " windows") + " of context " + time
                            + " and their targets need "
                            + (needed * time + 1),
                    "choose a longer text, a context of at most " + Math.max(1, (text.length - 1) / needed)
                            + (training ? "" : ", or a smaller batch"));
        }
        CounterRandom random = training ? new CounterRandom(seed, "data/" + split) : null;
        return new TokenWindows(text, batch, time, Math.max(1, windows / batch), random);
    }

    private static int extent(Map<String, Integer> axes, String name) {
        Integer extent = axes.get(name);
        if (extent == null || extent < 1) {
            throw new IllegalArgumentException(
                    "batches of text need the extents 'batch' and 'time', both at least 1; got " + axes);
        }
        return extent;
    }

    @Override
    public long count() {
        return count;
    }

    @Override
    public void fill(long index, Map<String, Buffer> feeds) {
        Buffer tokenFeed = feeds.get(TOKENS);
        Buffer targetFeed = feeds.get(TARGETS);
        if (feeds.size() != (tokenFeed == null ? 0 : 1) + (targetFeed == null ? 0 : 1)) {
            throw new IllegalArgumentException(
                    "text has the fields " + Set.of(TOKENS, TARGETS) + ", asked for " + feeds.keySet());
        }
        for (int row = 0; row < batch; row++) {
            int start = start(index, row);
            System.arraycopy(text, start, tokens, row * time, time);
            System.arraycopy(text, start + 1, targets, row * time, time);
        }
        if (tokenFeed != null) {
            tokenFeed.write(tokens);
        }
        if (targetFeed != null) {
            targetFeed.write(targets);
        }
    }

    private int start(long index, int row) {
        return random == null
                ? (int) ((index % count * batch + row) * time)
                : random.integer(index * batch + row, text.length - time);
    }
}
