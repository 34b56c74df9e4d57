package org.kolotoc.data.mixture;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Signature;
import org.kolotoc.data.mixture.MixtureSettings.Packing;
import org.kolotoc.data.mixture.MixtureSettings.Source;
import org.kolotoc.tck.DataSourceConformance;
import org.kolotoc.tck.Refused;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

class MixtureSourceTest extends DataSourceConformance<MixtureSettings> {
    private static final int TIME = 8;

    /** Of table 1 of the LLaMA paper: what is read of each source, in percent, and how often when 1.4 T tokens were read. */
    private static final double[] SHARES = {67, 15, 4.5, 4.5, 4.5, 2.5, 2};

    private static final double[] EPOCHS = {1.10, 1.06, 0.64, 2.45, 2.23, 1.06, 1.03};

    /** Tokens that are read in all. */
    private static final int ALL = 800_000;

    /**
     * Documents of so many tokens in all, each a word of its own: a letter that says the source, its number, and letters up to a
     * length that is long for some sources and short for others.
     */
    private static Documents documents(int source, int tokens) {
        return (_, out) -> {
            CounterRandom random = new CounterRandom(source, "lengths");
            int longest = source % 2 == 0 ? 300 : 24;
            int left = tokens;
            for (int i = 0; left > 0; i++) {
                StringBuilder text = new StringBuilder().append((char) ('a' + source));
                for (int number = i; number > 0; number /= 10) {
                    text.append(number % 10);
                }
                text.append("x".repeat(random.integer(i, longest)));
                // The end is a token too; nothing shorter than a number is left.
                int length = left - text.length() - 1 < 12 ? left - 1 : Math.min(left - 1, text.length());
                text.setLength(Math.min(length, text.length()));
                text.append("x".repeat(Math.max(0, length - text.length())));
                out.accept(text.toString());
                left -= length + 1;
            }
        };
    }

    private static Map<String, Source> sources(double[] shares, int[] tokens) {
        Map<String, Source> sources = new LinkedHashMap<>();
        for (int i = 0; i < shares.length; i++) {
            sources.put(String.valueOf((char) ('a' + i)), new Source(shares[i], documents(i, tokens[i])));
        }
        return sources;
    }

    private static MixtureSettings settings(Map<String, Source> sources, double heldOut, Packing packing) {
        return new MixtureSettings(sources, heldOut, List.of(), "\n", packing);
    }

    private static int[] unique() {
        return IntStream.range(0, SHARES.length)
                .map(i -> (int) Math.round(ALL * SHARES[i] / 100 / EPOCHS[i]))
                .toArray();
    }

    private static MixtureSettings llama() {
        return settings(sources(SHARES, unique()), 0, Packing.JOINED);
    }

    @Override
    protected DataSource<MixtureSettings> source() {
        return new MixtureSource();
    }

    @Override
    protected MixtureSettings settings() {
        return settings(sources(new double[] {3, 1}, new int[] {3000, 2000}), 0.2, Packing.APART);
    }

    @Override
    protected Stream<Refused<MixtureSettings>> refused() {
        return Stream.of(
                new Refused<>(settings(Map.of(), 0, Packing.JOINED), "sources"),
                new Refused<>(settings(sources(new double[] {1, -1}, new int[] {99, 99}), 0, Packing.APART), "sources"),
                new Refused<>(settings(sources(new double[] {0, 0}, new int[] {99, 99}), 0, Packing.APART), "sources"),
                new Refused<>(
                        new MixtureSettings(
                                sources(new double[] {1}, new int[] {99}), 0.1, List.of("b"), "\n", Packing.APART),
                        "measured"),
                new Refused<>(
                        new MixtureSettings(
                                sources(new double[] {1}, new int[] {99}), 0.1, List.of(), "xx", Packing.APART),
                        "end"),
                new Refused<>(
                        settings(Map.of("none", new Source(1, (_, _) -> {})), 0.1, Packing.APART),
                        "sources.none.documents"));
    }

    private static Map<String, Buffer> buffers(Dataset data, int batch) {
        ReferenceBackend memory = new ReferenceBackend();
        Map<String, Buffer> feeds = new HashMap<>();
        for (Signature.Port field : data.fields()) {
            feeds.put(field.name(), memory.allocate(field.dtype(), Shape.of(batch, TIME)));
        }
        return feeds;
    }

    private static int[] ints(Map<String, Buffer> feeds, String name) {
        int[] ints = new int[feeds.get(name).shape().size()];
        feeds.get(name).read(ints);
        return ints;
    }

    /** Pearson's sum over sources of squared differences from what is expected. */
    private static double chiSquare(long[] counts, double[] shares) {
        double all = Arrays.stream(counts).sum();
        double sum = Arrays.stream(shares).sum();
        double chi = 0;
        for (int i = 0; i < counts.length; i++) {
            double expected = all * shares[i] / sum;
            chi += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        return chi;
    }

    /** 16.81 is the 1 % point of 6 degrees of freedom, 38.3 that of 1e-6. */
    @Test
    void shareOfTheTokensAreThoseOfTheTable() {
        Dataset data = source().open(llama(), context());
        Batches batches = data.batches("train", Map.of("batch", 1, "time", TIME), 1);
        long[] rows = new long[SHARES.length];
        Map<String, Double> before = batches.epochs(0);
        for (int draw = 0; draw < 100_000; draw++) {
            Map<String, Double> after = batches.epochs(draw + 1);
            int source = 0;
            for (String name : after.keySet()) {
                rows[source++] += after.get(name) > before.get(name) ? 1 : 0;
            }
            before = after;
        }
        assertEquals(100_000, Arrays.stream(rows).sum());
        assertTrue(chiSquare(rows, SHARES) < 16.81, () -> Arrays.toString(rows));
        double[] sizes = Arrays.stream(unique()).asDoubleStream().toArray();
        assertTrue(chiSquare(rows, sizes) > 38.3, "by size it would be another mixture");
    }

    /** The same by the tokens themselves: what begins with the letter of a source is counted up to its end. */
    @Test
    void epochsAreThoseOfTheTable() {
        Dataset data = source().open(llama(), context());
        Batches batches = data.batches("train", Map.of("batch", 100, "time", TIME), 1);
        Map<String, Double> epochs = batches.epochs(ALL / TIME / 100);
        for (int i = 0; i < EPOCHS.length; i++) {
            assertEquals(EPOCHS[i], epochs.get(String.valueOf((char) ('a' + i))), 0.02, "source " + i);
        }
        Dataset bySize = source().open(
                        settings(sources(new double[] {-1, -1, -1, -1, -1, -1, -1}, unique()), 0, Packing.JOINED),
                        context());
        Map<String, Double> even =
                bySize.batches("train", Map.of("batch", 100, "time", TIME), 1).epochs(ALL / TIME / 100);
        even.values().forEach(each -> assertEquals(even.get("a"), each, 0.02, "by size all are read equally often"));
    }

    /** In each epoch of a source each of its documents comes once, in another order than before. */
    @Test
    void noDocumentIsRepeatedBeforeItsSourceIsRead() {
        int tokens = 4000;
        Dataset data = source().open(
                        settings(sources(new double[] {1, 3}, new int[] {tokens, tokens}), 0, Packing.JOINED),
                        context());
        Batches batches = data.batches("train", Map.of("batch", 1, "time", TIME), 1);
        Map<String, Buffer> feeds = buffers(data, 1);
        Map<Integer, StringBuilder> read = new HashMap<>();
        Map<String, Double> before = batches.epochs(0);
        for (long i = 0; i < 3000; i++) {
            Map<String, Double> after = batches.epochs(i + 1);
            int source = after.get("a") > before.get("a") ? 0 : 1;
            before = after;
            batches.fill(i, feeds);
            for (int token : ints(feeds, "tokens")) {
                read.computeIfAbsent(source, _ -> new StringBuilder()).append((char) token);
            }
        }
        for (int source = 0; source < 2; source++) {
            StringBuilder text = read.get(source);
            assertTrue(text.length() > tokens, "more than an epoch");
            Set<String> orders = new HashSet<>();
            int end = text.charAt(0);
            for (int epoch = 0; (epoch + 1) * tokens <= text.length(); epoch++) {
                String whole = text.substring(epoch * tokens, (epoch + 1) * tokens);
                assertTrue(orders.add(whole), "another order");
                String separator = whole.substring(tokens - 1);
                List<String> documents = List.of(whole.split(Pattern.quote(separator)));
                assertEquals(documents.size(), new HashSet<>(documents).size(), "epoch " + epoch + " repeats one");
            }
            assertTrue(end >= 0);
        }
    }

    /** Where a document begins positions do, and what another begins with does not count. */
    @Test
    void packedApartPositionsBeginAnew() {
        Dataset data = source().open(settings(), context());
        int end = 0;
        Map<String, Buffer> feeds = buffers(data, 50);
        data.batches("train", Map.of("batch", 50, "time", TIME), 1).fill(0, feeds);
        int[] tokens = ints(feeds, "tokens");
        int[] positions = ints(feeds, "positions");
        float[] weights = new float[tokens.length];
        feeds.get("weights").read(weights);
        int began = 0;
        for (int i = 0; i < tokens.length; i++) {
            boolean begins = i % TIME == 0 || tokens[i - 1] == end;
            assertEquals(begins ? 0 : positions[i - 1] + 1, positions[i], "token " + i);
            assertEquals(tokens[i] == end ? 0 : 1, weights[i]);
            began += begins && i % TIME != 0 ? 1 : 0;
        }
        assertTrue(began > 4, began + " documents begin within a row");
    }

    @Test
    void everyHeldOutTokenButTheFirstOfASourceIsATargetOnce() {
        Dataset data = source().open(
                        settings(sources(new double[] {1, 1}, new int[] {3000, 2000}), 0.2, Packing.JOINED), context());
        Dataset one = source().open(
                        new MixtureSettings(
                                sources(new double[] {1, 1}, new int[] {3000, 2000}),
                                0.2,
                                List.of("b"),
                                "\n",
                                Packing.JOINED),
                        context());
        double all = counted(data);
        double second = counted(one);
        assertTrue(second > 100 && all > second + 100, all + " and " + second);
        Dataset train = source().open(
                        settings(sources(new double[] {-1, -1}, new int[] {3000, 2000}), 0, Packing.JOINED), context());
        assertFalse(train.splits().contains("validation"));
        assertArrayEquals(new String[] {"train", "validation"}, data.splits().toArray());
    }

    private static double counted(Dataset data) {
        Batches batches = data.batches("validation", Map.of("batch", 1, "time", TIME), 1);
        Map<String, Buffer> feeds = buffers(data, 1);
        double sum = 0;
        float[] weights = new float[TIME];
        for (long i = 0; i < batches.count(); i++) {
            batches.fill(i, feeds);
            feeds.get("weights").read(weights);
            for (float weight : weights) {
                sum += weight;
            }
        }
        return sum;
    }
}
