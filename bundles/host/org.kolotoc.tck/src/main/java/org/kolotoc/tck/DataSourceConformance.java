package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.InputError;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.Text;
import org.kolotoc.api.text.TextDataset;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/**
 * What every data source must do.
 *
 * @param <S> the settings record
 */
public abstract class DataSourceConformance<S extends Record> {
    private static final String TRAIN = "train";

    /** A folder for the files of a test, as the one that data is looked for in. */
    @TempDir
    protected Path folder;

    protected abstract DataSource<S> source();

    /** Settings of data of at least 200 tokens or examples; may put files into {@link #folder}. */
    protected abstract S settings();

    /** Extents of a batch. */
    protected Map<String, Integer> axes() {
        return Map.of("batch", 3, "time", 8);
    }

    /** A buffer for each field of a batch of {@link #axes}. */
    protected Map<String, Buffer> feeds() {
        return feeds(data(), axes());
    }

    private static Map<String, Buffer> feeds(Dataset data, Map<String, Integer> axes) {
        Map<String, Buffer> feeds = new TreeMap<>();
        for (Signature.Port field : data.fields()) {
            int[] extents = field.axes().stream()
                    .mapToInt(axis -> axes.getOrDefault(axis, data.dimensions().getOr(axis, 0)))
                    .toArray();
            feeds.put(field.name(), new Sink(field.dtype(), Shape.of(extents)));
        }
        return feeds;
    }

    private Map<String, Integer> axes(int batch) {
        Map<String, Integer> axes = new HashMap<>(axes());
        axes.put("batch", batch);
        return axes;
    }

    /** Settings that don't fit each other, or name what is not there. */
    protected Stream<Refused<S>> refused() {
        return Stream.empty();
    }

    protected DataContext context() {
        return new BenchDataContext(folder, 1, Toys::tokenizer);
    }

    private Dataset data() {
        return source().open(settings(), context());
    }

    @Test
    void settingsAreARecordOfTheSource() {
        assertTrue(source().settings().isInstance(settings()));
    }

    @TestFactory
    Stream<DynamicTest> settingsThatDoNotFitAreRefusedByField() {
        return refused()
                .map(bad -> DynamicTest.dynamicTest(
                        bad.toString(), () -> bad.check(() -> source().open(bad.settings(), context()))));
    }

    @Test
    void itHasATrainingPartAndStatesItsDimensions() {
        Dataset data = data();
        assertTrue(data.splits().contains(TRAIN), () -> "parts " + data.splits());
        assertNotNull(data.dimensions());
    }

    @Test
    void anyBatchCanBeHadAgain() {
        for (String split : data().splits()) {
            Batches batches = data().batches(split, axes(), 2);
            int[] late = filled(batches, 7);
            int[] early = filled(batches, 0);
            assertArrayEquals(early, filled(batches, 0), split);
            assertArrayEquals(late, filled(data().batches(split, axes(), 2), 7), split + ", opened again");
        }
    }

    @Test
    void theSeedDecidesTheOrderOfTrainingAlone() {
        for (String split : data().splits()) {
            int[] one = several(data().batches(split, axes(), 3));
            int[] two = several(data().batches(split, axes(), 4));
            assertEquals(!split.equals(TRAIN), Arrays.equals(one, two), split);
        }
    }

    @Test
    void anotherIndexIsAnotherBatch() {
        Batches batches = data().batches(TRAIN, axes(), 5);
        assertFalse(Arrays.equals(filled(batches, 0), filled(batches, 1)));
    }

    @Test
    void passesGoOn() {
        for (String split : data().splits()) {
            Batches batches = data().batches(split, axes(), 6);
            assertTrue(batches.count() >= 1, split);
            filled(batches, 3 * batches.count() + 1);
            filled(batches, 1L << 40);
        }
    }

    @Test
    void fillingAllocatesNothing() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        for (String split : data().splits()) {
            Batches batches = data().batches(split, axes(), 7);
            Map<String, Buffer> feeds = feeds();
            for (long i = 0; i < 200; i++) {
                batches.fill(i, feeds);
            }
            long before = threads.getCurrentThreadAllocatedBytes();
            for (long i = 0; i < 1000; i++) {
                batches.fill(i, feeds);
            }
            long bytes = threads.getCurrentThreadAllocatedBytes() - before;
            assertTrue(bytes < 8 * 1000, () -> "1000 batches of " + split + " allocated " + bytes + " bytes");
        }
    }

    @Test
    void aPartOfTheFieldsWillDo() {
        Batches batches = data().batches(TRAIN, axes(), 8);
        Map<String, Buffer> all = feeds();
        batches.fill(2, all);
        feeds().forEach((name, buffer) -> {
            batches.fill(2, Map.of(name, buffer));
            assertArrayEquals(content(all.get(name)), content(buffer), name);
        });
    }

    @Test
    void anUnknownFieldIsNamed() {
        Batches batches = data().batches(TRAIN, axes(), 9);
        Map<String, Buffer> feeds = new HashMap<>(feeds());
        feeds.put("unheardof", new Sink(DType.I32, Shape.of(1)));
        String message = assertThrows(IllegalArgumentException.class, () -> batches.fill(0, feeds))
                .getMessage();
        assertTrue(message.contains("unheardof"), message);
    }

    @Test
    void anUnknownPartIsRefused() {
        InputError error = assertThrows(InputError.class, () -> data().batches("unheardof", axes(), 1));
        assertTrue(error.getMessage().contains("unheardof"), error.getMessage());
    }

    @Test
    void fieldsBeginWithTheBatch() {
        assertFalse(data().fields().isEmpty());
        data().fields().forEach(field -> assertEquals("batch", field.axes().getFirst(), field::toString));
    }

    /** How many rows a batch has decides nothing but where the row of examples is cut. */
    @Test
    void aBatchIsTheSmallerOnesOneAfterTheOther() {
        Dataset data = data();
        for (String split : data.splits()) {
            for (int size : new int[] {1, 2, 3}) {
                for (int times : new int[] {2, 5, 300}) {
                    compare(data, split, size, times);
                }
            }
        }
    }

    private void compare(Dataset data, String split, int size, int times) {
        Batches small = data.batches(split, axes(size), 11);
        Batches large = data.batches(split, axes(size * times), 11);
        String where = split + ", " + times + " batches of " + size;
        boolean endless = split.equals(TRAIN);
        if (!endless) {
            assertEquals(Math.ceilDiv(small.count(), times), large.count(), where);
        }
        Map<String, Buffer> parts = feeds(data, axes(size));
        Map<String, Buffer> whole = feeds(data, axes(size * times));
        for (long index : endless ? new long[] {0, 3} : new long[] {0, large.count() - 1}) {
            large.fill(index, whole);
            Map<String, int[]> all = new HashMap<>();
            whole.forEach((field, buffer) -> all.put(field, content(buffer)));
            for (int part = 0; part < times && (endless || index * times + part < small.count()); part++) {
                small.fill(index * times + part, parts);
                for (String field : parts.keySet()) {
                    int[] expected = content(parts.get(field));
                    int from = part * expected.length;
                    int[] found = Arrays.copyOfRange(all.get(field), from, from + expected.length);
                    assertArrayEquals(expected, found, where + ", " + field);
                }
            }
        }
    }

    private Optional<TextDataset> text() {
        return Optional.of(data()).filter(TextDataset.class::isInstance).map(TextDataset.class::cast);
    }

    @Test
    void tokensAreInTheVocabularyAndTargetsFollow() {
        text().ifPresent(text -> {
            int vocab = text.dimensions().get("vocab");
            assertEquals(text.tokenizer().vocab(), vocab);
            Map<String, Buffer> feeds = feeds();
            text.batches(TRAIN, axes(), 10).fill(1, feeds);
            int[] tokens = ((Sink) feeds.get("tokens")).ints;
            int[] targets = ((Sink) feeds.get("targets")).ints;
            int time = axes().get("time");
            for (int i = 0; i < tokens.length; i++) {
                assertTrue(tokens[i] >= 0 && tokens[i] < vocab);
                if (i % time != time - 1) {
                    assertEquals(tokens[i + 1], targets[i]);
                }
            }
            int[] first = Arrays.copyOf(tokens, time);
            assertTrue(whole(text.text(TRAIN)).contains(text.tokenizer().decode(first)));
        });
    }

    @Test
    void nothingIsPaddedInTraining() {
        text().ifPresent(text -> {
            Map<String, Buffer> feeds = feeds();
            for (long index = 0; index < 20; index++) {
                text.batches(TRAIN, axes(), 10).fill(index, feeds);
                for (float weight : ((Sink) feeds.get("weights")).floats) {
                    assertEquals(1, weight);
                }
            }
        });
    }

    @Test
    void everyTokenHeldOutIsATargetOnceHoweverItIsCut() {
        text().ifPresent(text -> {
            for (String split : text.splits()) {
                int[] tokens = text.tokenizer().encode(whole(text.text(split)));
                for (int batch : new int[] {1, 3, 4, 50, 10_000}) {
                    for (int time : split.equals(TRAIN) ? new int[0] : new int[] {1, 8, tokens.length - 1, 30_000}) {
                        if ((long) batch * time < 1 << 22) {
                            assertCountedOnce(text, split, Map.of("batch", batch, "time", time), tokens);
                        }
                    }
                }
            }
        });
    }

    private static void assertCountedOnce(TextDataset text, String split, Map<String, Integer> axes, int[] tokens) {
        Batches batches = text.batches(split, axes, 1);
        Map<String, Buffer> feeds = feeds(text, axes);
        int counted = 0;
        for (long index = 0; index < batches.count(); index++) {
            batches.fill(index, feeds);
            float[] weights = ((Sink) feeds.get("weights")).floats;
            for (int i = 0; i < weights.length; i++) {
                assertTrue(
                        weights[i] == 0 || weights[i] == 1, () -> split + " " + axes + ": a weight is neither 0 nor 1");
                if (weights[i] == 1) {
                    assertTrue(counted < tokens.length - 1, () -> split + " " + axes + ": more targets than tokens");
                    assertEquals(tokens[counted], ((Sink) feeds.get("tokens")).ints[i], () -> split + " " + axes);
                    assertEquals(tokens[counted + 1], ((Sink) feeds.get("targets")).ints[i], () -> split + " " + axes);
                    counted++;
                } else {
                    int token = ((Sink) feeds.get("tokens")).ints[i];
                    int target = ((Sink) feeds.get("targets")).ints[i];
                    assertTrue(token == 0 && target == 0, () -> "padding holds token 0, not " + token + ", " + target);
                }
            }
        }
        assertEquals(tokens.length - 1, counted, () -> split + " " + axes);
    }

    @Test
    void aTextIsItsPartsAndItsExcerpts() {
        text().ifPresent(text -> {
            for (String split : text.splits()) {
                Text part = text.text(split);
                String whole = whole(part);
                StringBuilder parts = new StringBuilder();
                part.forEach(parts::append);
                assertEquals(whole, parts.toString(), split);
                for (int from = 0; from < whole.length(); from += 1 + whole.length() / 20) {
                    int length = Math.min(17, whole.length() - from);
                    assertEquals(Text.of(whole).excerpt(from, length), part.excerpt(from, length), split);
                }
                assertThrows(IndexOutOfBoundsException.class, () -> part.excerpt(whole.length() - 3, 4));
                assertThrows(IndexOutOfBoundsException.class, () -> part.excerpt(-1, 1));
            }
        });
    }

    private static String whole(Text text) {
        return text.excerpt(0, (int) text.length());
    }

    private int[] several(Batches batches) {
        return Stream.of(0, 1, 2)
                .flatMapToInt(index -> Arrays.stream(filled(batches, index)))
                .toArray();
    }

    private int[] filled(Batches batches, long index) {
        Map<String, Buffer> feeds = feeds();
        batches.fill(index, feeds);
        return new TreeMap<>(feeds)
                .values().stream()
                        .flatMapToInt(buffer -> Arrays.stream(content(buffer)))
                        .toArray();
    }

    private static int[] content(Buffer buffer) {
        return Trial.Result.of(buffer).bits();
    }
}
