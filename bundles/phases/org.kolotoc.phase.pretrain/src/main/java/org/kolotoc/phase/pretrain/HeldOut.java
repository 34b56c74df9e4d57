package org.kolotoc.phase.pretrain;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.phase.pretrain.objective.Objective;
import org.kolotoc.tensor.Buffer;

/**
 * The loss on held-out data, and where it is measured the share of likeliest tokens that are right: the mean over the targets,
 * each counted once. Rows are summed by the program, the sums of rows here, in the order of the data and in double precision,
 * so that the figure does not depend on how the data is cut into batches and parts.
 */
final class HeldOut implements AutoCloseable {
    private static final String ACCURACY = "accuracy/validation";

    private final Examples examples;
    private final Optional<Objective> objective;
    private final BoundProgram program;
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int batch;
    private final int parts;
    private final long rows;
    private final int[] from = new int[1];
    private final float[] losses;
    private final float[] counted;
    private final float[] right;

    /**
     * Over the first rows of the data.
     *
     * @param examples where they have no weights, every target counts
     * @param parts that a batch is computed in
     * @param rows how many; 0 for all
     */
    HeldOut(Examples examples, Optional<Objective> objective, BoundProgram program, int parts, long rows) {
        this.examples = examples;
        this.objective = objective;
        this.program = program;
        this.batch = examples.batch();
        this.parts = parts;
        this.rows = rows == 0 ? Long.MAX_VALUE : rows;
        this.losses = new float[batch / parts];
        this.counted = new float[batch / parts];
        this.right = new float[batch / parts];
        examples.inputs().forEach(port -> feeds.put(port.name(), program.buffer(port.name())));
        for (String field : List.of(Examples.TARGETS, Examples.WEIGHTS)) {
            if (examples.fields().contains(field)) {
                feeds.put(field, program.buffer(field));
            }
        }
        if (!examples.fields().contains(Examples.WEIGHTS)) {
            Buffer weights = program.buffer(Examples.WEIGHTS);
            float[] ones = new float[weights.shape().size()];
            Arrays.fill(ones, 1);
            weights.write(ones);
        }
    }

    /** Sums over what counts. */
    private static final class Sums {
        private double loss;
        private double right;
        private double weight;
    }

    void measure(Measurements out) {
        Batches heldOut = examples.heldOut().orElseThrow();
        long count = Math.min(heldOut.count(), Math.ceilDiv(rows, batch));
        long all = count * (1 + examples.shown().size());
        Sums sums = measured(heldOut, count, 0, all, out);
        Map<String, Double> accuracies = new LinkedHashMap<>();
        examples.shown().forEach((name, batches) -> {
            Sums shown = measured(batches, count, count * (1 + accuracies.size()), all, out);
            accuracies.put(name, shown.right / shown.weight);
        });
        out.put("loss/validation", sums.loss / sums.weight);
        if (examples.accuracy()) {
            out.put(ACCURACY, sums.right / sums.weight);
            accuracies.forEach(out::put);
            objective.ifPresent(each -> each.concluded(accuracies).forEach(out::put));
        }
    }

    private Sums measured(Batches batches, long count, long done, long all, Measurements out) {
        Sums sums = new Sums();
        for (long i = 0; i < count; i++) {
            batches.fill(i, feeds);
            for (int part = 0; part < parts; part++) {
                run(part);
                long first = i * batch + part * losses.length;
                for (int row = 0; row < losses.length && first + row < rows; row++) {
                    sums.loss += losses[row];
                    sums.right += right[row];
                    sums.weight += counted[row];
                }
            }
            out.reached(done + i + 1, all);
        }
        return sums;
    }

    private void run(int part) {
        if (parts > 1) {
            from[0] = part * losses.length;
            program.buffer("from").write(from);
        }
        program.run();
        program.buffer("losses").read(losses);
        program.buffer("counted").read(counted);
        if (examples.accuracy()) {
            program.buffer("right").read(right);
        }
    }

    @Override
    public void close() {
        program.close();
    }
}
