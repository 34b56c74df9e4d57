package org.kolotoc.api.text;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.api.Signature;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Data whose targets belong to other inputs of their row: nothing can be right about it but the frequencies. What only pads a
 * batch stays where it is, and a row is shuffled alike in whatever batch it comes.
 */
public record ShuffledTargets(Dataset original) implements Dataset {
    private static final String TARGETS = "targets";
    private static final String WEIGHTS = "weights";

    @Override
    public Dimensions dimensions() {
        return original.dimensions();
    }

    @Override
    public List<String> splits() {
        return original.splits();
    }

    @Override
    public List<Signature.Port> fields() {
        return original.fields();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        Batches batches = original.batches(split, axes, seed);
        CounterRandom random = new CounterRandom(seed, "control/targets");
        boolean weighted = fields().stream().anyMatch(field -> field.name().equals(WEIGHTS));
        return new Batches() {
            @Override
            public long count() {
                return batches.count();
            }

            @Override
            public Map<String, Double> epochs(long index) {
                return batches.epochs(index);
            }

            @Override
            public void fill(long index, Map<String, Buffer> feeds) {
                Buffer targets = feeds.get(TARGETS);
                if (targets == null) {
                    batches.fill(index, feeds);
                    return;
                }
                Map<String, Buffer> all = new HashMap<>(feeds);
                float[] weights = new float[targets.shape().size()];
                if (weighted) {
                    Buffer read = all.computeIfAbsent(
                            WEIGHTS, _ -> new ReferenceBackend().allocate(DType.F32, targets.shape()));
                    batches.fill(index, all);
                    read.read(weights);
                } else {
                    batches.fill(index, all);
                    Arrays.fill(weights, 1);
                }
                shuffle(targets, weights, index % count());
            }

            /** Of each row by a random cycle (Sattolo 1986), so that none of what counts stays where it was. */
            private void shuffle(Buffer buffer, float[] weights, long index) {
                int[] targets = new int[weights.length];
                buffer.read(targets);
                int rows = buffer.shape().extent(0);
                int time = targets.length / rows;
                int[] counted = new int[time];
                for (int row = 0; row < rows; row++) {
                    int count = 0;
                    for (int at = row * time; at < (row + 1) * time; at++) {
                        if (weights[at] != 0) {
                            counted[count++] = at;
                        }
                    }
                    long first = (index * rows + row) * time;
                    for (int i = count - 1; i > 0; i--) {
                        int one = counted[i];
                        int other = counted[random.integer(first + i, i)];
                        int target = targets[one];
                        targets[one] = targets[other];
                        targets[other] = target;
                    }
                }
                buffer.write(targets);
            }
        };
    }
}
