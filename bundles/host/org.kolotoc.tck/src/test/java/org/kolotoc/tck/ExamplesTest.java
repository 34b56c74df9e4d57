package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.DataContext;
import org.kolotoc.api.DataSource;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Examples;
import org.kolotoc.api.Settings;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;

/** Examples in memory are data as any other. */
final class ExamplesTest extends DataSourceConformance<Settings.None> {
    private static final int TRAIN = 211;
    private static final int HELD_OUT = 50;

    /** Of example {@code i} the two numbers are {@code 10 i} and {@code 10 i + 1}, and the label is {@code i}. */
    private static Examples.Part part(int first, int count) {
        float[] numbers = new float[2 * count];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = 10 * (first + i / 2) + i % 2;
        }
        return new Examples.Part(count)
                .with("f32 numbers[batch,two]", numbers)
                .with("i32 label[batch]", IntStream.range(first, first + count).toArray());
    }

    private static Examples examples() {
        return new Examples(
                Dimensions.of("two", 2), Map.of("train", part(0, TRAIN), "validation", part(TRAIN, HELD_OUT)));
    }

    @Override
    protected DataSource<Settings.None> source() {
        return new DataSource<>() {
            @Override
            public Class<Settings.None> settings() {
                return Settings.None.class;
            }

            @Override
            public Dataset open(Settings.None settings, DataContext context) {
                return examples();
            }
        };
    }

    @Override
    protected Settings.None settings() {
        return new Settings.None();
    }

    @Test
    void aPassOfTrainingHasEveryExampleOnceAndTheNextAnotherOrder() {
        Batches batches = examples().batches("train", Map.of("batch", TRAIN), 3);
        Sink labels = new Sink(DType.I32, Shape.of(TRAIN));
        Set<String> orders = new HashSet<>();
        for (int pass = 0; pass < 3; pass++) {
            batches.fill(pass, Map.of("label", labels));
            orders.add(Arrays.toString(labels.ints));
            Arrays.sort(labels.ints);
            assertArrayEquals(IntStream.range(0, TRAIN).toArray(), labels.ints);
        }
        assertEquals(3, orders.size(), "orders of three passes");
    }

    @Test
    void ofWhatIsHeldOutEveryExampleCountsOnce() {
        Batches batches = examples().batches("validation", Map.of("batch", 7), 3);
        Sink labels = new Sink(DType.I32, Shape.of(7));
        Sink weights = new Sink(DType.F32, Shape.of(7));
        int next = TRAIN;
        for (long i = 0; i < batches.count(); i++) {
            batches.fill(i, Map.of("label", labels, "weights", weights));
            for (int row = 0; row < 7; row++) {
                if (weights.floats[row] == 1) {
                    assertEquals(next++, labels.ints[row]);
                }
            }
        }
        assertEquals(TRAIN + HELD_OUT, next);
    }

    @Test
    void theFirstExamplesAreOnTheHeap() {
        Map<String, float[]> first = examples().first("validation", 3);
        assertArrayEquals(new float[] {2110, 2111, 2120, 2121, 2130, 2131}, first.get("numbers"));
        assertArrayEquals(new float[] {211, 212, 213}, first.get("label"));
        assertArrayEquals(new float[] {1, 1, 1}, first.get("weights"));
        assertEquals(HELD_OUT, examples().first("validation", 1000).get("label").length, "there are no more");
        float[] training = examples().first("train", TRAIN).get("label");
        assertEquals(TRAIN, new HashSet<>(Arrays.asList(boxed(training))).size(), "each once");
    }

    private static Float[] boxed(float[] floats) {
        Float[] boxed = new Float[floats.length];
        Arrays.setAll(boxed, i -> floats[i]);
        return boxed;
    }

    @Test
    void shuffledNoFieldBelongsToItsExample() {
        Map<String, float[]> found = examples().shuffled("label").first("validation", HELD_OUT);
        for (int i = 0; i < HELD_OUT; i++) {
            assertEquals(found.get("numbers")[2 * i] + 1, found.get("numbers")[2 * i + 1]);
            assertNotEquals(found.get("numbers")[2 * i], 10 * found.get("label")[i]);
        }
        assertEquals(HELD_OUT, new HashSet<>(Arrays.asList(boxed(found.get("label")))).size());
    }

    @Test
    void scatteredNoElementBelongsToItsNeighbour() {
        float[] numbers =
                examples().scattered("numbers").first("validation", HELD_OUT).get("numbers");
        int together = 0;
        for (int i = 0; i < numbers.length; i += 2) {
            assertEquals(0, numbers[i] % 10, "each element stays in its place");
            assertEquals(1, numbers[i + 1] % 10);
            together += numbers[i] + 1 == numbers[i + 1] ? 1 : 0;
        }
        assertTrue(together < HELD_OUT / 5, together + " of " + HELD_OUT + " examples are whole");
    }

    @Test
    void whatDoesNotFitIsRefused() {
        Examples.Part part = new Examples.Part(3);
        assertThrows(IllegalArgumentException.class, () -> part.with("f32 x[batch]", new float[4]));
        assertThrows(IllegalArgumentException.class, () -> part.with("i32 x[batch]", new float[3]));
        assertThrows(IllegalArgumentException.class, () -> new Examples.Part(0));
        Map<String, Examples.Part> unlike = Map.of("train", part(0, 3), "validation", new Examples.Part(3));
        assertThrows(IllegalArgumentException.class, () -> new Examples(Dimensions.none(), unlike));
        Map<String, Examples.Part> untrained = Map.of("validation", part(0, 3));
        assertThrows(IllegalArgumentException.class, () -> new Examples(Dimensions.none(), untrained));
        assertThrows(IllegalArgumentException.class, () -> examples().shuffled("unheardof"));
    }
}
