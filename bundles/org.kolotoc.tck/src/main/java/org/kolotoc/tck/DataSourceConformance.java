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

    /** The fields of a batch with their type and shape. */
    protected Map<String, Buffer> feeds() {
        Shape shape = Shape.of(3, 8);
        return Map.of("tokens", new Sink(DType.I32, shape), "targets", new Sink(DType.I32, shape));
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
    void tokensAreInTheVocabularyAndTargetsFollow() {
        if (!(data() instanceof TextDataset text)) {
            return;
        }
        int vocab = text.dimensions().get("vocab");
        assertEquals(text.tokenizer().vocab(), vocab);
        for (String split : text.splits()) {
            Map<String, Buffer> feeds = feeds();
            text.batches(split, axes(), 10).fill(1, feeds);
            int[] tokens = ((Sink) feeds.get("tokens")).ints;
            int[] targets = ((Sink) feeds.get("targets")).ints;
            int time = axes().get("time");
            for (int i = 0; i < tokens.length; i++) {
                assertTrue(tokens[i] >= 0 && tokens[i] < vocab, split);
                if (i % time != time - 1) {
                    assertEquals(tokens[i + 1], targets[i], split);
                }
            }
            int[] first = Arrays.copyOf(tokens, time);
            assertTrue(text.text(split).contains(text.tokenizer().decode(first)), split);
        }
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
