package org.kolotoc.data.mixture;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.ShuffledTargets;
import org.kolotoc.data.mixture.MixtureSettings.Packing;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/**
 * Rows of documents. A row is of one source, and goes on where the last row of that source ended; rows have equally many tokens,
 * so shares of rows are shares of tokens, however long the documents of a source are.
 */
final class Mixture implements Dataset {
    private static final String TRAIN = "train";
    private static final String VALIDATION = "validation";

    private final List<Kind> kinds;
    private final List<List<int[]>> heldOut;
    private final int vocab;
    private final Packing packing;

    /**
     * Documents of a source, as tokens.
     *
     * @param share of the tokens that are trained on; all together 1
     */
    record Kind(String name, double share, List<int[]> documents) {}

    /** @param heldOut documents by source, those that are measured; none for no such part */
    Mixture(List<Kind> kinds, List<List<int[]>> heldOut, int vocab, Packing packing) {
        this.kinds = List.copyOf(kinds);
        this.heldOut = heldOut.stream().filter(each -> !each.isEmpty()).toList();
        this.vocab = vocab;
        this.packing = packing;
    }

    @Override
    public Dimensions dimensions() {
        return Dimensions.of("vocab", vocab);
    }

    @Override
    public List<String> splits() {
        return heldOut.isEmpty() ? List.of(TRAIN) : List.of(TRAIN, VALIDATION);
    }

    @Override
    public List<Signature.Port> fields() {
        return Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time]; f32 weights[batch,time]"
                        + (packing == Packing.APART ? "; i32 positions[batch,time]" : ""))
                .outputs();
    }

    @Override
    public Map<String, Dataset> controls() {
        return Map.of("shuffled", new ShuffledTargets(this));
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        if (!splits().contains(split)) {
            throw InputError.of("the data has no part '" + split + "', only " + splits(), "");
        }
        return split.equals(TRAIN) ? training(axes, seed) : measured(axes);
    }

    private Batches training(Map<String, Integer> axes, long seed) {
        int time = axes.get("time");
        Turns turns = new Turns(kinds.stream().mapToDouble(Kind::share).toArray(), new CounterRandom(seed, "mixture"));
        List<Stream> streams = kinds.stream()
                .map(kind -> new Stream(kind.documents(), new CounterRandom(seed, "mixture/" + kind.name())))
                .toList();
        Window window = new Window(time);
        long all = streams.stream().mapToLong(Stream::tokens).sum();
        Batches rows = Batches.endless(fields(), axes, Math.max(1, all / time), (number, out) -> {
            Stream stream = streams.get(turns.source(number));
            window.read(stream, turns.rank(number) * time, time);
            window.write(time, out);
        });
        return new Batches() {
            @Override
            public long count() {
                return rows.count();
            }

            @Override
            public void fill(long index, Map<String, Buffer> feeds) {
                rows.fill(index, feeds);
            }

            @Override
            public Map<String, Double> epochs(long index) {
                long[] taken = turns.taken(index * axes.get("batch"));
                Map<String, Double> epochs = new LinkedHashMap<>();
                for (int i = 0; i < taken.length; i++) {
                    epochs.put(
                            kinds.get(i).name(),
                            (double) taken[i] * time / streams.get(i).tokens());
                }
                return epochs;
            }
        };
    }

    /** Every token of a source but the first is a target once. */
    private Batches measured(Map<String, Integer> axes) {
        int time = axes.get("time");
        Map<Integer, Stream> streams = new HashMap<>();
        long[] ends = new long[heldOut.size()];
        for (int i = 0; i < ends.length; i++) {
            Stream stream = new Stream(heldOut.get(i), null);
            streams.put(i, stream);
            ends[i] = (i == 0 ? 0 : ends[i - 1]) + Math.ceilDiv(stream.tokens() - 1, time);
        }
        Window window = new Window(time);
        return Batches.passes(fields(), axes, ends[ends.length - 1], (number, out) -> {
            int source = 0;
            while (number >= ends[source]) {
                source++;
            }
            Stream stream = streams.get(source);
            long from = (number - (source == 0 ? 0 : ends[source - 1])) * time;
            int real = (int) Math.min(time, stream.tokens() - 1 - from);
            window.read(stream, from, real);
            window.write(real, out);
        });
    }

    /** A stretch of a stream as a row. */
    private final class Window {
        private final int[] tokens;
        private final int[] places;

        Window(int time) {
            this.tokens = new int[time + 1];
            this.places = new int[time + 1];
        }

        void read(Stream stream, long from, int count) {
            stream.read(from, count + 1, tokens, places);
        }

        /** What another document begins with can't be known from the one before: apart, it does not count. */
        void write(int count, Batches.Fields out) {
            boolean apart = packing == Packing.APART;
            System.arraycopy(tokens, 0, out.ints("tokens"), 0, count);
            System.arraycopy(tokens, 1, out.ints("targets"), 0, count);
            float[] weights = out.floats("weights");
            for (int i = 0; i < count; i++) {
                weights[i] = apart && places[i + 1] == 0 ? 0 : 1;
            }
            if (apart) {
                System.arraycopy(places, 0, out.ints("positions"), 0, count);
            }
        }
    }

    @Override
    public Held held() {
        long tokens = kinds.stream()
                .flatMap(kind -> kind.documents().stream())
                .mapToLong(document -> document.length)
                .sum();
        return new Held(4 * tokens, 0);
    }
}
