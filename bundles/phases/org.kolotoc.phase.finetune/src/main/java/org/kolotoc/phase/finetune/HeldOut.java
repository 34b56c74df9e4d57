package org.kolotoc.phase.finetune;

import java.util.Map;
import java.util.Optional;
import org.kolotoc.api.Batches;
import org.kolotoc.api.BoundProgram;
import org.kolotoc.api.Measurements;
import org.kolotoc.tensor.Buffer;

/**
 * What is measured on held-out data: the loss of the answers, each token once, and the answers that the model writes itself.
 * Rows are summed by the program, their sums here, so that the figure does not depend on the batch.
 */
record HeldOut(BoundProgram program, Exchanges exchanges, Optional<HeldOutAnswers> answers) implements AutoCloseable {
    void measure(Measurements out) {
        Batches batches = exchanges.heldOut().orElseThrow();
        Map<String, Buffer> feeds = exchanges.feeds(program);
        float[] losses = new float[program.buffer("losses").shape().size()];
        float[] counted = new float[losses.length];
        long written = answers.map(HeldOutAnswers::batches).orElse(0L);
        double loss = 0;
        double count = 0;
        for (long i = 0; i < batches.count(); i++) {
            batches.fill(i, feeds);
            program.run();
            program.buffer("losses").read(losses);
            program.buffer("counted").read(counted);
            for (int row = 0; row < losses.length; row++) {
                loss += losses[row];
                count += counted[row];
            }
            out.reached(i + 1, batches.count() + written);
        }
        answers.ifPresent(each -> each.measure(out, batches.count()));
        out.put("loss/validation", loss / count);
    }

    @Override
    public void close() {
        program.close();
        answers.ifPresent(HeldOutAnswers::close);
    }
}
