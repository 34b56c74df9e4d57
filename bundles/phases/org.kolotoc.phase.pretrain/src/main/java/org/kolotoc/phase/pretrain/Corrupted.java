package org.kolotoc.phase.pretrain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.Dataset;
import org.kolotoc.api.Signature;
import org.kolotoc.phase.pretrain.objective.Corruption;
import org.kolotoc.phase.pretrain.objective.Draws;
import org.kolotoc.tensor.Buffer;
import org.kolotoc.tensor.CounterRandom;
import org.kolotoc.tensor.DType;
import org.kolotoc.tensor.Shape;
import org.kolotoc.tensor.reference.ReferenceBackend;

/**
 * Rows of data of which something is hidden: a function of (seed, number of the row), so in whatever batch a row comes, and
 * whether a run was stopped before it or not. In training, numbers go on from pass to pass.
 */
final class Corrupted implements Batches.Row {
    static final List<Signature.Port> ANSWERS = Signature.parse("-> i32 targets[batch,time]; f32 weights[batch,time]")
            .outputs();

    private final Corruption corruption;
    private final Batches rows;
    private final Draws draws;
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int[] text;
    private final int[] said;
    private final int[] following;
    private final float[] weights;

    private Corrupted(Corruption corruption, Dataset data, String split, int time, long seed) {
        this.corruption = corruption;
        this.rows = data.batches(split, Map.of("batch", 1, "time", time), seed);
        this.draws = new Draws(new CounterRandom(seed, "objective/" + split));
        this.text = new int[time];
        this.said = new int[time];
        this.following = new int[time];
        this.weights = new float[time];
        ReferenceBackend memory = new ReferenceBackend();
        feeds.put(Examples.TOKENS, memory.allocate(DType.I32, Shape.of(1, time)));
        feeds.put(Examples.TARGETS, memory.allocate(DType.I32, Shape.of(1, time)));
        if (data.fields().stream().anyMatch(field -> field.name().equals(Examples.WEIGHTS))) {
            feeds.put(Examples.WEIGHTS, memory.allocate(DType.F32, Shape.of(1, time)));
        }
    }

    static Batches of(Corruption corruption, Dataset data, String split, int batch, int time, long seed) {
        Corrupted row = new Corrupted(corruption, data, split, time, seed);
        List<Signature.Port> fields = new ArrayList<>(corruption.inputs());
        fields.addAll(ANSWERS);
        Map<String, Integer> axes = new HashMap<>(corruption.extents());
        axes.put("batch", batch);
        if (!split.equals("train")) {
            return Batches.passes(fields, axes, row.rows.count(), row);
        }
        Batches made = Batches.endless(fields, axes, row.rows.count(), row);
        return new Batches() {
            @Override
            public long count() {
                return made.count();
            }

            @Override
            public void fill(long index, Map<String, Buffer> feeds) {
                made.fill(index, feeds);
            }

            @Override
            public Map<String, Double> epochs(long index) {
                return row.rows.epochs(index * batch);
            }
        };
    }

    @Override
    public void write(long number, Batches.Fields out) {
        rows.fill(number, feeds);
        feeds.get(Examples.TOKENS).read(text);
        feeds.get(Examples.TARGETS).read(following);
        // A token is what follows the one before; data whose targets belong to other inputs says something else.
        said[0] = text[0];
        System.arraycopy(following, 0, said, 1, said.length - 1);
        draws.row(number);
        corruption.write(text, said, length(), draws, out);
    }

    /** Tokens up to the last that counts; what follows only pads. */
    private int length() {
        Buffer counted = feeds.get(Examples.WEIGHTS);
        if (counted == null) {
            return text.length;
        }
        counted.read(weights);
        int length = text.length;
        while (length > 0 && weights[length - 1] == 0) {
            length--;
        }
        return length;
    }
}
