package org.kolotoc.engine.verdict;

import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Dimensions;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;

/** Data whose targets belong to other inputs: nothing can be right about it but the frequencies. */
record ShuffledTargets(Dataset original) implements Dataset {
    @Override
    public Dimensions dimensions() {
        return original.dimensions();
    }

    @Override
    public List<String> splits() {
        return original.splits();
    }

    @Override
    public Batches batches(String split, Map<String, Integer> axes, long seed) {
        Batches batches = original.batches(split, axes, seed);
        CounterRandom random = new CounterRandom(seed, "control/targets");
        return new Batches() {
            @Override
            public long count() {
                return batches.count();
            }

            @Override
            public void fill(long index, Map<String, Buffer> feeds) {
                batches.fill(index, feeds);
                Buffer targets = feeds.get("targets");
                if (targets != null) {
                    shuffle(targets, index);
                }
            }

            private void shuffle(Buffer buffer, long index) {
                int[] targets = new int[buffer.shape().size()];
                buffer.read(targets);
                for (int i = targets.length - 1; i > 0; i--) {
                    int other = random.integer(index * targets.length + i, i + 1);
                    int target = targets[i];
                    targets[i] = targets[other];
                    targets[other] = target;
                }
                buffer.write(targets);
            }
        };
    }
}
