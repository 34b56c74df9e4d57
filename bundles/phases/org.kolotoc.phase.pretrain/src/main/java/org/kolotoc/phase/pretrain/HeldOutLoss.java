package org.kolotoc.phase.pretrain;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.tensor.Buffer;

/**
 * The loss on held-out data: the mean over its targets, each counted once. Rows are summed by the program, the sums of rows
 * here, in the order of the data and in double precision, so that the figure does not depend on how the data is cut into
 * batches and parts.
 */
final class HeldOutLoss implements AutoCloseable {
    private final Batches batches;
    private final BoundProgram program;
    private final Map<String, Buffer> feeds = new HashMap<>();
    private final int batch;
    private final int parts;
    private final long rows;
    private final int[] from = new int[1];
    private final float[] losses;
    private final float[] counted;

    /**
     * Over the first rows of the data.
     *
     * @param fields that the data has; where it has no weights, every target counts
     * @param parts that a batch is computed in
     * @param rows how many; 0 for all
     */
    HeldOutLoss(Batches batches, List<String> fields, BoundProgram program, int batch, int parts, long rows) {
        this.batches = batches;
        this.program = program;
        this.batch = batch;
        this.parts = parts;
        this.rows = rows == 0 ? Long.MAX_VALUE : rows;
        this.losses = new float[batch / parts];
        this.counted = new float[batch / parts];
        for (String field : List.of("tokens", "targets", "weights")) {
            if (fields.contains(field)) {
                feeds.put(field, program.buffer(field));
            }
        }
        if (!fields.contains("weights")) {
            Buffer weights = program.buffer("weights");
            float[] ones = new float[weights.shape().size()];
            Arrays.fill(ones, 1);
            weights.write(ones);
        }
    }

    void measure(Measurements out) {
        long count = Math.min(batches.count(), Math.ceilDiv(rows, batch));
        double loss = 0;
        double weight = 0;
        for (long i = 0; i < count; i++) {
            batches.fill(i, feeds);
            for (int part = 0; part < parts; part++) {
                run(part);
                long first = i * batch + part * losses.length;
                for (int row = 0; row < losses.length && first + row < rows; row++) {
                    loss += losses[row];
                    weight += counted[row];
                }
            }
            out.reached(i + 1, count);
        }
        out.put("loss/validation", loss / weight);
    }

    private void run(int part) {
        if (parts > 1) {
            from[0] = part * losses.length;
            program.buffer("from").write(from);
        }
        program.run();
        program.buffer("losses").read(losses);
        program.buffer("counted").read(counted);
    }

    @Override
    public void close() {
        program.close();
    }
}
