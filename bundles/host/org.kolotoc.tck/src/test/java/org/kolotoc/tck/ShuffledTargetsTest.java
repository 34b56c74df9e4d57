package org.kolotoc.tck;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Signature;
import org.kolotoc.api.text.ShuffledTargets;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/** Targets change places within their row, as far as they count. */
final class ShuffledTargetsTest {
    private static final int TIME = 7;
    private static final int ROWS = 11;

    /** Eleven rows; every target has a number of its own. The last two positions of the fourth row and the last row are padding. */
    private record Numbers(boolean weighted) implements Dataset {
        @Override
        public Dimensions dimensions() {
            return Dimensions.of("vocab", 1000);
        }

        @Override
        public List<String> splits() {
            return List.of("train", "validation");
        }

        @Override
        public List<Signature.Port> fields() {
            return Signature.parse("-> i32 tokens[batch,time]; i32 targets[batch,time]"
                            + (weighted ? "; f32 weights[batch,time]" : ""))
                    .outputs();
        }

        static float weight(int row, int position) {
            return row >= ROWS - 1 || row == 3 && position >= TIME - 2 ? 0 : 1;
        }

        @Override
        public Batches batches(String split, Map<String, Integer> axes, long seed) {
            int batch = axes.get("batch");
            return new Batches() {
                @Override
                public long count() {
                    return Math.ceilDiv(ROWS, batch);
                }

                @Override
                public void fill(long index, Map<String, Buffer> feeds) {
                    int first = (int) (index % count()) * batch;
                    int[] targets = new int[batch * TIME];
                    float[] weights = new float[batch * TIME];
                    Arrays.setAll(targets, i -> first * TIME + i);
                    for (int i = 0; i < weights.length; i++) {
                        weights[i] = weight(first + i / TIME, i % TIME);
                    }
                    feeds.forEach((name, buffer) -> {
                        switch (name) {
                            case "weights" -> buffer.write(weights);
                            case "tokens", "targets" -> buffer.write(targets);
                            default -> throw new IllegalArgumentException(name);
                        }
                    });
                }
            };
        }
    }

    private static Map<String, Buffer> feeds(int batch, String... fields) {
        Map<String, Buffer> feeds = new HashMap<>();
        for (String field : fields) {
            feeds.put(
                    field,
                    new ReferenceBackend()
                            .allocate(field.equals("weights") ? DType.F32 : DType.I32, Shape.of(batch, TIME)));
        }
        return feeds;
    }

    /** Targets of the first rows, in batches of so many. */
    private static int[] targets(Dataset data, int batch, String... fields) {
        Batches batches = new ShuffledTargets(data).batches("validation", Map.of("batch", batch, "time", TIME), 5);
        return Stream.iterate(0L, i -> i < batches.count(), i -> i + 1)
                .flatMapToInt(index -> {
                    Map<String, Buffer> feeds = feeds(batch, fields);
                    batches.fill(index, feeds);
                    int[] targets = new int[batch * TIME];
                    feeds.get("targets").read(targets);
                    return Arrays.stream(targets);
                })
                .limit(ROWS * TIME)
                .toArray();
    }

    @Test
    void whatCountsLeavesItsPlaceForAnotherOfItsRowAndPaddingStays() {
        int[] shuffled = targets(new Numbers(true), 4, "tokens", "targets", "weights");
        for (int row = 0; row < ROWS; row++) {
            for (int position = 0; position < TIME; position++) {
                int at = row * TIME + position;
                if (Numbers.weight(row, position) == 0) {
                    assertEquals(at, shuffled[at], "padding of row " + row);
                } else {
                    assertNotEquals(at, shuffled[at], "row " + row + ", position " + position);
                }
            }
            int from = row * TIME;
            assertEquals(
                    IntStream.range(from, from + TIME).boxed().collect(Collectors.toSet()),
                    IntStream.range(from, from + TIME)
                            .mapToObj(i -> shuffled[i])
                            .collect(Collectors.toSet()),
                    "row " + row);
        }
        assertNotEquals(
                List.of(way(shuffled, 0), way(shuffled, 0), way(shuffled, 0)),
                List.of(way(shuffled, 0), way(shuffled, 1), way(shuffled, 2)),
                "each row in a way of its own");
    }

    private static List<Integer> way(int[] shuffled, int row) {
        return IntStream.range(0, TIME)
                .mapToObj(position -> shuffled[row * TIME + position] - row * TIME)
                .toList();
    }

    @Test
    void aRowIsShuffledAlikeInWhateverBatchItComes() {
        int[] expected = targets(new Numbers(true), 1, "targets", "weights");
        for (int batch : new int[] {2, 3, 4, 11, 50}) {
            assertArrayEquals(expected, targets(new Numbers(true), batch, "targets", "weights"), "batches of " + batch);
        }
    }

    @Test
    void whatElseIsAskedForDoesNotMatter() {
        int[] expected = targets(new Numbers(true), 3, "tokens", "targets", "weights");
        assertArrayEquals(expected, targets(new Numbers(true), 3, "targets"));
        Batches batches =
                new ShuffledTargets(new Numbers(true)).batches("validation", Map.of("batch", 2, "time", TIME), 5);
        Map<String, Buffer> tokens = feeds(2, "tokens");
        batches.fill(1, tokens);
        int[] read = new int[2 * TIME];
        tokens.get("tokens").read(read);
        assertArrayEquals(IntStream.range(2 * TIME, 4 * TIME).toArray(), read, "tokens stay");
        assertThrows(IllegalArgumentException.class, () -> batches.fill(0, feeds(2, "targets", "unheardof")));
    }

    @Test
    void withoutWeightsAllCount() {
        int[] shuffled = targets(new Numbers(false), 4, "targets");
        for (int i = 0; i < ROWS * TIME; i++) {
            assertNotEquals(i, shuffled[i]);
        }
    }
}
